#include "timeline/lookup_track.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "timeline/query_track.h"
#include "timeline/timelines.h"

namespace quaywatch::timeline {
namespace {

constexpr std::size_t kMaxTasks = 1024;  // as ARCHITECTURE.md section 9 says, the latest few are kept

EventPtr word(EventType type, std::string_view box, Timestamp at) {
  boost::intrusive_ptr<Event> e(new Event);
  e->type = type;
  e->feed = "audit";
  e->facility = "SIKOP/KTV";
  e->event_time = e->received_at = at;
  e->fields.add_text(FieldId::account_id, "clerk07");
  e->fields.add_text(FieldId::container_number, box);
  seal_event_id(*e, 0);
  return e;
}

EventPtr explaining(const std::vector<EventPtr>& tasks, const Event& lookup) {
  const std::size_t kept = std::min(tasks.size(), kMaxTasks);
  for (auto task = tasks.rbegin(); task != tasks.rbegin() + static_cast<std::ptrdiff_t>(kept); ++task)
    if ((*task)->text(FieldId::container_number) == lookup.text(FieldId::container_number) &&
        (*task)->event_time >= lookup.event_time - kTaskBefore && (*task)->event_time <= lookup.event_time + kTaskAfter)
      return *task;
  return nullptr;
}

TEST(TaskTrack, TheLatestTicketOfTheBoxExplainsUntilAThousandLaterOnes) {
  std::mt19937 random(1);
  TaskTrack track;
  std::vector<EventPtr> tasks;
  std::size_t explained = 0, too_old = 0;
  for (Timestamp now{}; tasks.size() < 5 * kMaxTasks; now = now + minutes(random() % 60)) {
    const auto box = fmt::format("QAYU{:07}", random() % (tasks.size() < 2 * kMaxTasks ? 3'000 : 300));
    tasks.push_back(word(EventType::task_opened, box, now));
    track.apply(tasks.back());
    const auto asked = fmt::format("QAYU{:07}", random() % 300);
    const EventPtr lookup = word(EventType::account_queried, asked, now - minutes(random() % 180));
    const EventPtr told = track.explaining(*lookup);
    ASSERT_EQ(told, explaining(tasks, *lookup)) << "ticket " << tasks.size();
    told ? ++explained : ++too_old;
  }
  EXPECT_GT(explained, 500u);
  EXPECT_GT(too_old, 500u);
}

// --- an account with more events than are folded anew for every question
// ----------------------------------------------------------------------------

std::string told(Timelines& timelines, const EventPtr& event, const Coverage& coverage) {
  Facts facts;
  timelines.facts(event, coverage, facts);
  std::string out;
  facts.values.each([&](FieldId fact, const Value& v) { out += fmt::format("{}={} ", info(fact).name, to_text(v)); });
  facts.each_citation([&](FieldId, const Citation& c) { out += c.event != nullptr ? c.event->id.hex() : "-"; });
  return out;
}

TEST(TaskTrack, ABusyAccountIsToldAlikeInAnyOrderOfArrival) {
  constexpr Duration kStep = minutes(2);
  constexpr std::size_t kBoxes = 300;
  const auto box = [](std::size_t n) { return fmt::format("QAYU{:07}", n % kBoxes); };
  std::mt19937 random(2);
  Coverage coverage;
  using enum EventType;
  coverage.add({"audit", "SIKOP/KTV", {task_opened, account_queried}, {}, {days(30).us}, {}});
  std::vector<EventPtr> events;
  for (std::size_t i = 0; i < kBoxes; ++i) events.push_back(word(container_discharged, box(i), {hours(12).us}));
  for (int i = 0; i < 3'000; ++i)
    events.push_back(word(random() % 8 == 0 ? task_opened : account_queried, box(random()),
                                Timestamp{days(1).us + i * kStep.us}));
  Timelines in_order;
  for (const EventPtr& e : events) in_order.insert(e);

  std::vector<EventPtr> arrives = events;
  for (std::size_t i = kBoxes; i + 400 < arrives.size(); i += 7) std::swap(arrives[i], arrives[i + random() % 400]);
  Timelines late;
  for (const EventPtr& e : arrives) {
    const Inserted inserted = late.insert(e);
    for (std::size_t i = 0; i < inserted.affected.size(); i += 97) told(late, inserted.affected[i], coverage);
    told(late, e, coverage);
    if (random() % 20 == 0) {
      late.remove(e);
      late.insert(e);
    }
  }
  std::size_t many = 0, with_ticket = 0;
  for (const EventPtr& e : events) {
    const std::string is = told(late, e, coverage);
    ASSERT_EQ(is, told(in_order, e, coverage));
    many += is.find("account.boxes_hour") != std::string::npos ? 1 : 0;
    with_ticket += is.find("account.ticket_known=true") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(many, 100u);
  EXPECT_GT(with_ticket, 100u);
}

// Of a plain list: what the busiest hours of each half day are, once no ticket can explain their look-ups any more.
class PlainHours {
 public:
  static constexpr std::size_t kMaxOpen = 1024;

  void add(const EventPtr& e, const TaskTrack& tickets_before) {
    while (!awaiting_.empty() && e->event_time - awaiting_.front()->event_time > hours(1)) settle(tickets_before);
    if (e->type == EventType::task_opened) return;
    if (awaiting_.size() == kMaxOpen) settle(tickets_before);
    awaiting_.push_back(e);
  }
  // The busiest of the half-days from the 28th to the second before; null: none.
  const std::vector<EventPtr>* usual(Timestamp at) const {
    const std::vector<EventPtr>* out = nullptr;
    for (const auto& [of, list] : most_)
      if (of + 1 < turn(at) && turn(at) - of <= 28 && (out == nullptr || list.size() > out->size())) out = &list;
    return out;
  }

 private:
  static std::int64_t turn(Timestamp at) { return at.us / hours(12).us; }
  void settle(const TaskTrack& tickets) {
    const EventPtr e = awaiting_.front();
    awaiting_.erase(awaiting_.begin());
    std::erase_if(settled_, [&](const EventPtr& o) {
      return e->event_time - o->event_time > hours(1) ||
             o->text(FieldId::container_number) == e->text(FieldId::container_number);
    });
    if (tickets.explaining(*e) != nullptr) return;
    if (settled_.size() == kMaxOpen) settled_.erase(settled_.begin());
    settled_.push_back(e);
    std::vector<EventPtr>& most = most_[turn(e->event_time)];
    if (settled_.size() > most.size()) most = settled_;
  }

  std::vector<EventPtr> awaiting_, settled_;
  std::map<std::int64_t, std::vector<EventPtr>> most_;  // by half day
};

// The busiest hour is kept when it ends; a list written down at each look-up says the same.
TEST(QueryTrack, TheBusiestHourOfEarlierShiftsIsThatOfAPlainList) {
  std::mt19937 random(4);
  Coverage coverage;
  QueryTrack track;
  PlainHours plain;
  std::size_t told = 0, full = 0;
  Timestamp now{days(1).us};
  for (int i = 0; i < 12'000; ++i) {
    const bool is_flood = i / 1'500 % 4 == 3;
    now = now + (is_flood ? seconds(random() % 4) : seconds(random() % (i / 100 % 5 == 0 ? 60 : 600)));
    if (i % 4'000 == 3'999) now = now + days(random() % 20);  // on leave
    const auto box = fmt::format("QAYU{:07}", random() % (is_flood ? 9'000 : 400));
    const bool is_task = random() % 8 == 0;
    const EventPtr e = word(is_task ? EventType::task_opened : EventType::account_queried, box, now);
    Facts facts;
    if (!is_task && i % 8 == 0) track.facts(e, track.tasks(), coverage, facts);
    std::set<const Event*> cited;
    facts.each_citation([&](FieldId fact, const Citation& c) {
      if (fact == FieldId::account_usual_boxes_hour) cited.insert(c.event);
    });
    facts.values.each(FieldId::account_usual_boxes_hour, [&](const Value& v) {
      const std::vector<EventPtr>* usual = plain.usual(now);
      EXPECT_EQ(v.is_unknown(), usual == nullptr) << i;
      if (usual == nullptr) return;
      ++told, full += usual->size() == PlainHours::kMaxOpen;
      EXPECT_EQ(v.number, static_cast<std::int64_t>(usual->size())) << i;
      // Besides them, what the number of this hour rests on is cited.
      for (const EventPtr& asked : *usual) EXPECT_TRUE(cited.contains(asked.get())) << i;
    });
    plain.add(e, track.tasks());
    track.apply(e);
  }
  EXPECT_GT(told, 200U);
  EXPECT_GT(full, 10U);
}

// Half of the events are tickets, so that the thousandth is days old and gives its place to the next.
TEST(TaskTrack, WhatATicketChangesIsJudgedAgain) {
  constexpr std::size_t kBoxes = 1'000;
  std::mt19937 random(3);
  Coverage coverage;
  using enum EventType;
  coverage.add({"audit", "SIKOP/KTV", {task_opened, account_queried}, {}, {days(30).us}, {}});
  const auto box = [](std::size_t n) { return fmt::format("QAYU{:07}", n); };
  Timelines timelines;
  for (std::size_t i = 0; i < kBoxes; ++i) timelines.insert(word(container_discharged, box(i), {hours(12).us}));
  std::vector<EventPtr> events, tickets;
  std::size_t changed = 0, again = 0, asked = 0;
  const auto recent = [&](auto&& fn) {
    for (std::size_t i = events.size() - std::min<std::size_t>(events.size(), 40); i < events.size(); ++i)
      if (events[i]->type == account_queried && timelines.holds(*events[i])) fn(events[i]);
  };
  const auto change = [&](auto&& act) {
    if (events.size() > 200 && tickets.size() < kMaxTasks) return act(), void();
    std::map<EventPtr, std::string> was;
    recent([&](const EventPtr& e) { was[e] = told(timelines, e, coverage); });
    const Inserted result = act();
    recent([&](const EventPtr& e) {
      const bool is_again = std::find(result.affected.begin(), result.affected.end(), e) != result.affected.end();
      const bool is_changed = was.contains(e) && told(timelines, e, coverage) != was[e];
      EXPECT_TRUE(is_again || !is_changed);
      changed += is_changed, again += is_again, ++asked;
    });
  };
  for (int i = 0; i < 2'800; ++i) {
    const Timestamp at{days(1).us + i * minutes(2).us};
    const bool is_ticket = random() % 2 == 0;
    std::string of = box(random() % kBoxes);
    if (is_ticket && !events.empty() && random() % 2 == 0)
      of = events[events.size() - 1 - random() % std::min<std::size_t>(events.size(), 30)]->text(
          FieldId::container_number);
    if (!is_ticket && tickets.size() > kMaxTasks && random() % 2 == 0)
      of = tickets[tickets.size() - kMaxTasks + random() % 20]->text(FieldId::container_number);
    const EventPtr e = word(is_ticket ? task_opened : account_queried, of,
                            random() % 10 == 0 ? at - minutes(random() % 120) : at);
    change([&] { return timelines.insert(e); });
    events.push_back(e);
    if (random() % 20 == 0)
      change([&] { return timelines.remove(e); });
    else if (is_ticket)
      tickets.push_back(e);
  }
  EXPECT_GT(changed, 50u);
  EXPECT_LT(again, asked / 4);
}

}  // namespace
}  // namespace quaywatch::timeline
