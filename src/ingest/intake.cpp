#include "ingest/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <filesystem>
#include <limits>
#include <set>
#include <optional>

#include "adapters/edifact.h"
#include "adapters/formats.h"
#include "base/limits.h"
#include "base/text.h"
#include "ingest/unpacked.h"
#include "model/reference.h"

namespace quaywatch::ingest {
namespace {

bool is_mapping_file(std::string_view path) {
  return path.ends_with(".toml");
}

// Formats other than EDIFACT carry whatever their senders put into them.
bool reads_persons(std::string_view format, std::string_view bytes) {
  return format != "edifact" || adapters::may_name_persons(bytes);
}

bool reads_persons(const adapters::mapped::Mapping& mapping, std::string_view bytes) {
  if (mapping.layout != adapters::mapped::Layout::described) return !adapters::mapped::personal_fields(mapping).empty();
  // A sender's own rows may read more than the table of the message.
  return mapping.edifact != nullptr || reads_persons(mapping.format, bytes);
}

}  // namespace

std::string feed_of_file(std::string_view feed, std::string_view format) {
  const auto colon = format.find(':');
  return std::string(feed.empty() && colon != std::string_view::npos ? format.substr(colon + 1) : feed);
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
  std::string out;
  for (const auto& [word, n] : counts) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", word, n);
  return out;
}

constexpr std::size_t kManyRecords = 4096, kMostReserved = 4'000'000;

// Seals ids, counts spans and passes everything on.
class Intake::FileSink final : public adapter::Sink {
 public:
  FileSink(FileAccount& account, const IntakeListener& listener, const IntakeOptions& options, std::string_view bytes,
           io::MappedFile* file)
      : account_(account), listener_(listener), options_(options), bytes_(bytes), file_(file) {}

  void event(boost::intrusive_ptr<Event> event) override {
    const std::string_view key = options_.id_key;
    if (!key.empty() && !event->natural_key.is_zero()) event->natural_key = keyed(event->natural_key, key);
    if (options_.is_live) event->received_at = options_.received_at;
    const Id128 content = content_digest(*event, key);
    // A record that names its happening is the same one however often the file repeats it (an interchange sent twice).
    const std::uint32_t ordinal = event->natural_key.is_zero() ? ordinal_of(content, event->span.offset) : 0;
    event->id = event_id(content, ordinal);
    ++account_.events;
    if (account_.feed != event->feed) account_.feed = event->feed;
    check_identifiers(*event);
    first_ = std::min(first_.value_or(event->event_time), event->event_time);
    last_ = std::max(last_.value_or(event->event_time), event->event_time);
    if (listener_.event) listener_.event(std::move(event));
  }
  void span(adapter::SpanReport report) override {
    switch (report.kind) {
      case adapter::SpanKind::accepted:
        account_.accepted_bytes += report.size;
        break;
      case adapter::SpanKind::rejected:
        account_.rejected_bytes += report.size;
        ++account_.rejected[std::string(report.reason)];
        break;
      case adapter::SpanKind::ignored:
        account_.ignored_bytes += report.size;
        ++account_.ignored[std::string(report.reason)];
        break;
    }
    if (listener_.span) listener_.span(account_, report, bytes_);
    if (file_ != nullptr) file_->forget_before(report.offset);
  }
  void finding(adapter::Finding finding) override {
    ++account_.findings[std::string(finding.code)];
    if (listener_.finding) listener_.finding(account_, finding);
  }
  void coverage(CoverageStatement statement) override {
    // History that does not say when it came could not have been known before the time it covers had passed.
    const Timestamp now = options_.received_at;
    if (options_.is_live)
      statement.stated_at = now;
    else if (statement.stated_at.us == 0 || statement.stated_at >= now)
      statement.stated_at = std::min(statement.until, now);
    if (listener_.coverage) listener_.coverage(statement);
  }
  void expectation(FeedExpectation expectation) override {
    if (listener_.expectation) listener_.expectation(expectation);
  }
  void tick(Timestamp at) override {
    if (listener_.tick) listener_.tick(at);
  }
  std::optional<Timestamp> first() const { return first_; }  // of the events so far
  std::optional<Timestamp> last() const { return last_; }

