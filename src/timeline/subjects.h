// Subjects: which tracks the timeline of each kind of subject has. A new track is its own two files and its name in a
// row below. A track is a class, blind to all others, with
//
//   static constexpr bool is_about(EventType);      the events that it folds; no other is applied
//   void apply(const EventPtr&);                    folds one
//
// and, where its own subject's events are asked what it says of them,
//
//   static constexpr FieldId kFacts[];              every fact that it may tell
//   static constexpr bool is_asked(EventType);      about which events
//   void facts(const Event&, const Coverage&, Facts&) const;
//
// A track under Ahead also has `static constexpr Duration ahead(EventType asked)`: how far past the asking event it
// looks (docs/decisions/0009); none is its place. Under Back it holds what lies before. Where they are needed:
//
//   bool is_live(Timestamp horizon) const;          must its state outlive the history?
//   static constexpr bool kAppliesUncertain = true; takes in what its clock does not tell from the asking event
//
// A row names as Narrowing the track whose class Change says which of the earlier events that look ahead to an event it
// concerns; without it, all.
//
// Facts that join several tracks or subjects stand in timeline/questions.cpp. Not thread-safe.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "timeline/arrival_track.h"
#include "timeline/bay_track.h"
#include "timeline/care_track.h"
#include "timeline/control_track.h"
#include "timeline/credential_track.h"
#include "timeline/custody_track.h"
#include "timeline/duty_track.h"
#include "timeline/export_track.h"
#include "timeline/holder_track.h"
#include "timeline/identity_track.h"
#include "timeline/late_order_track.h"
#include "timeline/list_track.h"
#include "timeline/load_track.h"
#include "timeline/lookup_track.h"
#include "timeline/order_track.h"
#include "timeline/origin_track.h"
#include "timeline/party_track.h"
#include "timeline/pickup_track.h"
#include "timeline/query_track.h"
#include "timeline/release_track.h"
#include "timeline/report_track.h"
#include "timeline/seal_track.h"
#include "timeline/seal_use_track.h"
#include "timeline/timeline.h"
#include "timeline/vehicle_track.h"
#include "timeline/voyage_track.h"
#include "timeline/weight_track.h"

namespace quaywatch::timeline {

template <typename... T>
struct Back {};
template <typename... T>
struct Ahead {};

template <SubjectKind kOf, FieldId kNamedBy, typename BackTracks, typename AheadTracks = Ahead<>>
struct Row;
template <SubjectKind kOf, FieldId kNamedBy, typename... B, typename... A>
struct Row<kOf, kNamedBy, timeline::Back<B...>, timeline::Ahead<A...>> {
  using Back = std::tuple<B...>;
  using Ahead = std::tuple<A...>;
  static constexpr SubjectKind kKind = kOf;
  static constexpr FieldId kName = kNamedBy;
  static constexpr bool kAppliesUncertain = (requires { B::kAppliesUncertain; } || ...);

  static constexpr bool is_about([[maybe_unused]] EventType t) {
    return (B::is_about(t) || ...) || (A::is_about(t) || ...);
  }
  // Must the timeline hold such an event? A late one then has what it changes here judged again.
  static constexpr bool needs(EventType t) {
    return is_about(t) || (is_asked<B>(t) || ...) || (is_asked<A>(t) || ...);
  }
  // Does what is asked about `asked` rest on `other` where its clock does not tell that it came later?
  static constexpr bool takes_in([[maybe_unused]] EventType asked, [[maybe_unused]] EventType other) {
    return ((requires { B::kAppliesUncertain; } && B::is_about(other) && is_asked<B>(asked)) || ...);
  }
  // How far back an event of one of the types `told` may look ahead to one of this type, and whether `earlier` sees
  // `event`.
  static Duration ahead_at([[maybe_unused]] EventType t, [[maybe_unused]] const EventTypes& told) {
    Duration most;
    ((most = A::is_about(t) && (asked_of<A>() & told).any() ? std::max(most, A::kAhead) : most), ...);
    return most;
  }
  static bool looks_ahead([[maybe_unused]] const Event& earlier, [[maybe_unused]] const Event& event) {
    [[maybe_unused]] const Duration apart = event.event_time - earlier.event_time;
    return ((A::is_about(event.type) && A::is_asked(earlier.type) && A::ahead(earlier.type).us > 0 &&
             apart <= A::ahead(earlier.type)) ||
            ...);
  }

