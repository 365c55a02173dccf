#include "timeline/timelines.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>

#include "base/limits.h"
#include "timeline/arrival_track.h"
#include "timeline/care_track.h"
#include "timeline/control_track.h"
#include "timeline/credential_track.h"
#include "timeline/custody_track.h"
#include "timeline/duty_track.h"
#include "timeline/export_track.h"
#include "timeline/holder_track.h"
#include "timeline/identity_track.h"
#include "timeline/load_track.h"
#include "timeline/lookup_track.h"
#include "timeline/occurrence.h"
#include "timeline/order_track.h"
#include "timeline/party_track.h"
#include "timeline/pickup_track.h"
#include "timeline/query_track.h"
#include "timeline/release_track.h"
#include "timeline/seal_track.h"
#include "timeline/seal_use_track.h"
#include "timeline/vehicle_track.h"
#include "timeline/weight_track.h"

namespace quaywatch::timeline {
namespace {

// How far two clock errors together are followed: twice the repeated hour of autumn.
constexpr Duration kErrorReach = hours(2);
constexpr Duration kOpenVisitSpan = days(300);  // on top of the history span; no exit by then was never reported
// On top of it too: a dormant company that wakes must not look new, and a car may be packed again the year after.
constexpr Duration kRegisterSpan = days(3653);
constexpr Duration kVinSpan = days(731);

// The tracks of each kind of subject. Kinds without a track keep no timeline in here.
struct ContainerState {
  IdentityTrack identity;
  CustodyTrack custody;
  SealTrack seals;
  WeightTrack weights;
  OrderTrack orders;
  PickupTrack pickup;
  LookupTrack lookups;
  DutyTrack duties;
  void apply(const EventPtr& e) {
    // Orders, releases and look-ups say nothing about the box itself: half of all events skip four tracks.
    if (is_about_the_box(e->type)) identity.apply(e), custody.apply(e), seals.apply(e), weights.apply(e);
    orders.apply(e), pickup.apply(e), lookups.apply(e), duties.apply(e);
  }
  // What lies behind a move but by its clock may lie before it: only orders are asked so far.
  void apply_uncertain(const EventPtr& e) { orders.apply(e); }
  // A box that stays in the yard is remembered however long nothing happens to it, within kOpenVisitSpan.
  bool is_live(Timestamp horizon) const { return custody.has_open_visit(horizon - kOpenVisitSpan); }
  static bool is_about_the_box(EventType type) {
    using enum EventType;
    switch (type) {
      case container_stowed:
      case container_discharged:
      case container_loaded:
      case container_gate_in:
      case container_gate_out:
      case container_moved:
      case container_sealed:
      case container_inspected:
      case container_weighed:
        return true;
      default:
        return false;
    }
  }
};
struct ReleaseState {
  ReleaseTrack release;
  void apply(const EventPtr& e) { release.apply(e); }
};
struct AccountState {
  TaskTrack tasks;
  QueryTrack queries;
  void apply(const EventPtr& e) { queries.apply(e, tasks), tasks.apply(e); }
};
// An account's tickets have a timeline of their own, because it is read ahead of the look-up that asks.
struct TicketState {
  TaskTrack tasks;
  void apply(const EventPtr& e) { tasks.apply(e); }
};
struct CredentialState {
  CardTrack card;
  PresenceTrack presence;
  void apply(const EventPtr& e) { card.apply(e), presence.apply(e); }
};
struct HolderState {
  HolderCardsTrack cards;
  void apply(const EventPtr& e) { cards.apply(e); }
};
// A holder's plan has a timeline of its own, because it is read ahead of the event that asks.
struct RosterState {
  RosterTrack roster;
  void apply(const EventPtr& e) { roster.apply(e); }
};
bool is_plan(EventType t) {
  return t == EventType::roster_planned || t == EventType::roster_cancelled;
}
struct ZoneState {
  OutageTrack outages;
  void apply(const EventPtr& e) { outages.apply(e); }
};
// Controls have a timeline of their own, because it is read ahead of the exit that asks.
struct ControlState {
  ControlTrack controls;
  void apply(const EventPtr& e) { controls.apply(e); }
};
// Signs of presence have a timeline of their own, because it is read ahead of the declaration that asks.
struct ArrivalState {
  ArrivalTrack arrivals;
  void apply(const EventPtr& e) { arrivals.apply(e); }
};
struct RightsState {
  HolderTrack rights;
  void apply(const EventPtr& e) { rights.apply(e); }
  bool is_live(Timestamp horizon) const { return rights.is_known(horizon - kRegisterSpan); }
};
struct PartyState {
  PartyTrack party;
  void apply(const EventPtr& e) { party.apply(e); }
  bool is_live(Timestamp horizon) const { return party.is_known(horizon - kRegisterSpan); }
};
struct VehicleState {
  VehicleTrack passages;
  void apply(const EventPtr& e) { passages.apply(e); }
};
struct LoadState {
  LoadTrack loads;
  void apply(const EventPtr& e) { loads.apply(e); }
};
struct CareState {
  CareTrack care;
  void apply(const EventPtr& e) { care.apply(e); }
};
struct SealUseState {
  SealUseTrack uses;
  void apply(const EventPtr& e) { uses.apply(e); }
};
struct VinState {
  ExportTrack exports;
  void apply(const EventPtr& e) { exports.apply(e); }
  bool is_live(Timestamp horizon) const { return exports.is_known(horizon - kVinSpan); }
};

// Their clocks do not tell which came first (DESIGN section 6a, "Skew").
bool touch(const Event& a, const Event& b) {
  return before(a, b) == Truth::unknown;
}

bool in_order(const EventPtr& a, const EventPtr& b) {
  return place(*a) < place(*b);
}
bool before_place(const EventPtr& a, const Place& p) {
  return place(*a) < p;
}

template <typename S>
class Timeline {
 public:
  // Index of the first event at or after `p`. Almost every question is about the end.
  std::size_t lower(const Place& p) const {
    if (history_.empty()) return 0;
    const auto order = place(*history_.back()) <=> p;
    if (order < 0) return history_.size();
    if (order == 0) return history_.size() - 1;
    return static_cast<std::size_t>(std::lower_bound(history_.begin(), history_.end(), p, before_place) -
                                    history_.begin());
  }
  bool contains(const Place& p) const {
    const std::size_t at = lower(p);
    return at < history_.size() && place(*history_[at]) == p;
  }
  // The last that was folded may be delivered again: it is in the base state already.
  bool is_too_late(const Place& p) const { return p <= folded_; }

