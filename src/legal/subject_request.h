// Requests of data subjects: that somebody asks what is held on him, that something be corrected, or objects (GDPR
// Articles 15, 16, 19 and 21), until when he must have an answer (Article 12(3)), and what he was answered. As it
// stands in the journal (TextEntry, kSubjectRequestTopic, docs/formats/journal.md); RequestBook is the projection,
// built anew at every start. Values; the book is not thread-safe and reads no clock.
// Why so: docs/decisions/0027-subject-requests.md.
//
// Invariants: whom it is about stands here as pseudonyms alone. A request belongs to the organisation that took it. It
// is due one month after it came, once extended three. It is answered once; access is given by a file that was read
// before. A correction that was made is closed when each receiver was told, or it was said why not.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/catalogue.h"

namespace quaywatch::legal {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kSubjectRequestTopic = "subject_request.stepped";
enum class RequestKind : std::uint8_t { access, correction, objection };
inline constexpr std::array<std::string_view, 3> kRequestKindNames{"access", "correction", "objection"};
// read: the file of what is held was made and given to who works on the request.
enum class RequestAction : std::uint8_t { open, extend, read, answer, tell };
inline constexpr std::array<std::string_view, 5> kRequestActionNames{"open", "extend", "read", "answer", "tell"};
enum class RequestDecision : std::uint8_t { granted, partly, refused };
inline constexpr std::array<std::string_view, 3> kRequestDecisionNames{"granted", "partly", "refused"};
// Classes of what a person is known by, by PersonalClass.
inline constexpr std::array<std::string_view, 5> kPersonalClassNames{"", "account", "credential", "person", "plate"};

enum class RequestState : std::uint8_t { open, telling, closed };
inline constexpr std::array<std::string_view, 3> kRequestStateNames{"open", "telling", "closed"};

constexpr std::string_view name(RequestKind v) { return kRequestKindNames[static_cast<std::size_t>(v)]; }
constexpr std::string_view name(RequestAction v) { return kRequestActionNames[static_cast<std::size_t>(v)]; }
constexpr std::string_view name(RequestDecision v) { return kRequestDecisionNames[static_cast<std::size_t>(v)]; }
constexpr std::string_view name(RequestState v) { return kRequestStateNames[static_cast<std::size_t>(v)]; }

struct Identifier {
  PersonalClass personal{};
  std::string pseudonym;
};

// To whom data of the person were given.
struct Receiver {
  std::string id;    // o-<16 hex digits> or channel:NAME
  std::string name;  // then
};

struct RequestStep {
  Timestamp at;
  std::string by, organisation, request_id;  // r-<16 hex digits>
  RequestAction action{};
  // What he says (open), why (extend, answer), how or why not (tell).
  std::string words;
  // open
  RequestKind kind{};
  std::vector<Identifier> identifiers;
  Timestamp received_on;       // midnight, UTC
  std::string identity_check;  // how it was seen that he is the one
  std::string right;           // correction: what is right
  std::string sha256;          // read, answer: of the file, 64 hex digits
  // answer
  RequestDecision decision{};
  std::string given;                // how
  std::vector<Receiver> receivers;  // of a correction that is made: whom to tell
  // tell
  std::string receiver;
  bool is_told = false;
};

struct ToTell {
  Receiver receiver;
  std::optional<RequestStep> done;
};

struct SubjectRequest {
  std::uint64_t number = 0;  // of its organisation, from 1
  RequestStep opened;
  std::optional<RequestStep> extended, answered;
  std::vector<RequestStep> readings;  // oldest first
  std::vector<ToTell> to_tell;

  RequestState state() const;
  Timestamp due_on() const;  // midnight, UTC: the last day
  bool is_overdue(Timestamp now) const;
  bool names(std::string_view pseudonym) const;
};

// "2026-11-03" and back, midnight UTC; nullopt: no day of the calendar.
std::optional<Timestamp> read_day(std::string_view text);
std::string day_text(Timestamp day);
// The same day of a later month, or its last one where there is no such day.
Timestamp months_later(Timestamp day, int months);

std::string to_text(const RequestStep& step);
// nullopt: not of the form that to_text gives.
std::optional<RequestStep> read_request_step(std::string_view text, Timestamp at);

class RequestBook {
 public:
  // What the journal says; a step that breaks an invariant changes nothing.
  void apply(const RequestStep& step);
  // A sentence that says why not; empty: it can be done.
  std::string refuse(const RequestStep& step) const;

  const SubjectRequest* find(const std::string& request_id) const;
  std::vector<const SubjectRequest*> of(const std::string& organisation) const;  // newest first
  // Corrections that name the pseudonym, oldest first.
  std::vector<const SubjectRequest*> corrections_of(const std::string& organisation, std::string_view pseudonym) const;

 private:
  std::string refuse_open(const RequestStep& step) const;

  std::map<std::string, SubjectRequest> requests_;
  std::map<std::string, std::uint64_t> numbers_;  // by organisation: the last one given
};

}  // namespace quaywatch::legal
