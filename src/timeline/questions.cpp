#include "timeline/questions.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "timeline/occurrence.h"
#include "timeline/subjects.h"

namespace quaywatch::timeline {
namespace {

using enum FieldId;

template <typename R, typename Track>
void answer(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  const std::string_view key = event->text(R::kName);
  if (key.empty()) return;
  std::optional<Track> around;
  if constexpr (requires { Track::kAhead; }) {
    all.at<R>(key).template ahead_of<Track>(*event, around).facts(*event, coverage, out);
  } else {
    all.at<R>(key).template before<Track>(event, around).facts(*event, coverage, out);
  }
}

template <typename... Track>
EventTypes types_of() {
  EventTypes out;
  for (std::size_t i = 0; i < kEventTypeCount; ++i) out.set(i, (Track::is_about(static_cast<EventType>(i)) || ...));
  return out;
}

template <typename R, typename Track>
void add(std::vector<Question>& out) {
  if constexpr (requires { Track::kFacts; })
    out.push_back({Track::kFacts, &Track::is_asked, &answer<R, Track>, types_of<Track>()});
}
template <typename R, typename... Track>
void add_own(const std::tuple<Track...>*, [[maybe_unused]] std::vector<Question>& out) {
  (add<R, Track>(out), ...);
}

template <typename R, typename Track>
const Track& own(AllSubjects& all, const EventPtr& event) {
  return std::get<Track>(all.at<R>(event->text(R::kName)).before(place(*event)));
}

bool is_any(EventType) {
  return true;
}
bool is_release(EventType type) {
  return type == EventType::release_issued || type == EventType::release_replaced ||
         type == EventType::release_transferred;
}
bool is_move(EventType type) {
  return type == EventType::container_moved;
}

void seal_use(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  bool is_stated = false;
  for (const std::string& number : SealUseTrack::numbers_of(*event)) {
    if (!SealUseTrack::states(*event, number)) continue;
    is_stated = true;
    const auto& box = own<Boxes, SealTrack>(all, event);
    std::optional<SealUseTrack> alone;
    const auto& uses = all.at<Seals>(number).ahead_of<SealUseTrack>(*event, alone);
    if (uses.facts(*event, number, box, coverage, out)) return;
  }
  if (is_stated) SealUseTrack::none_on_record(*event, coverage, out);
}

// Devices watch blocks: the place up to its first dash, "A05" of "A05-12-3-2".
void outage(AllSubjects& all, const EventPtr& move, const Coverage& coverage, Facts& out) {
  if (!move->fields.has(container_number)) return;
  const Timestamp at = move->event_time;
  bool is_watched = false;
  for (const FieldId field : {location_from, location_to}) {
    const std::string_view slot = move->text(field);
    const auto dash = slot.find('-');
    if (dash == std::string_view::npos || dash == 0) continue;
    is_watched = true;
    const auto& outages = all.as_of<Zones, OutageTrack>(slot.substr(0, dash), place(*move), move);
    const EventPtr silent = outages.silent_between(at, at, move->facility);
    if (!silent) continue;
    out.boolean(device_silent, true, silent);
    return out.minutes(device_silent_minutes, silent, at);
  }
  if (is_watched)
    out.if_absent(device_silent, false, {{EventType::sensor_silent}, move->facility, at - hours(1), at}, coverage);
}

void vin(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (!event->fields.has(container_number) || !event->fields.has(goods_vin)) return;
  event->fields.each(goods_vin, [&](const Value& v) {
    std::optional<ExportTrack> alone;
    all.at<Vins>(v.text).ahead_of<ExportTrack>(*event, alone).facts(*event, v.text, out);
  });
  ExportTrack::none_on_record(*event, coverage, out);
}

bool is_of_party(const Event& event) {
  return event.fields.has(container_number) && event.fields.has(party_code);
}

// Since a move that set a box down, and before another: whether nothing moved it on, and nothing took it out.
struct Stay {
  Truth in_place, inside;
};
Stay stay(AllSubjects& all, const Event& brought, const Event& until) {
  Stay out{before(brought, until), Truth::yes};
  for (const EventPtr& e : all.at<Boxes>(brought.text(container_number)).between(brought, place(until))) {
    if (e->classifier != Classifier::actual) continue;
    if (is_move(e->type)) out.in_place = both(out.in_place, !before(*e, until));
    if (is_exit(e->type) && e->facility == until.facility) out.inside = both(out.inside, !before(*e, until));
  }
  return out;
}

// Asked only of moves that no order covers: who set the box there chose its neighbours.
void neighbour(AllSubjects& all, const EventPtr& move, const Coverage&, Facts& out) {
  const std::string bay = BayTrack::bay_of_target(*move);
  if (bay.empty() || !move->fields.has(container_number)) return;
  std::optional<OrderTrack> around;
  const Truth covered = all.at<Boxes>(move->text(container_number)).before<OrderTrack>(move, around).covers(*move);
  if (covered == Truth::yes) return;
  const Place here = place(*move);
  EventPtr known, maybe;
  for (const EventPtr& brought : all.as_of<Bays, BayTrack>(bay, here, move).beside(*move)) {
    const std::string_view number = brought->text(container_number);
    const auto ref = std::string(all.as_of<Boxes, PickupTrack>(number, here, move).latest_ref(*move));
    const auto [in_place, inside] = stay(all, *brought, *move);
    if (in_place == Truth::yes) known = brought;
    if (ref.empty()) continue;
    const ReleaseTrack& release = all.as_of<Releases, ReleaseTrack>(ref, here, move);
    const Truth due_out = both(both(both(in_place, inside), !covered), release.is_due_out(number, *move));
    if (due_out == Truth::unknown && !maybe) maybe = brought;
    if (due_out != Truth::yes) continue;
    out.text(move_neighbour, number, brought);
    out.cite(move_neighbour, release.issued());
    out.cite(move_neighbour_due_out, brought);
    return out.boolean(move_neighbour_due_out, true, release.issued());
  }
  if (maybe) {
    out.unknown(move_neighbour, UnknownCause::order, maybe);
    return out.unknown(move_neighbour_due_out, UnknownCause::order, maybe);
  }
  if (!known) return out.unknown(move_neighbour_due_out, UnknownCause::known_since);
  out.boolean(move_neighbour_due_out, false, known);
}

void receiver(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  const std::string_view to = event->text(release_to);
  const std::string_view receiver = to.empty() ? event->text(release_holder_named) : to;
  if (!receiver.empty())
    all.as_of<Parties, PartyTrack>(receiver, place(*event), event)
        .registered_fact(release_receiver_registered_minutes_ago, *event, coverage, out);
}

void party(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (!is_of_party(*event)) return;
  all.as_of<Parties, PartyTrack>(event->text(party_code), place(*event), event).facts(*event, coverage, out);
}

const ReleaseTrack kNoRelease;

// Null: no release is known that governs the event.
const ReleaseTrack* release_of(AllSubjects& all, const EventPtr& event) {
  const std::string_view ref = own<Boxes, PickupTrack>(all, event).release_ref(*event);
  return ref.empty() ? nullptr : &all.as_of<Releases, ReleaseTrack>(ref, place(*event), event);
}

void release(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (!is_of_party(*event)) return;
  const ReleaseTrack* known = release_of(all, event);
  (known != nullptr ? *known : kNoRelease).facts(*event, coverage, out);
}

void newcomer(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  const ReleaseTrack* known = is_of_party(*event) ? release_of(all, event) : nullptr;
  if (known == nullptr) return;
  for (const ReleaseTrack::Holding& h : known->chain()) {
    if (HolderTrack::is_late(h, *event) == Truth::no) continue;
    const auto& register_entry = all.as_of<Parties, PartyTrack>(h.party, place(*event), event);
    if (const EventPtr entry = register_entry.registered_before(h.since->event_time - kNewInRegister))
      out.cite(release_newcomer, entry);
    else
      all.as_of<Rights, HolderTrack>(h.party, place(*event), event).facts(h, *event, coverage, out);
  }
  if (!out.values.has(release_newcomer)) return;
  out.cite(release_newcomer, known->issued());
  out.cite_as(release_newcomer_minutes_ago, release_newcomer);
}

// The last look-up that no ticket explains; when tickets explain all of them, the last.
void lookup(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (!is_of_party(*event)) return;
  const auto lookups = own<Boxes, LookupTrack>(all, event).without_task(*event, release_of(all, event));
  if (lookups.empty()) return;
  const auto tasks_of = [&](const Event& e) -> const TaskTrack* {
    const std::string_view account = e.text(account_id);
    return account.empty() ? nullptr : &all.as_of<Accounts, QueryTrack>(account, place(*event), event).tasks();
  };
  const auto unexplained = std::find_if(lookups.begin(), lookups.end(), [&](const EventPtr& e) {
    const TaskTrack* tasks = tasks_of(*e);
    return tasks == nullptr || !tasks->explaining(*e);
  });
  const EventPtr& told = unexplained != lookups.end() ? *unexplained : lookups.front();
  LookupTrack::facts(told, tasks_of(*told), *event, coverage, out);
}

void withdrawal(AllSubjects& all, const EventPtr& event, const Coverage&, Facts& out) {
  const ReleaseTrack* known = is_of_party(*event) ? release_of(all, event) : nullptr;
  if (known == nullptr) return;
  own<Boxes, PickupTrack>(all, event).withdrawal_fact(*event, *known, out);
  if (!out.values.has(pickup_holder_withdrew_minutes_ago)) return;
  out.cite(pickup_holder_withdrew_minutes_ago, known->issued());
  for (const ReleaseTrack::Holding& h : known->chain()) out.cite(pickup_holder_withdrew_minutes_ago, h.since);
}

// A look-up that names no job, of a box that stands here after its discharge.
void early_query(AllSubjects& all, const EventPtr& query, const Coverage& coverage, Facts& out) {
  const std::string_view account = query->text(account_id);
  if (account.empty() || !query->fields.has(container_number) || query->fields.has(task_ref)) return;
  const EventPtr discharge = own<Boxes, CustodyTrack>(all, query).discharged_fact(*query, out);
  if (!discharge) return;
  const Timestamp at = query->event_time;
  out.cite(account_ticket_known, discharge);
  std::optional<TaskTrack> alone;
  if (const EventPtr ticket = all.at<Accounts>(account).ahead_of<TaskTrack>(*query, alone).explaining(*query))
    out.boolean(account_ticket_known, true, ticket);
  else
    out.if_absent(account_ticket_known, false, {{EventType::task_opened}, {}, at - kTaskCovered, at + kTaskAfter},
                  coverage);
  if (out.values.has(release_known)) return;
  out.cite(release_known, discharge);
  const ReleaseTrack* known = release_of(all, query);
  (known != nullptr ? *known : kNoRelease).known_fact(*query, coverage, out);
}

void query(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  const std::string_view account = event->text(account_id);
  if (account.empty() || !event->fields.has(container_number)) return;
  const auto& queries = own<Accounts, QueryTrack>(all, event);
  if (!queries.is_busy(*event)) return;
  std::optional<TaskTrack> alone;
  queries.facts(event, all.at<Accounts>(account).ahead_of<TaskTrack>(*event, alone), coverage, out);
}

// The portal of a lane is silent under the name of the lane, or as a device of the zone GATE.
void vehicle(AllSubjects& all, const EventPtr& passage, const Coverage& coverage, Facts& out) {
  if (passage->text(vehicle_plate).empty()) return;
  const auto& track = own<Vehicles, VehicleTrack>(all, passage);
  const EventPtr last = track.last_passage(*passage);
  EventPtr silent;
  if (last)
    for (const std::string_view zone :
         {std::string_view("GATE"), passage->text(capture_lane), last->text(capture_lane)})
      if (!silent && !zone.empty())
        silent = all.as_of<Zones, OutageTrack>(zone, place(*passage), passage)
                     .silent_between(last->event_time, passage->event_time, passage->facility);
  track.facts(*passage, coverage, silent, out);
}

void reader_gap(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (event->text(credential_id).empty()) return;
  const EventPtr* seen = own<Cards, PresenceTrack>(all, event).last_passage(*event);
  if (seen == nullptr) return;
  all.as_of<Zones, OutageTrack>(event->text(access_zone), place(*event), event).facts(*seen, *event, coverage, out);
}

void replaced_card(AllSubjects& all, const EventPtr& event, const Coverage& coverage, Facts& out) {
  if (event->text(credential_id).empty() || event->text(credential_holder).empty()) return;
  const CardTrack& card = own<Cards, CardTrack>(all, event);
  own<Holders, HolderCardsTrack>(all, event).facts(*event, &card, coverage, out);
}

constexpr FieldId kSealUse[] = {seal_doubled, seal_other_box,       seal_other_box_minutes_ago,
                                seal_boxes,   seal_misread_likely, seal_taken_off_there};
constexpr FieldId kOutage[] = {device_silent, device_silent_minutes};
constexpr FieldId kVin[] = {goods_vin_repeated, goods_vin_listed};
constexpr FieldId kParty[] = {party_registered_minutes_ago, party_changed_minutes_ago, party_vehicle_known};
constexpr FieldId kRelease[] = {release_known, release_current_ref,     release_holder,          release_holder_since,
                                release_chain, release_party_is_holder, release_party_ever_held, release_uses};
constexpr FieldId kNewcomer[] = {release_newcomer, release_newcomer_minutes_ago};
constexpr FieldId kLookup[] = {lookup_account, lookup_organisation, lookup_minutes_ago, lookup_task_known};
constexpr FieldId kQuery[] = {account_boxes_hour, account_task_known, account_usual_boxes_hour};
constexpr FieldId kNeighbour[] = {move_neighbour, move_neighbour_due_out};
constexpr FieldId kReceiver[] = {release_receiver_registered_minutes_ago};
constexpr FieldId kWithdrawal[] = {pickup_holder_withdrew_minutes_ago};
constexpr FieldId kEarlyQuery[] = {account_discharged_minutes_ago, account_ticket_known, release_known};
constexpr FieldId kVehicle[] = {vehicle_inside, vehicle_inside_minutes};
constexpr FieldId kReaderGap[] = {access_reader_gap};
constexpr FieldId kReplacedCard[] = {credential_replaced, credential_replaced_minutes_ago, credential_replaced_by};

// What joins several tracks or subjects, each with the tracks that it reads.
const Question kJoined[] = {
    {kSealUse, &SealUseTrack::is_about, &seal_use, types_of<SealUseTrack, SealTrack>()},
    {kOutage, &is_move, &outage, types_of<OutageTrack>()},
    {kVin, &ExportTrack::is_asked, &vin, types_of<ExportTrack>()},
    {kNeighbour, &is_move, &neighbour, types_of<OrderTrack, BayTrack, CustodyTrack, PickupTrack, ReleaseTrack>()},
    {kReceiver, &is_release, &receiver, types_of<PartyTrack>()},
    {kParty, &is_any, &party, types_of<PartyTrack>()},
    {kRelease, &is_any, &release, types_of<PickupTrack, ReleaseTrack>()},
    {kNewcomer, &HolderTrack::is_asked, &newcomer, types_of<PickupTrack, ReleaseTrack, PartyTrack, HolderTrack>()},
    {kLookup, &is_any, &lookup, types_of<LookupTrack, PickupTrack, ReleaseTrack, QueryTrack>()},
    {kWithdrawal, &is_any, &withdrawal, types_of<PickupTrack, ReleaseTrack>()},
    {kEarlyQuery, &LookupTrack::is_about, &early_query, types_of<CustodyTrack, TaskTrack, PickupTrack, ReleaseTrack>()},
    {kQuery, &QueryTrack::is_query, &query, types_of<QueryTrack, TaskTrack>()},
    {kVehicle, &VehicleTrack::is_about, &vehicle, types_of<VehicleTrack, OutageTrack>()},
    {kReaderGap, &is_any, &reader_gap, types_of<PresenceTrack, OutageTrack>()},
    {kReplacedCard, &is_any, &replaced_card, types_of<CardTrack, HolderCardsTrack>()},
};

}  // namespace

const std::vector<Question>& questions() {
  static const std::vector<Question> kAll = [] {
    std::vector<Question> all;
    AllSubjects().each_row([&]<typename R>(Subjects<R>&) {
      add_own<R>(static_cast<const typename R::Back*>(nullptr), all);
      add_own<R>(static_cast<const typename R::Ahead*>(nullptr), all);
    });
    all.insert(all.end(), std::begin(kJoined), std::end(kJoined));
    return all;
  }();
  return kAll;
}

}  // namespace quaywatch::timeline