  void insert(const EventPtr& e) {
    const std::size_t at = lower(place(*e));
    if (history_.capacity() == 0) history_.reserve(8);
    has_errors_ |= e->time_error_s != 0;
    history_.insert(history_.begin() + static_cast<std::ptrdiff_t>(at), e);
    rewind(at);
  }
  bool remove(const EventPtr& e) {
    const std::size_t at = lower(place(*e));
    if (at == history_.size() || history_[at] != e) return false;
    history_.erase(history_.begin() + static_cast<std::ptrdiff_t>(at));
    rewind(at);
    return true;
  }
  // State after every event before `p`. Moving forward costs only the step, also among looks back: after a late event
  // its readers ask in order. Only a step back folds again from the base.
  const S& state_before(const Place& p) {
    const std::size_t at = lower(p);
    if (at < applied_) {
      if (!scratch_ || at < scratch_applied_) {
        scratch_ = std::make_unique<S>(base_);
        scratch_applied_ = 0;
      }
      for (; scratch_applied_ < at; ++scratch_applied_) scratch_->apply(history_[scratch_applied_]);
      return *scratch_;
    }
    for (; applied_ < at; ++applied_) current_.apply(history_[applied_]);
    return current_;
  }
  // The state for judging `e`: what lies before its place, and what lies behind it within the clocks' errors.
  const S& state_for(const EventPtr& e) {
    const Place p = place(*e);
    const S& sure = state_before(p);
    if constexpr (requires(S s) { s.apply_uncertain(e); }) {
      std::unique_ptr<S> around;
      const std::size_t behind = has_errors_ || e->time_error_s != 0 ? lower(p) : history_.size();
      for (std::size_t i = behind; i < history_.size() && history_[i]->event_time - p.time <= kErrorReach; ++i) {
        if (history_[i] == e || !touch(*history_[i], *e)) continue;
        if (!around) around = std::make_unique<S>(sure);
        around->apply_uncertain(history_[i]);
      }
      if (around) return *(around_ = std::move(around));
    }
    return sure;
  }
  // The report of the same occurrence with the smallest error; `e` itself when none is surer.
  EventPtr surest(const EventPtr& e) const {
    EventPtr best = e;
    for (std::size_t i = lower({e->event_time - kErrorReach, {}});
         i < history_.size() && history_[i]->event_time - e->event_time <= kErrorReach; ++i)
      if (history_[i]->time_error_s < best->time_error_s && same_occurrence(*history_[i], *e)) best = history_[i];
    return best;
  }
  void add_reader(const EventPtr& reader) {
    if (!readers_.empty() && readers_.back() == reader) return;
    if (readers_.empty() || in_order(readers_.back(), reader)) return readers_.push_back(reader);
    const auto at = std::lower_bound(readers_.begin(), readers_.end(), reader, in_order);
    if (at == readers_.end() || *at != reader) readers_.insert(at, reader);
  }
  // What an event appearing or disappearing can change: later events of the subject and those that its clock does not
  // tell apart from it, and later readers. A reader may have looked `ahead` of its own place.
  void affected(const EventPtr& event, Duration ahead, std::vector<EventPtr>& out) const {
    const Place p = place(*event);
    std::size_t at = lower(p);
    if constexpr (requires(S s) { s.apply_uncertain(event); })
      for (std::size_t i = has_errors_ ? at : 0; i > 0 && p.time - history_[i - 1]->event_time <= kErrorReach; --i)
        if (touch(*history_[i - 1], *event) || same_occurrence(*history_[i - 1], *event))
          out.push_back(history_[i - 1]);
    if (at < history_.size() && place(*history_[at]) == p) ++at;
    out.insert(out.end(), history_.begin() + static_cast<std::ptrdiff_t>(at), history_.end());
    const Place from{p.time - ahead, {}};
    if (readers_.empty() || place(*readers_.back()) < from) return;
    out.insert(out.end(), std::lower_bound(readers_.begin(), readers_.end(), from, before_place), readers_.end());
  }
  void fold_before(Timestamp horizon, std::size_t most) {
    scratch_.reset();
    std::size_t n = lower({horizon, {}});
    if (history_.size() > most) n = std::max(n, history_.size() - most);
    if (n > 0) {
      folded_ = place(*history_[n - 1]);
      if (n == applied_)
        base_ = current_;
      else
        for (std::size_t i = 0; i < n; ++i) base_.apply(history_[i]);
      if (n > applied_) current_ = base_;
      applied_ = std::max(applied_, n) - n;
      history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(n));
    }
    readers_.erase(readers_.begin(),
                   std::lower_bound(readers_.begin(), readers_.end(), Place{horizon, {}}, before_place));
  }
  // Nothing at or after the horizon: nobody will ask again.
  bool is_over(Timestamp horizon) const {
    const Place p{horizon, {}};
    return (history_.empty() || place(*history_.back()) < p) && (readers_.empty() || place(*readers_.back()) < p);
  }
  // Of a timeline that is over and folded: must its state be kept all the same?
  bool is_live([[maybe_unused]] Timestamp horizon) const {
    if constexpr (requires { base_.is_live(horizon); }) return base_.is_live(horizon);
    return false;
  }
  bool has_older(Timestamp horizon) const {
    const Place p{horizon, {}};
    return (!history_.empty() && place(*history_.front()) < p) || (!readers_.empty() && place(*readers_.front()) < p);
  }
  std::size_t size() const { return history_.size(); }
  const std::vector<EventPtr>& history() const { return history_; }