 private:
  // Codes are checked against the reference tables for every format; the other identifiers of our own format, whose
  // reader takes values as they stand, are checked here as the other adapters check theirs.
  void check_identifiers(const Event& event) {
    event.fields.each([&](FieldId field, const Value& v) {
      const IdentifierRule rule = info(field).identifier;
      if (rule == IdentifierRule::none || v.kind != Kind::text) return;
      const ReferenceTable* table = reference_of(rule);
      if (table == nullptr && account_.format != "canonical") return;
      const IdentifierCheck check = check_identifier(rule, v.text);
      if (check == IdentifierCheck::good || (table != nullptr && !is_new_code(field, v.text))) return;
      const std::string why = table != nullptr && check == IdentifierCheck::unassigned
                                  ? fmt::format("not in the {} table here ({})", table->title, table->edition)
                                  : std::string(name(check));
      finding({name(check), std::string(info(field).name), std::string(v.text.substr(0, 80)), event.span.offset,
               fmt::format("{} '{}' is {}; kept as stated", info(field).name, v.text.substr(0, 80), why)});
    });
  }
  std::uint32_t ordinal_of(const Id128& content, std::uint64_t offset) {
    // As many as the rest of the file is likely to hold: to grow to millions step by step costs as much as to look up.
    if (ordinals_.size() == kManyRecords && offset > 0)
      ordinals_.reserve(std::min<std::size_t>(kManyRecords * (bytes_.size() / offset + 1), kMostReserved));
    return ordinals_[content]++;
  }
  bool is_new_code(FieldId field, std::string_view code) {
    return codes_.size() < limits::kUnassignedCodes && codes_.emplace(field, code).second;
  }

