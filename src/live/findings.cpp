#include "live/findings.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "live/alert_json.h"

namespace quaywatch::live {
namespace {

using nlohmann::ordered_json;

// DO NOT CHANGE THESE WORDS: they stand in the journal.
constexpr std::string_view kRaised = "alert.raised", kRevised = "alert.revised", kWithdrawn = "alert.withdrawn";

// From the outermost on: they are sealed in again in the other order.
std::vector<std::string> organisations_of(const journal::Entry& entry) {
  std::vector<std::string> out;
  const journal::Entry* at = &entry;
  for (const auto* s = std::get_if<journal::SealedTo>(at); s != nullptr && s->entry;
       s = std::get_if<journal::SealedTo>(at)) {
    out.push_back(s->organisation);
    at = s->entry.get();
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::string dump(const ordered_json& j) { return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace); }

// Without what the catalogue says of fields and types: another wording in a later program is no news of the alert.
void leave_out_wording(ordered_json& alert) {
  for (const char* list : {"facts", "evidence", "missing_inputs"}) {
    const auto rows = alert.find(list);
    if (rows == alert.end() || !rows->is_array()) continue;
    for (ordered_json& row : *rows)
      if (row.is_object()) row.erase("sentence"), row.erase("unit");
  }
}

// Everything said of it but when and for the how manieth time.
ordered_json content(const AlertRow& alert) {
  ordered_json j = summary_json(alert);
  j.erase("revision");
  j.erase("changed_at");
  ordered_json more = detail_json(alert);
  for (auto& [key, value] : more.items()) j[key] = std::move(value);
  leave_out_wording(j);
  return j;
}

}  // namespace

std::string_view name(Findings::Told told) {
  switch (told) {
    case Findings::Told::raised:
      return "raised";
    case Findings::Told::revised:
      return "revised";
    case Findings::Told::withdrawn:
      return "withdrawn";
    case Findings::Told::nothing:
      break;
  }
  return "nothing";
}

Result<Findings> Findings::open(const std::string& data_dir, journal::KeyRing& keys) {
  auto log = journal::Log::open(data_dir, "findings", keys);
  if (!log) return tl::unexpected(log.error());
  Findings findings(std::move(*log));
  if (auto loaded = findings.load(); !loaded) return tl::unexpected(loaded.error());
  return findings;
}

Result<void> Findings::load() {
  return log_.replay(log_.first(), [&](std::uint64_t, const journal::Entry& entry) -> Result<void> {
    const auto* text = std::get_if<journal::TextEntry>(&journal::content_of(entry));
    if (text == nullptr || (text->topic != kRaised && text->topic != kRevised && text->topic != kWithdrawn)) return {};
    auto j = ordered_json::parse(text->body, nullptr, false);
    if (!j.is_object() || !j.contains("alert") || !j["alert"].is_object() || !j["alert"].contains("alert_id") ||
        !j["alert"]["alert_id"].is_string())
      return fail(ErrorCode::corrupt, "an entry of the findings log is not of the form this program writes; move the "
                                      "folder 'findings' away: it is derived again from the input log");
    Last& last = last_[j["alert"]["alert_id"].get<std::string>()];
    ++last.revision;
    leave_out_wording(j["alert"]);
    last.content = sha256(dump(j["alert"]));
    last.at = text->at;
    last.is_withdrawn = text->topic == kWithdrawn;
    if (text->topic == kRaised) last.raised_at = text->at;
    last.sealed_to = organisations_of(entry);
    return {};
  });
}

Result<void> Findings::append(std::string_view topic, const std::string& body, Timestamp now, const Last& last) {
  const auto written =
      log_.append(journal::sealed_to(last.sealed_to, now, journal::TextEntry{std::string(topic), now, body}));
  return written ? Result<void>{} : tl::unexpected(written.error());
}

Result<Findings::Told> Findings::tell(AlertRow& alert, Timestamp now) {
  const bool is_withdrawn = alert.status == pipeline::AlertStatus::withdrawn;
  const auto known = last_.find(alert.id);
  if (known == last_.end() && is_withdrawn) return Told::nothing;
  ordered_json said = content(alert);
  const Digest digest = sha256(dump(said));
  // What was withdrawn is withdrawn once, whatever is said of it then.
  const bool is_same = known != last_.end() &&
                       (known->second.content == digest || (is_withdrawn && known->second.is_withdrawn));
  if (is_same) {
    alert.revision = known->second.revision;
    alert.changed_at = known->second.at;
    alert.raised_at = known->second.raised_at;
    return Told::nothing;
  }
  const Told told = is_withdrawn               ? Told::withdrawn
                    : known == last_.end() || known->second.is_withdrawn ? Told::raised
                                               : Told::revised;
  const std::uint32_t revision = known == last_.end() ? 1 : known->second.revision + 1;
  const std::string_view topic = told == Told::raised ? kRaised : told == Told::revised ? kRevised : kWithdrawn;
  const ordered_json body{{"revision", revision}, {"alert", std::move(said)}};
  const Timestamp raised_at = told == Told::raised ? now : known->second.raised_at;
  Last last{revision, digest, now, raised_at, is_withdrawn, alert.sealed_to};
  // What was sealed once is not told in clear later, when less is said of it.
  if (known != last_.end() && last.sealed_to.empty()) last.sealed_to = known->second.sealed_to;
  if (auto written = append(topic, dump(body), now, last); !written) return tl::unexpected(written.error());
  last_[alert.id] = std::move(last);
  alert.revision = revision;
  alert.changed_at = now;
  alert.raised_at = raised_at;
  return told;
}

Result<void> Findings::withdraw_all_but(const std::vector<std::string>& standing, Timestamp now) {
  for (auto& [id, last] : last_) {
    if (last.is_withdrawn || std::binary_search(standing.begin(), standing.end(), id)) continue;
    const ordered_json alert{{"alert_id", id}, {"status", "withdrawn"}};
    const ordered_json body{{"revision", last.revision + 1}, {"alert", alert}};
    if (auto written = append(kWithdrawn, dump(body), now, last); !written) return written;
    last = {last.revision + 1, sha256(dump(alert)), now, last.raised_at, true, last.sealed_to};
  }
  return {};
}

Result<void> Findings::commit() {
  if (auto done = log_.commit(); !done) return tl::unexpected(done.error());
  return {};
}

}  // namespace quaywatch::live