 private:
  void rewind(std::size_t at) {
    if (at < scratch_applied_) scratch_.reset();
    if (at >= applied_) return;
    current_ = base_;
    applied_ = 0;
  }

  S base_;     // after everything folded
  S current_;  // after history_[0, applied_)
  std::size_t applied_ = 0;
  Place folded_{Timestamp::min(), {}};
  std::vector<EventPtr> history_;  // by place
  std::vector<EventPtr> readers_;  // by place
  std::unique_ptr<S> scratch_;
  std::unique_ptr<S> around_;  // of state_for
  bool has_errors_ =
      false;  // some event here was dated with an error     // after history_[0, scratch_applied_): the last look back
  std::size_t scratch_applied_ = 0;
};

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
template <typename S>
using Subjects = boost::unordered_flat_map<std::string, std::unique_ptr<Timeline<S>>, KeyHash, std::equal_to<>>;

}  // namespace

struct Timelines::State {
  Subjects<ContainerState> containers;
  Subjects<ReleaseState> releases;
  Subjects<AccountState> accounts;
  Subjects<TicketState> tickets;
  Subjects<CredentialState> credentials;
  Subjects<HolderState> holders;
  Subjects<RosterState> rosters;
  Subjects<ZoneState> zones;
  Subjects<ControlState> controls;
  Subjects<ArrivalState> arrivals;
  Subjects<RightsState> rights;
  Subjects<PartyState> parties;
  Subjects<VehicleState> vehicles;
  Subjects<VinState> vins;
  Subjects<LoadState> loads;
  Subjects<CareState> care;
  Subjects<SealUseState> seals;  // by number, normal form

