// SubjectIndex: which events name a subject, and which subjects there are: for timelines and search; and which events
// name a person, in whatever field, for who asks what is held on him. Personal subjects and persons are found by their
// pseudonym alone. One thread at a time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/key_ring.h"
#include "model/event.h"

namespace quaywatch::live {

// Under which a person of the class is a subject.
SubjectKind subject_of(PersonalClass personal);

// For looking it up in memory. Never written.
inline std::size_t subject_hash(SubjectKind kind, std::string_view key) {
  return std::hash<std::string_view>{}(key) * 31 + static_cast<std::size_t>(kind);
}

class SubjectIndex {
 public:
  explicit SubjectIndex(const journal::KeyRing& keys) : keys_(&keys) {}

  void add(const EventPtr& event);
  void clear() {
    events_.clear();
    beside_.clear();
  }
  // In order (event_time, event_id); empty: nobody knows the subject. `key`: of personal kinds the pseudonym.
  std::vector<EventPtr> events(const Subject& subject) const;
  // Every event with a field of the class that the pseudonym stands for; in order, each once.
  std::vector<EventPtr> naming(PersonalClass personal, const std::string& pseudonym) const;

  struct Hit {
    Subject subject;  // of personal kinds with the pseudonym
    std::size_t events = 0;
    Timestamp last;
    bool is_exact = false;
  };
  // Subjects like `query`, best first, of which `may_show` lets at least one event pass. Exact, then beginning with it,
  // then holding it, then one slip away (is_one_slip; limits::kSearchedSubjects are compared), each by kind and key. A
  // container number may lack its check digit.
  std::vector<Hit> search(std::string_view query, std::size_t at_most,
                          const std::function<bool(const Event&)>& may_show) const;

 private:
  struct Hash {
    std::size_t operator()(const Subject& subject) const { return subject_hash(subject.kind, subject.key); }
  };
  using Events = boost::unordered_flat_map<Subject, std::vector<EventPtr>, Hash>;

  const journal::KeyRing* keys_;
  Events events_;  // of each in the order taken
  // By pseudonym: events that name him in a field that is no subject's, such as who issued an order.
  boost::unordered_flat_map<std::string, std::vector<EventPtr>> beside_;
};

}  // namespace quaywatch::live
