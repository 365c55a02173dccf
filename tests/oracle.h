// Oracle: the facts about boxes and releases, computed a second time and as plainly as possible. It keeps every event,
// knows no index, no folded state and no order of arrival, and answers each question by walking the sorted list: what
// the sentences of src/model/fields.toml and DESIGN section 6a say, and nothing for speed. Where it and src/timeline
// differ, one of them misreads those sentences.
//
// Like the timelines it looks back from the place of the event, and only for orders also at what lies behind it, but by
// its clock may have been before it.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "base/truth.h"
#include "model/coverage.h"
#include "model/event.h"

namespace quaywatch::tests {

using Answers = std::map<std::string, std::string>;  // fact name: value, values joined by '|', or "unknown: cause"

class Oracle {
 public:
  // All words as they came, in any order, repeated or not.
  Oracle(std::vector<EventPtr> words, std::vector<CoverageStatement> coverage)
      : events_(in_the_end(std::move(words))), coverage_(std::move(coverage)) {}

  const std::vector<EventPtr>& events() const { return events_; }

  Answers facts(const Event& event) const {
    Answers out;
    inside(event, out);
    seals(event, out);
    if (event.type == EventType::container_moved) orders(event, out);
    if (event.fields.has(FieldId::party_code)) release(event, out);
    return out;
  }

 private:
  using Events = std::vector<EventPtr>;

  // --- which words count ---

  static bool by_place(const EventPtr& a, const EventPtr& b) { return place(*a) < place(*b); }

  // "correct and void act on every event of the same feed with this key": on those said before them.
  static Events in_the_end(Events words) {
    std::sort(words.begin(), words.end(), by_place);
    words.erase(std::unique(words.begin(), words.end(), [](auto& a, auto& b) { return a->id == b->id; }), words.end());
    const auto said = [](const Event& e) { return std::tie(e.reported_at, e.op, e.id); };
    Events out;
    for (const EventPtr& w : words) {
      const bool taken_back = std::any_of(words.begin(), words.end(), [&](const EventPtr& other) {
        return !w->natural_key.is_zero() && other->natural_key == w->natural_key && other->op != Op::assert_ &&
               said(*w) < said(*other);
      });
      if (!taken_back && w->op != Op::void_) out.push_back(w);
    }
    return out;
  }

  // Events of one subject that lie before `event`.
  Events earlier(FieldId subject, std::string_view key, const Event& event) const {
    Events out;
    for (const EventPtr& e : events_)
      if (place(*e) < place(event) && !key.empty() && e->text(subject) == key) out.push_back(e);
    return out;
  }
  Events earlier_of_box(const Event& event) const {
    return earlier(FieldId::container_number, event.text(FieldId::container_number), event);
  }

  // --- order ---

  // DESIGN 6a, "Skew"; without errors the place decides.
  static Truth before(const Event& a, const Event& b) {
    const Duration ea = seconds(a.time_error_s), eb = seconds(b.time_error_s);
    if (ea.us == 0 && eb.us == 0) return truth(place(a) < place(b));
    if (a.event_time + ea < b.event_time - eb) return Truth::yes;
    return b.event_time + eb < a.event_time - ea ? Truth::no : Truth::unknown;
  }

  // DESIGN 5: reports of different feeds inside same_within, "widened by both errors"; or one feed's record again.
  static bool one_occurrence(const Event& a, const Event& b) {
    if (a.type != b.type || a.facility != b.facility) return false;
    if (a.feed == b.feed) return a.event_time == b.event_time;
    const std::int64_t apart = std::abs((b.event_time - a.event_time).us);
    return apart <= seconds(info(a.type).same_within_s + a.time_error_s + b.time_error_s).us;
  }

  // --- coverage ---

  enum class Cover { none, hole, covered };

  Cover cover_of_feed(const CoverageStatement& provider, EventType type, Timestamp from, Timestamp until) const {
    for (Timestamp t = from;;) {
      Timestamp reached = Timestamp::min();
      for (const CoverageStatement& s : coverage_)
        if (s.feed == provider.feed && s.facility == provider.facility && provides(s, type) && s.from <= t)
          reached = std::max(reached, s.until);
      if (reached < t) return Cover::hole;
      if (reached >= until) return Cover::covered;
      t = reached + Duration{1};
    }
  }
  static bool provides(const CoverageStatement& s, EventType type) {
    return std::find(s.types.begin(), s.types.end(), type) != s.types.end();
  }
  Cover cover(EventType type, std::string_view facility, Timestamp from, Timestamp until) const {
    Cover best = Cover::none;
    bool is_lost = false;
    for (const CoverageStatement& s : coverage_)
      if (provides(s, type) && (facility.empty() || s.facility.empty() || s.facility == facility)) {
        const Cover c = cover_of_feed(s, type, from, until);
        best = std::max(best, c);
        is_lost |= c == Cover::hole && is_amid(s, type, from, until);
      }
    return is_lost ? Cover::hole : best;
  }
  // The feed answered before and after: what it lost between, no other feed can say (docs/decisions/0013).
  bool is_amid(const CoverageStatement& provider, EventType type, Timestamp from, Timestamp until) const {
    Timestamp first = Timestamp::max(), last = Timestamp::min();
    for (const CoverageStatement& s : coverage_)
      if (s.feed == provider.feed && s.facility == provider.facility && provides(s, type))
        first = std::min(first, s.from), last = std::max(last, s.until);
    return first <= from && until <= last;
  }
  // "Every one of the types is absent": one that no feed provides is not waited for, but one must be covered.
  std::string absent(std::vector<EventType> types, std::string_view facility, Timestamp from, Timestamp until,
                     std::string value) const {
    bool covered = false, hole = false;
    for (const EventType type : types) {
      const Cover c = cover(type, facility, from, until);
      covered |= c == Cover::covered;
      hole |= c == Cover::hole;
    }
    return covered && !hole ? value : "unknown: no_coverage";
  }

