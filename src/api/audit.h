// Audit: who looked at what and did what, as the input log tells it; the latest limits::kKeptAudit are held to be
// listed. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quaywatch::api {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kUseTopic = "user.used";
// A key of an organisation was made; in clear, as others must be able to tell from when on it is used.
inline constexpr std::string_view kKeyTopic = "organisation.key_made";
// In the place of a user: whoever worked with the program on the machine of the site.
inline constexpr std::string_view kOnTheMachine = "u-0000000000000000";

struct AuditEntry {
  std::uint64_t sequence = 0;  // in the input log
  Timestamp at;
  std::string user_id, organisation_id;
  std::string operation, subject, detail;
};

std::string to_text(const AuditEntry& entry);
// The detail of an entry that takes from a user what he signs in with; empty: neither was.
std::string reset_detail(bool password, bool second_factor);
std::optional<AuditEntry> read_audit(std::string_view text, std::uint64_t sequence, Timestamp at);

class Audit {
 public:
  void add(AuditEntry entry);
  // Newest first, below sequence `before`, those that pass.
  std::vector<AuditEntry> latest(std::uint64_t before, std::size_t at_most,
                                 const std::function<bool(const AuditEntry&)>& passes) const;
  // The time of the oldest that is held, where older ones were let go.
  std::optional<Timestamp> held_from() const;

 private:
  mutable std::mutex mutex_;
  std::deque<AuditEntry> entries_;
  bool is_cut_ = false;
};

}  // namespace quaywatch::api
