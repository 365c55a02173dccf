// Rule: one compiled Sigma document, detection or correlation (specification 2.1), with our `quaywatch:` block.
// Immutable after loading. Rules are data; what they select on are event fields and facts of the catalogue.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/truth.h"
#include "model/event.h"
#include "rules/correlation.h"
#include "rules/derivation.h"

namespace quaywatch::rules {

enum class Level : std::uint8_t { informational, low, medium, high, critical };  // Sigma rule level
std::string_view name(Level level);

struct RuleFile {
  std::string path;
  std::string text;
};

// Why a document was refused. `line` counts from 1; 0 when the whole file is meant.
struct Refusal {
  std::string path;
  int line = 0;
  std::string rule;    // title or id, where it could be read
  std::string reason;  // a sentence: what, where, the nearest right word, what to do
};

// Matches that somebody declared harmless for a while: counted and listed, not shown (rules/exception.h).
struct Exception {
  std::string owner;   // the position that answers for it
  std::string reason;  // a sentence
  Timestamp from, until;  // event times, both included
  std::string by = {};    // title of the filter document; empty: the rule itself
};

struct Rule {
  std::string id;  // permanent UUID of the document
  std::string title;
  std::string name;     // for people and correlations; not unique over a pack
  std::string version;  // first 12 hex digits of the SHA-256 of the document's text
  std::string status;
  std::string description;
  std::string path;
  Level level = Level::medium;
  std::vector<std::string> false_positives;  // Sigma falsepositives: the innocent causes to rule out
  std::vector<std::string> tags;
  std::vector<FieldId> fields;   // Sigma fields: shown with the alert besides those the condition reads
  std::vector<FieldId> reads;    // every catalogue field the detection reads, no duplicates
  std::vector<EventType> types;  // dispatch: event types the rule can match; empty: all
  bool is_port = false;          // logsource product: port. Others compile, but only run on IT logs (later)
  bool is_correlation = false;   // says nothing about one event by itself: see Pack::correlations
  bool is_part = false;          // joined by a correlation of its own file, and raises no alerts of its own

  // the quaywatch: block
  std::string invariant;  // I1..I14 or empty
  std::vector<std::string> mo;
  std::vector<std::string> direction;
  std::vector<EventType> needs_types;  // requires: types whose coverage is needed
  std::vector<FieldId> group_by;       // identity of an alert; at least one for a port rule that raises alerts
  Duration timespan = hours(24);       // an episode ends when it passes without a match; a correlation's own timespan
  std::vector<FieldId> about, acted, mentioned;
  std::vector<std::string> actions;      // what to do now, in order
  std::vector<FieldId> act_before;       // first of these times that is known
  std::optional<std::uint32_t> budget;   // alerts shown per facility and day; 0: all; none: by level
  std::vector<Exception> exceptions;     // of the rule itself, then of filters in the order of files
  std::vector<std::string> legal_reads;  // personal fields read
  std::string legal_purpose;
  std::string legal_not_for;

  // The lists of all fields and facts that it reads, groups by or tells.
  std::array<const std::vector<FieldId>*, 7> fields_told() const {
    return {&reads, &fields, &group_by, &about, &acted, &mentioned, &act_before};
  }
};

// What a rule says about one event.
struct Verdict {
  Truth truth = Truth::no;
  bool provisional = false;                 // truth is yes only if the open exonerating terms do not exonerate
  UnknownCause cause = UnknownCause::none;  // when truth is unknown or provisional; pending goes before others
  std::vector<FieldId> open;                // fields that were unknown
};

// The facts and fields a rule is judged on.
struct View {
  const Event* event = nullptr;
  const Record* facts = nullptr;
};

// One field of a record of an IT log, in the names of the Sigma taxonomy. A name may repeat.
struct LogField {
  std::string_view name;
  std::string_view value;
};

// A set of rules compiled into one shared predicate table: each distinct predicate is judged at most once per event.
// `evaluate` keeps scratch state inside: one Pack per thread.
class Pack {
 public:
  Pack();
  ~Pack();
  Pack(Pack&&) noexcept;
  Pack& operator=(Pack&&) noexcept;

  struct Loaded;
  static Loaded load(const std::vector<RuleFile>& files);

  const std::vector<Rule>& rules() const;
  // How many of them raise alerts: all but parts.
  std::size_t alerting() const;
  // fn is called for every rule whose types include the event's, with rule index and verdict, when truth is not `no`.
  template <typename F>
  void evaluate(const View& view, F&& fn) {
    judge(view);
    for (const auto& [index, verdict] : judged()) fn(index, verdict);
  }
  // Only of these rules, which can match the event's type.
  template <typename F>
  void evaluate(const View& view, std::span<const std::uint32_t> rules, F&& fn) {
    judge(view, rules);
    for (const auto& [index, verdict] : judged()) fn(index, verdict);
  }
  // Correlations of port rules, each after those that it joins.
  const std::vector<Correlation>& correlations() const;
  // True when some rule can match events of this type: facts need not be computed otherwise.
  bool wants(EventType type) const;
  // True when some rule that can match the type reads, groups by or shows the field or fact.
  bool wants(EventType type, FieldId field) const;
  // What each search identifier of a port rule came to on the event, in the order of the document.
  std::vector<IdentifierAnswer> derive(std::size_t rule, const View& view);
  // The first exception of the rule that was in force at the event and certainly covers it; unknown covers nothing.
  std::optional<std::size_t> exception(std::size_t rule, const View& view);
  // One rule of another log source on one record; the caller has matched the log source. Port rules say `no`.
  Verdict match_log(std::size_t rule, std::span<const LogField> record);

 private:
  using Judged = std::vector<std::pair<std::size_t, Verdict>>;
  void judge(const View& view);
  void judge(const View& view, std::span<const std::uint32_t> rules);
  const Judged& judged() const;
  struct State;
  std::unique_ptr<State> state_;
};

struct Pack::Loaded {
  Pack pack;
  std::vector<Refusal> refused;
};

}  // namespace quaywatch::rules