  std::set<std::pair<FieldId, std::string>> codes_;  // that a table lacks, of this file
  FileAccount& account_;
  const IntakeListener& listener_;
  const IntakeOptions& options_;
  std::string_view bytes_;
  io::MappedFile* file_;  // null for standard input
  std::optional<Timestamp> first_, last_;
  boost::unordered_flat_map<Id128, std::uint32_t, Id128Hash> ordinals_;  // identical records of this file
};

Intake::Intake(IntakeOptions options, IntakeListener listener)
    : options_(std::move(options)), listener_(std::move(listener)) {}

namespace {

Result<std::vector<std::string>> listed(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (path == "-") {
      files.push_back(path);
      continue;
    }
    auto found = io::list_files(path);
    if (!found) return found;
    files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

}  // namespace

Result<MappingSet> read_mappings(const std::vector<std::string>& paths) {
  const auto files = listed(paths);
  if (!files) return tl::unexpected(files.error());
  MappingSet out;
  for (const std::string& path : *files) {
    if (!is_mapping_file(path)) continue;
    const auto text = io::read_file(path, limits::kMappingFileBytes);
    if (!text) return tl::unexpected(text.error());
    const auto read_table = [&](const std::string& file) {
      const std::string beside = (std::filesystem::path(path).parent_path() / file).lexically_normal().string();
      out.tables.insert(beside);
      return io::read_file(beside, limits::kLookupTableBytes);
    };
    auto mapping = adapters::mapped::parse_mapping(*text, path, adapters::format_ids(), adapters::edifact_messages(),
                                                   read_table);
    if (!mapping) return tl::unexpected(mapping.error());
    out.mappings.push_back(std::move(*mapping));
    out.files.push_back(path);
  }
  return out;
}

Result<void> Intake::load_mappings_of(const std::vector<std::string>& paths) {
  if (options_.kept) {
    kept_ = options_.kept->now;
    return {};
  }
  std::vector<std::string> all = paths;
  all.insert(all.end(), options_.mapping_paths.begin(), options_.mapping_paths.end());
  auto found = read_mappings(all);
  if (!found) return tl::unexpected(found.error());
  for (auto& mapping : found->mappings) found_.mappings.push_back(std::move(mapping));
  found_.tables.merge(found->tables);
  return {};
}

Result<void> Intake::read(const std::vector<std::string>& paths) {
  auto files = listed(paths);
  if (!files) return tl::unexpected(files.error());
  if (auto loaded = load_mappings_of(paths); !loaded) return loaded;
  std::erase_if(*files, is_mapping_file);
  std::erase_if(*files, [&](const std::string& f) {
    const std::string path = std::filesystem::path(f).lexically_normal().string();
    return found_.tables.contains(path) || kept_->tables.contains(path);
  });
  std::erase_if(*files, [](const std::string& f) { return file_name(f) == "README.md"; });
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (listener_.file_begins) listener_.file_begins((*files)[i], i, files->size());
    if (auto done = read_one((*files)[i]); !done) return done;
  }
  return {};
}

Result<void> Intake::read_one(const std::string& path) {
  if (path == "-") {
    const auto bytes = io::read_stdin(std::numeric_limits<std::uint32_t>::max());
    if (!bytes) return tl::unexpected(bytes.error());
    unpack("standard input", *bytes, nullptr);
    return {};
  }
  auto mapped = io::map_file(path);
  if (!mapped) return tl::unexpected(mapped.error());
  unpack(path, mapped->view(), &*mapped);
  return {};
}

void Intake::unpack(const std::string& path, std::string_view bytes, io::MappedFile* file) {
  const bool was_packed = each_unpacked(
      path, bytes, [this](std::string_view name) { return mapping_for(name); },
      [this](const Unpacked& u) { decode(u.name, u.bytes, nullptr, &u); });
  if (!was_packed) decode(path, bytes, file);
}

// With the feed's contract. Where it promises no days, what the feed covers is observed over all its files.
void Intake::decode_contracted(std::string_view bytes, const adapters::mapped::Mapping& contract,
                               adapter::Source source, FileAccount& account, FileSink& sink) {
  account.format = contract.format + ":" + contract.feed;
  source.feed = contract.feed;
  source.owner = contract.owner;
  source.facility = contract.facility;
  source.time_zone = contract.time_zone;
  source.marking = contract.marking;
  source.edifact = contract.edifact.get();
  adapters::find_format(contract.format)->decode(bytes, source, sink);
  if (auto expected = adapters::mapped::expectation_of(contract, source)) sink.expectation(std::move(*expected));
  using adapters::mapped::Covers;
  if (contract.covers != Covers::whole_days && contract.covers != Covers::until_export) return;
  if (auto covered = adapters::mapped::covered_by(contract, sink.first(), sink.last(), source, file_name(account.path)))
    sink.coverage(std::move(*covered));
}

const adapters::mapped::Mapping* Intake::mapping_for(std::string_view path) const {
  for (const auto* mappings : {&found_.mappings, &kept_->mappings})
    for (const adapters::mapped::Mapping& m : *mappings)
      if (adapters::mapped::matches(m, file_name(path))) return &m;
  return nullptr;
}

void Intake::decode(const std::string& path, std::string_view bytes, io::MappedFile* file, const Unpacked* unpacked) {
  if (listener_.wanted && !listener_.wanted(path, bytes)) return;
  FileAccount& account = files_.emplace_back();
  account.index = options_.first_file + static_cast<std::uint32_t>(files_.size() - 1);
  account.path = path;
  account.bytes = bytes.size();
  FileSink sink(account, listener_, options_, bytes, file);
  if (unpacked != nullptr) {
    if (!unpacked->refusal) account.unpacked_from = unpacked->from;
    if (unpacked->charset_faults > 0)
      sink.finding({"charset", "", std::to_string(unpacked->charset_faults), unpacked->first_fault,
                    fmt::format("{} half characters in UTF-16 text; written as U+FFFD", unpacked->charset_faults)});
  }
  if (unpacked != nullptr && unpacked->refusal) {
    account.format = "packed";
    sink.span({adapter::SpanKind::rejected, 0, bytes.size(), unpacked->refusal->reason, unpacked->refusal->message});
  } else {
    decode_as(path, bytes, account, sink);
  }
  if (listener_.file_ends) listener_.file_ends(account);
}

void Intake::decode_as(const std::string& path, std::string_view bytes, FileAccount& account, FileSink& sink) {
  adapter::Source source;
  source.file = account.index;
  source.received_at = options_.received_at;
  source.time_zone = options_.time_zone;
  if (const auto* mapping = mapping_for(path)) {
    account.may_name_persons = reads_persons(*mapping, bytes);
    if (mapping->layout == adapters::mapped::Layout::described)
      return decode_contracted(bytes, *mapping, std::move(source), account, sink);
    account.format = "mapped:" + mapping->feed;
    // "covers = none" is a statement too: the feed answers for nothing, and must not be observed to.
    if (mapping->covers == adapters::mapped::Covers::none)
      sink.coverage({mapping->feed, mapping->facility, {}, {}, {}, {}});
    return adapters::mapped::decode_mapped(bytes, *mapping, source, sink, file_name(path));
  }
  if (bytes.empty()) {
    account.format = "empty";
    return;
  }
  if (const adapter::FormatAdapter* format = adapters::recognise_format(bytes)) {
    account.format = format->id;
    account.may_name_persons = reads_persons(format->id, bytes);
    return format->decode(bytes, source, sink);
  }
  account.format = "unknown";
  sink.span(
      {adapter::SpanKind::rejected, 0, bytes.size(), "no_mapping",
       fmt::format("'{}' is neither EDIFACT nor Quaywatch JSON lines, and no mapping file names it; put a mapping "
                   "(*.toml, see adapters/mapped/README.md) beside it or pass one with --mapping",
                   path)});
}

}  // namespace quaywatch::ingest
