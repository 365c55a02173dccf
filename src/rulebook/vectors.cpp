#include "rulebook/vectors.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/canonical/canonical.h"
#include "codec/json_lines.h"
#include "io/files.h"
#include "pipeline/give.h"

namespace quaywatch::rulebook {
namespace {

constexpr std::size_t kVectorBytes = 64 * 1024;  // of one file: what shows one thing is small

class Lines final : public adapter::Sink {
 public:
  Lines(const std::string& path, std::vector<std::string>& faults) : path_(path), faults_(faults) {}
  std::vector<VectorEntry> entries;

  void event(boost::intrusive_ptr<Event> e) override {
    seal_event_id(*e, 0);
    if (e->feed.empty() || e->facility.empty()) fault("a line without feed or facility");
    entries.emplace_back(EventPtr(std::move(e)));
  }
  void span(adapter::SpanReport s) override {
    if (s.kind == adapter::SpanKind::rejected) fault(fmt::format("offset {}: {}", s.offset, s.message));
  }
  void finding(adapter::Finding f) override { fault(f.message); }
  void coverage(CoverageStatement s) override { entries.emplace_back(std::move(s)); }
  void expectation(FeedExpectation e) override { entries.emplace_back(std::move(e)); }
  void tick(Timestamp at) override { entries.emplace_back(at); }

 private:
  void fault(const std::string& what) { faults_.push_back(fmt::format("{}: {}", path_, what)); }
  const std::string& path_;
  std::vector<std::string>& faults_;
};

std::string read(const std::string& path, std::vector<std::string>& faults) {
  auto text = io::read_file(path, kVectorBytes);
  if (!text) faults.push_back(text.error().message);
  return text ? std::move(*text) : std::string();
}

Timestamp end_of(const std::vector<VectorEntry>& entries) {
  struct Latest {
    Timestamp operator()(const EventPtr& e) const { return e->received_at; }
    Timestamp operator()(const CoverageStatement& s) const { return s.stated_at; }
    Timestamp operator()(const FeedExpectation& e) const { return e.stated_at; }
    Timestamp operator()(Timestamp at) const { return at; }
  };
  Timestamp end = Timestamp::min();
  for (const VectorEntry& entry : entries) end = std::max(end, std::visit(Latest{}, entry));
  return end;
}

Stands show(const pipeline::Alert& a) {
  Stands s{a.rule, std::string(name(a.status)), {}, {}};
  for (const auto& f : a.facts) s.shown.emplace_back(f.field, f.text);
  for (const auto& subject : a.subjects) s.shown.emplace_back(subject.value.field, subject.value.text);
  return s;
}

Stands show(const pipeline::NotEvaluated& n) {
  Stands s{n.rule, "not_evaluated", std::string(name(n.cause)), {}};
  if (n.first) n.first->fields.each([&](FieldId f, const Value& v) { s.shown.emplace_back(f, to_text(v)); });
  return s;
}

bool meets(const Stands& s, const Expected& e) {
  const auto is = [&](const char* key, const std::string& value) {
    const auto at = e.head.find(key);
    return at == e.head.end() || at->second == value;
  };
  return is("rule", s.rule->id) && is("status", s.status) && is("cause", s.cause) &&
         std::all_of(e.shown.begin(), e.shown.end(), [&](const auto& field) {
           return std::find(s.shown.begin(), s.shown.end(), field) != s.shown.end();
         });
}

// A first record leaves "was it inside before?" open by nature, and a provisional alert says itself what is open. Any
// other open question must be expected.
bool needs_a_line(const Stands& s, const std::vector<pipeline::Alert>& alerts) {
  return s.status != "not_evaluated" ||
         (s.cause != "known_since" && std::none_of(alerts.begin(), alerts.end(), [](const pipeline::Alert& a) {
            return a.status == pipeline::AlertStatus::provisional;
          }));
}

}  // namespace

std::vector<VectorEntry> parse_vector(std::string_view text, const std::string& path,
                                      std::vector<std::string>& faults) {
  Lines lines(path, faults);
  adapter::Source source;
  source.received_at = from_civil_utc({2100, 1, 1});
  adapters::canonical::decode_canonical(text, source, lines);
  return std::move(lines.entries);
}

std::vector<Expected> parse_expected(std::string_view text, const std::string& path, std::vector<std::string>& faults) {
  std::vector<Expected> out;
  codec::JsonLineReader reader;
  std::size_t offset = 0;
  while (const auto line = codec::line_at(text, offset)) {
    offset += line->size;
    const auto members = reader.read(text, line->offset, line->text.size());
    if (!members) {
      faults.push_back(fmt::format("{}: {}", path, members.error().message));
      continue;
    }
    Expected e;
    e.line = line->text;
    for (const codec::JsonMember& m : *members) {
      if (m.path == "rule" || m.path == "status" || m.path == "cause")
        e.head[std::string(m.path)] = m.text;
      else if (const auto field = find_field(m.path))
        e.shown.emplace_back(*field, m.text);
      else
        faults.push_back(fmt::format("{}: the catalogue has no field '{}'", path, m.path));
    }
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<Vector> read_vectors(const std::string& detector) {
  std::vector<Vector> out;
  const auto files = io::list_files(detector + "/vectors");
  if (!files) return out;
  for (const std::string& path : *files) {
    if (!path.ends_with(".jsonl")) continue;
    const std::string stem = path.substr(0, path.size() - std::string_view(".jsonl").size());
    Vector v;
    v.name = stem.substr(stem.rfind('/') + 1);
    v.entries = parse_vector(read(path, v.faults), path, v.faults);
    v.expected = parse_expected(read(stem + ".expected", v.faults), stem + ".expected", v.faults);
    out.push_back(std::move(v));
  }
  return out;
}

Outcome run_vector(rules::Pack pack, const std::vector<VectorEntry>& entries,
                   pipeline::AlertBook::OnRevision on_revision) {
  if (!on_revision) on_revision = [](const pipeline::Alert&) {};
  Outcome out;
  out.detection = std::make_unique<pipeline::Detection>(std::move(pack), std::move(on_revision));
  for (const VectorEntry& entry : entries) std::visit(pipeline::Give{*out.detection}, entry);
  out.detection->tick(end_of(entries));
  out.alerts = out.detection->standing();
  out.open = out.detection->not_evaluated();
  return out;
}

Differences differences(const Outcome& outcome, const std::vector<Expected>& expected) {
  std::vector<Stands> unexplained;
  for (const pipeline::Alert& a : outcome.alerts) unexplained.push_back(show(a));
  for (const pipeline::NotEvaluated& n : outcome.open) unexplained.push_back(show(n));
  Differences out;
  for (const Expected& e : expected) {
    const auto at = std::find_if(unexplained.begin(), unexplained.end(), [&](const Stands& s) { return meets(s, e); });
    if (at == unexplained.end())
      out.missing.push_back(&e);
    else
      unexplained.erase(at);
  }
  std::erase_if(unexplained, [&](const Stands& s) { return !needs_a_line(s, outcome.alerts); });
  out.unexpected = std::move(unexplained);
  return out;
}

}  // namespace quaywatch::rulebook