 private:
  template <typename T>
  static constexpr bool is_asked(EventType t) {
    if constexpr (requires { T::kFacts; }) return T::is_asked(t);
    return false;
  }
  template <typename T>
  static const EventTypes& asked_of() {
    static const EventTypes kAsked = [] {
      EventTypes out;
      for (std::size_t i = 0; i < kEventTypeCount; ++i) out.set(i, T::is_asked(static_cast<EventType>(i)));
      return out;
    }();
    return kAsked;
  }
};

// Facts are told in this order.
struct Boxes : Row<SubjectKind::container, FieldId::container_number,
                   Back<IdentityTrack, ReportTrack, CustodyTrack, SealTrack, WeightTrack, OrderTrack, PickupTrack,
                        DutyTrack, LookupTrack, OriginTrack, ListTrack>,
                   Ahead<ControlTrack, LoadTrack, CareTrack, ArrivalTrack, LateOrderTrack>> {};
struct Cards : Row<SubjectKind::credential, FieldId::credential_id, Back<CardTrack, PresenceTrack>> {};
struct Holders : Row<SubjectKind::holder, FieldId::credential_holder, Back<HolderCardsTrack>, Ahead<RosterTrack>> {};
struct Releases : Row<SubjectKind::release, FieldId::release_ref, Back<ReleaseTrack>> {};
struct Accounts : Row<SubjectKind::account, FieldId::account_id, Back<QueryTrack>, Ahead<TaskTrack>> {
  using Narrowing = TaskTrack;
};
struct Zones : Row<SubjectKind::zone, FieldId::access_zone, Back<OutageTrack>> {};
// Two rows of one subject: companies act in thousands of events, none of which changes what a register says of them.
struct Parties : Row<SubjectKind::party, FieldId::party_code, Back<PartyTrack>> {};
struct Rights : Row<SubjectKind::party, FieldId::party_code, Back<HolderTrack>> {};
struct Vehicles : Row<SubjectKind::vehicle, FieldId::vehicle_plate, Back<VehicleTrack>> {};
struct Vins : Row<SubjectKind::vin, FieldId::goods_vin, Back<>, Ahead<ExportTrack>> {};
struct Vessels : Row<SubjectKind::vessel, FieldId::vessel_imo, Back<>, Ahead<VoyageTrack>> {};
// Named by SealUseTrack::numbers_of and BayTrack::bays_of, not by one field.
struct Seals : Row<SubjectKind::none, FieldId::seal_number, Back<>, Ahead<SealUseTrack>> {};
struct Bays : Row<SubjectKind::none, FieldId::location_to, Back<BayTrack>> {};

struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

template <typename R>
class Subjects {
 public:
  Timeline<R>& at(std::string_view key) {
    if (last_ != nullptr && last_key_ == key) return *last_;
    auto it = all_.find(key);
    if (it == all_.end()) it = all_.emplace(std::string(key), std::make_unique<Timeline<R>>()).first;
    last_key_ = key;
    return *(last_ = it->second.get());
  }
  void fetch(std::string_view key) const {
    if (const auto it = all_.find(key); it != all_.end()) it->second->fetch();
  }
  // Folds what is older than `horizon`; forgets subjects with nothing newer.
  void forget_before(Timestamp horizon, std::size_t most) {
    last_ = nullptr;
    for (auto it = all_.begin(); it != all_.end();) {
      const auto here = it++;
      Timeline<R>& timeline = *here->second;
      if (timeline.has_older(horizon)) timeline.fold_before(horizon, most);
      if (timeline.is_over(horizon)) all_.erase(here);
    }
  }

  // In no order.
  template <typename F>
  void each(F&& fn) const {
    for (const auto& [key, timeline] : all_) fn(*timeline);
  }
  std::size_t size() const { return all_.size(); }

 private:
  boost::unordered_flat_map<std::string, std::unique_ptr<Timeline<R>>, KeyHash, std::equal_to<>> all_;
  std::string last_key_;  // most questions are about the event that was inserted last
  Timeline<R>* last_ = nullptr;
};

// The timelines of all subjects.
class AllSubjects {
 public:
  template <typename R>
  Timeline<R>& at(std::string_view key) {
    return std::get<Subjects<R>>(rows_).at(key);
  }
  // A track of another subject as of a place, remembering who asked.
  template <typename R, typename Track>
  const Track& as_of(std::string_view key, const Place& until, const EventPtr& reader) {
    Timeline<R>& timeline = at<R>(key);
    timeline.add_reader(reader);
    return std::get<Track>(timeline.before(until));
  }
  // fn(Subjects<R>&) for every row.
  template <typename F>
  void each_row(F&& fn) {
    std::apply([&](auto&... row) { (fn(row), ...); }, rows_);
  }
  // The timelines of several events at once, as far as they are of these types: one waits for memory while the others
  // are on their way.
  void fetch(std::span<const EventPtr> events, const EventTypes& types) {
    for (const EventPtr& e : events) {
      if (!contains(types, e->type)) continue;
      each_subject(*e, [&](SubjectKind kind, std::string_view key) {
        each_row([&]<typename R>(const Subjects<R>& row) {
          if (R::kKind == kind && R::needs(e->type)) row.fetch(key);
        });
      });
    }
  }
  // fn(Timeline<R>&) for every timeline that holds the event: of each subject it names whose row needs it; of the first
  // that has a row, where none does, so that a record delivered twice is known.
  template <typename F>
  void each_of(const Event& event, F&& fn) {
    bool is_held = false;
    each_subject(event, [&](SubjectKind kind, std::string_view key) {
      each_row([&]<typename R>(Subjects<R>& row) {
        if (R::kKind == kind && R::needs(event.type)) is_held = true, fn(row.at(key));
      });
    });
    for (const std::string& number : SealUseTrack::numbers_of(event)) is_held = true, fn(at<Seals>(number));
    for (const std::string& bay : BayTrack::bays_of(event)) is_held = true, fn(at<Bays>(bay));
    if (is_held) return;
    each_subject(event, [&](SubjectKind kind, std::string_view key) {
      each_row([&]<typename R>(Subjects<R>& row) {
        if (R::kKind == kind && !std::exchange(is_held, true)) fn(row.at(key));
      });
    });
  }

 private:
  template <typename... R>
  using Rows = std::tuple<Subjects<R>...>;
  Rows<Boxes, Cards, Holders, Releases, Accounts, Zones, Parties, Rights, Vehicles, Vins, Vessels, Seals, Bays> rows_;
};

}  // namespace quaywatch::timeline
