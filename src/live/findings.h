// Findings: the log `findings` of the journal: every revision of an alert that this site told, and what was told last
// of each (docs/formats/journal.md, "Findings"). What replay derives again and was told already is not told twice. What
// rests on sealed look-ups is sealed to the same organisations. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "journal/log.h"
#include "live/rows.h"

namespace quaywatch::live {

class Findings {
 public:
  enum class Told : std::uint8_t { nothing, raised, revised, withdrawn };

  static Result<Findings> open(const std::string& data_dir, journal::KeyRing& keys);

  // Gives the alert its revision and the times it was told and raised. nothing: it was told just so, or it is withdrawn
  // and was never told. Not durable before `commit`.
  Result<Told> tell(AlertRow& alert, Timestamp now);
  // Alerts that were told, stand according to the log, and are not among `standing` (sorted ids): what the rules or
  // data of today no longer give. Each is told as withdrawn.
  Result<void> withdraw_all_but(const std::vector<std::string>& standing, Timestamp now);
  bool was_told(const std::string& alert_id) const { return last_.contains(alert_id); }
  Result<void> commit();

 private:
  struct Last {
    std::uint32_t revision = 0;
    Digest content{};
    Timestamp at, raised_at;
    bool is_withdrawn = false;
    std::vector<std::string> sealed_to = {};
  };
  explicit Findings(journal::Log log) : log_(std::move(log)) {}
  Result<void> load();
  Result<void> append(std::string_view topic, const std::string& body, Timestamp now, const Last& last);

  journal::Log log_;
  std::map<std::string, Last> last_;  // by alert id
};

std::string_view name(Findings::Told told);

}  // namespace quaywatch::live
