#include "adapters/mapped/word_lists.h"

#include <algorithm>

#include "base/text.h"

namespace quaywatch::adapters::mapped {
namespace {

struct AccessEvent {
  int number;
  std::string_view word;
  std::optional<EventType> type = std::nullopt;
};

constexpr EventType kGranted = EventType::access_granted, kDenied = EventType::access_denied,
                    kAlarm = EventType::access_alarm;

constexpr AccessEvent kAccessEvents[] = {
    {0, "none"},
    {1, "granted", kGranted},
    {2, "muster"},
    {3, "passback-detected", kAlarm},
    {4, "duress", kAlarm},
    {5, "trace"},
    {6, "lockout-max-attempts", kAlarm},
    {7, "lockout-other", kAlarm},
    {8, "lockout-relinquished"},
    {9, "locked-by-higher-priority"},
    {10, "out-of-service"},
    {11, "out-of-service-relinquished"},
    {12, "accompaniment-by"},
    {13, "authentication-factor-read"},
    {14, "authorization-delayed"},
    {15, "verification-required"},
    {16, "no-entry-after-grant"},
    {128, "denied-deny-all", kDenied},
    {129, "denied-unknown-credential", kDenied},
    {130, "denied-authentication-unavailable", kDenied},
    {131, "denied-authentication-factor-timeout", kDenied},
    {132, "denied-incorrect-authentication-factor", kDenied},
    {133, "denied-zone-no-access-rights", kDenied},
    {134, "denied-point-no-access-rights", kDenied},
    {135, "denied-no-access-rights", kDenied},
    {136, "denied-out-of-time-range", kDenied},
    {137, "denied-threat-level", kDenied},
    {138, "denied-passback", kDenied},
    {139, "denied-unexpected-location-usage", kDenied},
    {140, "denied-max-attempts", kDenied},
    {141, "denied-lower-occupancy-limit", kDenied},
    {142, "denied-upper-occupancy-limit", kDenied},
    {143, "denied-authentication-factor-lost", kDenied},
    {144, "denied-authentication-factor-stolen", kDenied},
    {145, "denied-authentication-factor-damaged", kDenied},
    {146, "denied-authentication-factor-destroyed", kDenied},
    {147, "denied-authentication-factor-disabled", kDenied},
    {148, "denied-authentication-factor-error", kDenied},
    {149, "denied-credential-unassigned", kDenied},
    {150, "denied-credential-not-provisioned", kDenied},
    {151, "denied-credential-not-yet-active", kDenied},
    {152, "denied-credential-expired", kDenied},
    {153, "denied-credential-manual-disable", kDenied},
    {154, "denied-credential-lockout", kDenied},
    {155, "denied-credential-max-days", kDenied},
    {156, "denied-credential-max-uses", kDenied},
    {157, "denied-credential-inactivity", kDenied},
    {158, "denied-credential-disabled", kDenied},
    {159, "denied-no-accompaniment", kDenied},
    {160, "denied-incorrect-accompaniment", kDenied},
    {161, "denied-lockout", kDenied},
    {162, "denied-verification-failed", kDenied},
    {163, "denied-verification-timeout", kDenied},
    {164, "denied-other", kDenied},
};

std::string with(std::string_view word, char separator) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '-', separator);
  return out;
}

std::string camel(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (word[i] != '-') out += i > 0 && word[i - 1] == '-' ? ascii_upper(word[i]) : word[i];
  return out;
}

std::vector<ListedWord> access_words() {
  std::vector<ListedWord> out;
  for (const AccessEvent& e : kAccessEvents) {
    std::string pascal = camel(e.word);
    pascal.front() = ascii_upper(pascal.front());
    std::vector<std::string> spellings = {std::to_string(e.number), std::string(e.word),          to_upper(e.word),
                                          with(e.word, '_'),        to_upper(with(e.word, '_')), camel(e.word),
                                          std::move(pascal)};
    std::sort(spellings.begin(), spellings.end());
    spellings.erase(std::unique(spellings.begin(), spellings.end()), spellings.end());
    for (std::string& theirs : spellings) out.push_back({std::move(theirs), e.word, e.type});
  }
  return out;
}

}  // namespace

std::span<const std::string_view> word_list_names() {
  static constexpr std::string_view kNames[] = {"bacnet_access"};
  return kNames;
}

std::span<const ListedWord> find_word_list(std::string_view name) {
  static const std::vector<ListedWord> access = access_words();
  return name == word_list_names().front() ? std::span<const ListedWord>(access) : std::span<const ListedWord>{};
}

}  // namespace quaywatch::adapters::mapped