  template <typename S>
  static Timeline<S>& at(Subjects<S>& subjects, std::string_view key) {
    auto it = subjects.find(key);
    if (it == subjects.end()) it = subjects.emplace(std::string(key), std::make_unique<Timeline<S>>()).first;
    return *it->second;
  }
  // fn(timeline, how far its readers look ahead) for the subject, if its kind has tracks.
  template <typename F>
  void with(SubjectKind kind, std::string_view key, EventType type, F&& fn) {
    switch (kind) {
      case SubjectKind::container:
        if (ControlTrack::is_about(type)) fn(at(controls, key), kControlAhead);
        if (LoadTrack::is_about(type)) fn(at(loads, key), kLoadAhead);
        if (CareTrack::is_about(type)) fn(at(care, key), kCareAhead);
        if (ArrivalTrack::is_about(type)) fn(at(arrivals, key), kArrivalAhead);
        return fn(at(containers, key), Duration{});
      case SubjectKind::release:
        return fn(at(releases, key), Duration{});
      case SubjectKind::account:
        if (type == EventType::task_opened) fn(at(tickets, key), kTaskAfter);
        return fn(at(accounts, key), Duration{});
      case SubjectKind::credential:
        return fn(at(credentials, key), Duration{});
      case SubjectKind::holder:
        return is_plan(type) ? fn(at(rosters, key), kRosterAhead) : fn(at(holders, key), Duration{});
      case SubjectKind::zone:
        return fn(at(zones, key), Duration{});
      case SubjectKind::party:
        if (HolderTrack::is_about(type)) fn(at(rights, key), Duration{});
        // Busy companies act in thousands of events, none of which changes what a register says of them.
        return PartyTrack::is_register(type) ? fn(at(parties, key), Duration{}) : void();
      case SubjectKind::vehicle:
        return type == EventType::vehicle_passed ? fn(at(vehicles, key), Duration{}) : void();
      case SubjectKind::vin:
        return fn(at(vins, key), kListAhead);
      default:
        return;
    }
  }
  // Every timeline that the event belongs to.
  template <typename F>
  void each_timeline(const Event& event, F&& fn) {
    each_subject(event, [&](SubjectKind kind, std::string_view key) { with(kind, key, event.type, fn); });
    for (const std::string& number : SealUseTrack::numbers_of(event)) fn(at(seals, number), Duration{});
  }
  template <typename F>
  void each_map(F&& fn) {
    fn(containers), fn(releases), fn(accounts), fn(credentials), fn(holders), fn(rosters), fn(zones), fn(controls);
    fn(parties), fn(vehicles), fn(vins), fn(loads), fn(care), fn(seals), fn(tickets), fn(arrivals), fn(rights);
  }
  // The state of another subject as of `until`, remembering who asked.
  template <typename S>
  const S& as_of(Subjects<S>& subjects, std::string_view key, const Place& until, const EventPtr& reader) {
    Timeline<S>& timeline = at(subjects, key);
    timeline.add_reader(reader);
    return timeline.state_before(until);
  }

