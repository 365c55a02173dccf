#include "api/audit.h"

#include <nlohmann/json.hpp>

#include "api/answer.h"
#include "base/limits_server.h"

namespace quaywatch::api {

using Lock = std::lock_guard<std::mutex>;

std::string to_text(const AuditEntry& e) {
  nlohmann::ordered_json j{{"by", e.user_id}, {"organisation", e.organisation_id}, {"operation", e.operation}};
  if (!e.subject.empty()) j["subject"] = e.subject;
  if (!e.detail.empty()) j["detail"] = e.detail;
  return dump(j);
}

std::string reset_detail(bool password, bool second_factor) {
  std::string out = password ? "password reset" : "";
  if (password && second_factor) out += ", ";
  if (second_factor) out += "second factor reset";
  return out;
}

std::optional<AuditEntry> read_audit(std::string_view text, std::uint64_t sequence, Timestamp at) {
  const auto j = nlohmann::json::parse(text, nullptr, false);
  if (!j.is_object()) return std::nullopt;
  const auto word = [&](const char* key) {
    const auto member = j.find(key);
    return member != j.end() && member->is_string() ? member->get<std::string>() : std::string{};
  };
  return AuditEntry{sequence,          at,              word("by"), word("organisation"), word("operation"),
                    word("subject"), word("detail")};
}

void Audit::add(AuditEntry entry) {
  const Lock lock(mutex_);
  entries_.push_back(std::move(entry));
  if (entries_.size() <= limits::kKeptAudit) return;
  entries_.pop_front();
  is_cut_ = true;
}

std::vector<AuditEntry> Audit::latest(std::uint64_t before, std::size_t at_most,
                                      const std::function<bool(const AuditEntry&)>& passes) const {
  const Lock lock(mutex_);
  std::vector<AuditEntry> out;
  for (auto it = entries_.rbegin(); it != entries_.rend() && out.size() < at_most; ++it)
    if (it->sequence < before && passes(*it)) out.push_back(*it);
  return out;
}

std::optional<Timestamp> Audit::held_from() const {
  const Lock lock(mutex_);
  return is_cut_ ? std::optional(entries_.front().at) : std::nullopt;
}

}  // namespace quaywatch::api
