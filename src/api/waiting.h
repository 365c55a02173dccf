// WaitingRequests: what waits for a second person now, and whom of the site it concerns: proposed sets of rules,
// agreements on staff data, unmaskings and broken glass; cases that are offered to another organisation; and what
// became of those that were given away, which waits for a month for whoever had them. Computed from the books, the
// rules and the walls as they are at that moment; nothing is kept but what is slow to compute. One thread, that of
// Teller::step.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "api/context.h"
#include "rulebook/changes.h"
#include "telling/notice.h"

namespace quaywatch::api {

// must_not_know: he is one whom it is about.
enum class Concern : std::uint8_t { none, may_answer, must_not_know };

struct WaitingRequest {
  telling::Waiting what;
  Timestamp since;
  // Of a user as one of that organisation. Who asked may not answer.
  std::function<Concern(const identity::User&, const identity::Organisation&)> concern;
};

class WaitingRequests {
 public:
  explicit WaitingRequests(const Context& context) : context_(context) {}
  std::vector<WaitingRequest> at(Timestamp now);

 private:
  using Changes = std::shared_ptr<const rulebook::Changes>;
  void add_unmaskings(Timestamp now, std::vector<WaitingRequest>& out) const;
  void add_hand_overs(std::vector<WaitingRequest>& out) const;
  void add_feedback(Timestamp now, std::vector<WaitingRequest>& out) const;
  void add_rules(Timestamp now, std::vector<WaitingRequest>& out);
  Changes changes_of_version(const std::shared_ptr<const live::View>& view, rulebook::Version version);

  const Context& context_;
  rulebook::Version against_ = 0;
  std::map<rulebook::Version, Changes> changes_;  // of proposals, against that version
};

}  // namespace quaywatch::api