  void container_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  void lookup_facts(const std::vector<EventPtr>& lookups, const EventPtr& event, const Coverage& coverage, Facts& out);
  void newcomer_facts(const ReleaseTrack& release, const EventPtr& event, const Coverage& coverage, Facts& out);
  void query_facts(const EventPtr& query, const Coverage& coverage, Facts& out);
  void access_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  void control_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  void export_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  void vehicle_facts(const EventPtr& passage, const Coverage& coverage, Facts& out);
  void outage_facts(const EventPtr& move, const Coverage& coverage, Facts& out);
  void load_facts(const EventPtr& event, const Coverage& coverage, Facts& out);
  void seal_use_facts(const EventPtr& event, const SealTrack& box, const Coverage& coverage, Facts& out);
};

Timelines::Timelines() : state_(std::make_unique<State>()) {}
Timelines::~Timelines() = default;

namespace {

void settle(Inserted& result, const EventPtr& event) {
  auto& list = result.affected;
  if (list.empty()) return;
  std::sort(list.begin(), list.end(), in_order);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  std::erase(list, event);
}

}  // namespace

Inserted Timelines::insert(const EventPtr& event) {
  Inserted result;
  state_->each_timeline(*event, [&](auto& timeline, Duration ahead) {
    if (timeline.is_too_late(place(*event))) {
      result.too_late = true;
      return;
    }
    if (timeline.contains(place(*event))) {
      result.duplicate = true;
      return;
    }
    timeline.insert(event);
    timeline.affected(event, ahead, result.affected);
    if (timeline.size() > limits::kSubjectHistoryEvents + limits::kSubjectHistoryEvents / 8)
      timeline.fold_before(Timestamp::min(), limits::kSubjectHistoryEvents);
  });
  settle(result, event);
  return result;
}

Inserted Timelines::remove(const EventPtr& event) {
  Inserted result;
  state_->each_timeline(*event, [&](auto& timeline, Duration ahead) {
    if (!timeline.remove(event))
      result.too_late = true;
    else
      timeline.affected(event, ahead, result.affected);
  });
  settle(result, event);
  return result;
}

bool Timelines::holds(const Event& event) const {
  bool is_tracked = false, is_held = false;
  state_->each_timeline(event, [&](const auto& timeline, Duration) {
    is_tracked = true;
    is_held |= timeline.contains(place(event));
  });
  return is_held || !is_tracked;
}

void Timelines::State::container_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  const Place at_event = place(*event);
  const ContainerState& box = at(containers, event->text(FieldId::container_number)).state_for(event);
  box.identity.facts(*event, out);
  box.custody.facts(*event, coverage, out);
  box.seals.facts(*event, coverage, out);
  box.weights.facts(*event, out);
  box.orders.facts(*event, coverage, out);
  control_facts(event, coverage, out);
  load_facts(event, coverage, out);
  seal_use_facts(event, box.seals, coverage, out);
  box.duties.facts(*event, coverage, out);
  if (event->type == EventType::container_moved) outage_facts(event, coverage, out);
  if (event->fields.has(FieldId::goods_vin)) export_facts(event, coverage, out);
  if (ArrivalTrack::is_declaration(*event))
    as_of(arrivals, event->text(FieldId::container_number), {event->event_time + kArrivalAhead, {}}, event)
        .arrivals.facts(*event, coverage, out);
  if (!event->fields.has(FieldId::party_code)) return;
  box.pickup.facts(*event, out);
  as_of(parties, event->text(FieldId::party_code), at_event, event).party.facts(*event, coverage, out);
  const std::string_view ref = box.pickup.release_ref(*event);
  const ReleaseTrack* release = ref.empty() ? nullptr : &as_of(releases, ref, at_event, event).release;
  static const ReleaseTrack kNone;
  (release != nullptr ? *release : kNone).facts(*event, coverage, out);
  if (release != nullptr) newcomer_facts(*release, event, coverage, out);
  lookup_facts(box.lookups.without_task(*event, release), event, coverage, out);
}

void Timelines::State::control_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  using enum EventType;
  const EventType t = event->type;
  if (!is_exit(t) && t != container_discharged && t != selection_removed && t != container_inspected) return;
  const Place until = is_exit(t) ? Place{event->event_time + kControlAhead, {}} : place(*event);
  as_of(controls, event->text(FieldId::container_number), until, event).controls.facts(*event, coverage, out);
}