  // --- container.inside ---

  static bool enters(EventType t) { return t == EventType::container_discharged || t == EventType::container_gate_in; }
  static bool leaves(EventType t) { return t == EventType::container_loaded || t == EventType::container_gate_out; }

  // "The container was inside this facility just before; unknown until a record shows it in or out." Facts count
  // occurrences: a further report of one changes nothing, and just before it is just before the first report.
  void inside(const Event& event, Answers& out) const {
    Events occurrences;  // first reports
    for (const EventPtr& e : earlier_of_box(event)) {
      if (e->classifier != Classifier::actual || (!enters(e->type) && !leaves(e->type))) continue;
      if (std::none_of(occurrences.begin(), occurrences.end(), [&](auto& o) { return one_occurrence(*o, *e); }))
        occurrences.push_back(e);
    }
    const auto itself = std::find_if(occurrences.begin(), occurrences.end(),
                                     [&](const EventPtr& o) { return one_occurrence(*o, event); });
    EventPtr last;
    for (auto it = occurrences.begin(); it != itself; ++it)
      if ((*it)->facility == event.facility) last = *it;
    std::string& answer = out["container.inside"];
    using enum EventType;
    if (!last)
      answer = "unknown: known_since";
    else if (before(*last, event) == Truth::unknown)
      answer = "unknown: order";
    else if (enters(last->type))
      answer =
          absent({container_gate_out, container_loaded}, event.facility, last->event_time, event.event_time, "true");
    else
      answer = absent({container_gate_in, container_discharged}, event.facility, last->event_time, event.event_time,
                      "false");
  }

  // --- seals ---

  static std::vector<std::string> named(const Event& e, FieldId field) {
    std::vector<std::string> out;
    e.fields.each(field, [&](const Value& v) { out.push_back(squeeze(v.text)); });
    return out;
  }
  static bool is_control(const Event& e) {
    return e.type == EventType::container_sealed || e.type == EventType::container_inspected;
  }

  // "Seals on the box just before this record" and "none of the seals named here was known before". What was seen on
  // the box are the actual container.* records: an announcement or an order repeats what papers say.
  void seals(const Event& event, Answers& out) const {
    const auto now = named(event, FieldId::seal_number);
    if (event.classifier != Classifier::actual || is_control(event) || now.empty()) return;
    std::vector<std::string> known;
    EventPtr seen;
    for (const EventPtr& e : earlier_of_box(event)) {
      if (!info(e->type).name.starts_with("container.")) continue;
      const Value opened = e->fields.get(FieldId::inspection_opened);
      if (e->classifier != Classifier::actual || (is_control(*e) && !opened.is_absent() && !opened.boolean())) continue;
      std::vector<std::string> on_it = is_control(*e) ? named(*e, FieldId::seal_new) : std::vector<std::string>{};
      if (on_it.empty()) on_it = named(*e, FieldId::seal_number);
      if (!on_it.empty()) known = on_it, seen = e;
    }
    if (!seen) return;
    std::string& list = out["seal.known"];
    for (const std::string& s : known) list += (list.empty() ? "" : "|") + s;
    const bool kept = std::any_of(now.begin(), now.end(), [&](const std::string& s) {
      return std::find(known.begin(), known.end(), s) != known.end();
    });
    out["seal.changed"] = kept ? "false" : before(*seen, event) == Truth::unknown ? "unknown: order" : "true";
  }

  // --- orders ---

  // Was the order taken back before the move? A cancellation names the order.
  static Truth cancelled(const Event& order, const Events& earlier, const Event& move) {
    Truth out = Truth::no;
    for (const EventPtr& e : earlier)
      if (e->type == EventType::order_cancelled && place(order) < place(*e) &&
          e->text(FieldId::order_ref) == order.text(FieldId::order_ref))
        out = either(out, before(*e, move));
    return out;
  }

  // "A work order for this box was on record before the move (and not cancelled)"; of several the one that the move
  // names, else the latest to its destination, else the latest.
  void orders(const Event& move, Answers& out) const {
    Events box = earlier_of_box(move);
    for (const EventPtr& e : events_)
      if (place(move) < place(*e) && before(*e, move) == Truth::unknown &&
          e->text(FieldId::container_number) == move.text(FieldId::container_number))
        box.push_back(e);
    Truth ordered = Truth::no;
    EventPtr best;
    int best_rank = 0;
    for (const EventPtr& o : box) {
      if (o->type != EventType::order_issued) continue;
      const Truth stands = both(before(*o, move), !cancelled(*o, box, move));
      ordered = either(ordered, stands);
      const auto agrees = [&](FieldId f) { return !move.text(f).empty() && move.text(f) == o->text(f); };
      const int rank = agrees(FieldId::order_ref) ? 3 : agrees(FieldId::location_to) ? 2 : 1;
      if (stands == Truth::yes && rank >= best_rank) best = o, best_rank = rank;
    }
    std::string& answer = out["move.ordered"];
    if (ordered == Truth::yes) {
      answer = "true";
      out["move.order_ref"] = best->text(FieldId::order_ref);
    } else if (ordered == Truth::unknown) {
      answer = "unknown: order";
    } else {
      answer = absent({EventType::order_issued}, move.facility, move.event_time - hours(4), move.event_time, "false");
    }
  }

  // --- releases ---

  // The event's own reference, else "the release of this box that was in force just before": the latest issued that was
  // not certainly cancelled.
  std::string_view governing(const Event& event) const {
    if (!event.text(FieldId::release_ref).empty()) return event.text(FieldId::release_ref);
    std::vector<std::string_view> in_force;
    for (const EventPtr& e : earlier_of_box(event)) {
      const std::string_view ref = e->text(FieldId::release_ref);
      const bool gives = e->type == EventType::release_issued || e->type == EventType::release_replaced;
      const bool ends = e->type == EventType::release_cancelled && before(*e, event) == Truth::yes;
      if (gives || ends) std::erase(in_force, ref);
      if (gives) in_force.push_back(ref);
    }
    return in_force.empty() ? std::string_view{} : in_force.back();
  }

  struct Right {
    EventPtr decides;  // the last word on whether the right exists
    bool in_force = false;
    bool was_in_force = false;  // before that word
    Events holdings;            // records that made someone the holder, in order
  };
  static std::string_view holder_by(const Event& e) {
    return e.text(e.type == EventType::release_transferred ? FieldId::release_to : FieldId::release_holder_named);
  }

  Right right_under(std::string_view ref, const Event& event) const {
    Right r;
    const auto hold = [&](const EventPtr& e) {
      const std::string_view party = holder_by(*e);
      if (!party.empty() && (r.holdings.empty() || holder_by(*r.holdings.back()) != party)) r.holdings.push_back(e);
    };
    for (const EventPtr& e : earlier(FieldId::release_ref, ref, event)) {
      const bool replaces = e->type == EventType::release_replaced;
      if (e->type == EventType::release_transferred) {
        hold(e);
      } else if (e->type == EventType::release_cancelled) {
        const bool again = r.decides && !r.in_force;  // cancelled twice: what is certain counts
        if (!again || before(*e, event) == Truth::yes) r.decides = e;
        if (!again) r.was_in_force = r.in_force;
        r.in_force = false;
      } else if (replaces || e->type == EventType::release_issued) {
        // Anew after a cancellation or as a replacement; else a second register's word on the same right.
        const bool anew = replaces || (r.decides && !r.in_force);
        const bool decides = anew || !r.in_force;
        if (anew) r.holdings.clear();
        if (decides || r.holdings.empty()) hold(e);
        if (decides) r.decides = e, r.was_in_force = r.in_force;
        r.in_force = true;
      }
    }
    return r;
  }

  void release(const Event& event, Answers& out) const {
    const Right r = right_under(governing(event), event);
    std::string &known = out["release.known"], &ever = out["release.party_ever_held"];
    ever = "unknown: known_since";
    if (r.decides && r.in_force != r.was_in_force && before(*r.decides, event) == Truth::unknown) {
      known = ever = "unknown: order";
      return;
    }
    if (!r.in_force) {
      known = absent({EventType::release_issued}, {}, event.event_time - days(1), event.event_time, "false");
      return;
    }
    known = "true";
    if (r.holdings.empty()) return;
    const Event& last = *r.holdings.back();
    out["release.holder"] = before(last, event) == Truth::unknown ? "unknown: order" : std::string(holder_by(last));
    Truth held = Truth::no;
    for (const EventPtr& h : r.holdings)
      if (holder_by(*h) == event.text(FieldId::party_code)) held = either(held, before(*h, event));
    if (held == Truth::no)
      ever = absent({EventType::release_transferred}, {}, r.holdings.front()->event_time, event.event_time, "false");
    else
      ever = held == Truth::yes ? "true" : "unknown: order";
  }

  Events events_;  // by place
  std::vector<CoverageStatement> coverage_;
};

}  // namespace quaywatch::tests