// A weighing, or a report of the state of a standing box.
void Timelines::State::load_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  const std::string_view box = event->text(FieldId::container_number);
  if (event->type == EventType::container_weighed)
    as_of(loads, box, {event->event_time + kLoadAhead, {}}, event).loads.facts(*event, coverage, out);
  if (event->type == EventType::container_status_reported)
    as_of(care, box, {event->event_time + kCareAhead, {}}, event).care.facts(*event, coverage, out);
}

void Timelines::State::seal_use_facts(const EventPtr& event, const SealTrack& box, const Coverage& coverage,
                                      Facts& out) {
  bool is_stated = false;
  for (const std::string& number : SealUseTrack::numbers_of(*event)) {
    if (!SealUseTrack::states(*event, number)) continue;
    is_stated = true;
    const SealUseTrack& uses = at(seals, number).state_before(place(*event)).uses;
    if (uses.facts(*event, number, box, coverage, out)) return;
  }
  if (is_stated) SealUseTrack::none_on_record(*event, coverage, out);
}

void Timelines::State::export_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (event->type == EventType::object_listed || event->type == EventType::object_delisted) return;
  event->fields.each(FieldId::goods_vin, [&](const Value& v) {
    as_of(vins, v.text, {event->event_time + kListAhead, {}}, event).exports.facts(*event, v.text, out);
  });
  ExportTrack::none_on_record(*event, coverage, out);
}

// The portal of a lane is silent under the name of the lane, or as a device of the zone GATE.
void Timelines::State::vehicle_facts(const EventPtr& passage, const Coverage& coverage, Facts& out) {
  const std::string_view plate = passage->text(FieldId::vehicle_plate);
  const VehicleTrack& track = at(vehicles, plate).state_before(place(*passage)).passages;
  const EventPtr last = track.last_passage(*passage);
  EventPtr silent;
  if (last)
    for (const std::string_view zone :
         {std::string_view("GATE"), passage->text(FieldId::capture_lane), last->text(FieldId::capture_lane)})
      if (!silent && !zone.empty())
        silent = as_of(zones, zone, place(*passage), passage)
                     .outages.silent_between(last->event_time, passage->event_time, passage->facility);
  track.facts(*passage, coverage, silent, out);
}

// Devices watch blocks: the place up to its first dash, "A05" of "A05-12-3-2".
void Timelines::State::outage_facts(const EventPtr& move, const Coverage& coverage, Facts& out) {
  const Timestamp at = move->event_time;
  bool is_watched = false;
  for (const FieldId field : {FieldId::location_from, FieldId::location_to}) {
    const std::string_view slot = move->text(field);
    const auto dash = slot.find('-');
    if (dash == std::string_view::npos || dash == 0) continue;
    is_watched = true;
    const OutageTrack& outages = as_of(zones, slot.substr(0, dash), place(*move), move).outages;
    const EventPtr silent = outages.silent_between(at, at, move->facility);
    if (!silent) continue;
    out.boolean(FieldId::device_silent, true, silent);
    return out.minutes(FieldId::device_silent_minutes, silent, at);
  }
  if (is_watched)
    out.if_absent(FieldId::device_silent, false,
                  {{EventType::sensor_silent}, move->facility, at - hours(1), at}, coverage);
}

// The last look-up that no ticket explains; when tickets explain all of them, the last.
void Timelines::State::lookup_facts(const std::vector<EventPtr>& lookups, const EventPtr& event,
                                    const Coverage& coverage, Facts& out) {
  const auto tasks_of = [&](const Event& lookup) -> const TaskTrack* {
    const std::string_view account = lookup.text(FieldId::account_id);
    return account.empty() ? nullptr : &as_of(accounts, account, place(*event), event).tasks;
  };
  const auto unexplained = std::find_if(lookups.begin(), lookups.end(), [&](const EventPtr& lookup) {
    const TaskTrack* tasks = tasks_of(*lookup);
    return tasks == nullptr || !tasks->explaining(*lookup);
  });
  if (lookups.empty()) return;
  const EventPtr& lookup = unexplained != lookups.end() ? *unexplained : lookups.front();
  LookupTrack::facts(lookup, tasks_of(*lookup), *event, coverage, out);
}

void Timelines::State::newcomer_facts(const ReleaseTrack& release, const EventPtr& event, const Coverage& coverage,
                                      Facts& out) {
  if (event->type != EventType::container_gate_out && event->type != EventType::pickup_announced) return;
  for (const ReleaseTrack::Holding& h : release.chain()) {
    if (!HolderTrack::is_late(h, *event)) continue;
    const PartyTrack& party = as_of(parties, h.party, place(*event), event).party;
    if (const EventPtr entry = party.registered_by(h.since->event_time - kNewInRegister))
      out.cite(FieldId::release_newcomer, entry);
    else
      as_of(rights, h.party, place(*event), event).rights.facts(h, *event, coverage, out);
  }
  if (!out.values.has(FieldId::release_newcomer)) return;
  out.cite(FieldId::release_newcomer, release.issued());
  out.cite_as(FieldId::release_newcomer_minutes_ago, FieldId::release_newcomer);
}

void Timelines::State::query_facts(const EventPtr& query, const Coverage& coverage, Facts& out) {
  const std::string_view account = query->text(FieldId::account_id);
  const AccountState& desk = at(accounts, account).state_before(place(*query));
  if (!desk.queries.is_busy(*query, desk.tasks)) return;
  const Place until{query->event_time + kTaskAfter, {}};
  desk.queries.facts(query, as_of(tickets, account, until, query).tasks, coverage, out);
}

void Timelines::State::access_facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  const Place at_event = place(*event);
  const CredentialState& card = at(credentials, event->text(FieldId::credential_id)).state_before(at_event);
  card.card.facts(*event, coverage, out);
  card.presence.facts(*event, coverage, out);
  const std::string_view zone = event->text(FieldId::access_zone);
  if (const EventPtr* seen = card.presence.last_passage(*event))
    as_of(zones, zone, at_event, event).outages.facts(*seen, *event, coverage, out);
  const std::string_view holder = event->text(FieldId::credential_holder);
  if (holder.empty()) return;
  as_of(holders, holder, at_event, event).cards.facts(*event, &card.card, coverage, out);
  as_of(rosters, holder, {event->event_time + kRosterAhead, {}}, event).roster.facts(*event, coverage, out);
}

void Timelines::facts(const EventPtr& event, const Coverage& coverage, Facts& out) {
  out.clear();
  out.values.add_integer(FieldId::event_time_error_s, event->time_error_s);
  if (event->fields.has(FieldId::container_number)) state_->container_facts(event, coverage, out);
  if (event->fields.has(FieldId::container_number) && event->fields.has(FieldId::account_id))
    state_->query_facts(event, coverage, out);
  if (event->type == EventType::vehicle_passed && event->fields.has(FieldId::vehicle_plate))
    state_->vehicle_facts(event, coverage, out);
  if (event->fields.has(FieldId::credential_id)) state_->access_facts(event, coverage, out);
}

EventPtr Timelines::surest_report(const EventPtr& event) {
  if (event->time_error_s == 0 || !event->fields.has(FieldId::container_number)) return event;
  return state_->at(state_->containers, event->text(FieldId::container_number)).surest(event);
}

void Timelines::forget_before(Timestamp horizon) {
  state_->each_map([&](auto& subjects) {
    for (auto it = subjects.begin(); it != subjects.end();) {
      const auto here = it++;
      auto& timeline = *here->second;
      if (timeline.has_older(horizon)) timeline.fold_before(horizon, limits::kSubjectHistoryEvents);
      if (timeline.is_over(horizon) && !timeline.is_live(horizon)) subjects.erase(here);
    }
  });
}

std::vector<EventPtr> Timelines::events() const {
  std::vector<EventPtr> out;
  state_->each_map([&](auto& subjects) {
    for (const auto& [key, timeline] : subjects)
      out.insert(out.end(), timeline->history().begin(), timeline->history().end());
  });
  std::sort(out.begin(), out.end(), in_order);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::size_t Timelines::subjects() const {
  std::size_t n = 0;
  state_->each_map([&](auto& subjects) { n += subjects.size(); });
  return n;
}

std::size_t Timelines::events_held() const {
  std::size_t n = 0;
  state_->each_map([&](auto& subjects) {
    for (const auto& [key, timeline] : subjects) n += timeline->size();
  });
  return n;
}

}  // namespace quaywatch::timeline
