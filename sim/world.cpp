#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/calendar.h"
#include "sim/community.h"
#include "sim/flows.h"

namespace quaywatch::sim {
namespace {

// How many boxes stand in the yard at once: each direction stays for the mean of its dwell time, empties longer.
std::uint32_t expected_boxes(const Port& port) {
  const Figures& f = *port.figures;
  const Shares& direction = f.shares("flow.direction");
  const auto days = [&](const char* name) { return f.quantiles(name).mean() / 24; };
  const auto stay = [&](double empty, const char* full) {
    return empty * days("empty.dwell_h") + (1 - empty) * days(full);
  };
  const double a_lift = direction.share("import") * stay(f.value("flow.empty_import"), "import.dwell_h") +
                        direction.share("export") * stay(f.value("flow.empty_export"), "export.dwell_h") +
                        direction.share("transhipment") / 2 * days("transhipment.dwell_h");
  return static_cast<std::uint32_t>(port.size->boxes_per_year / 365.0 * a_lift) + 40;
}

}  // namespace

Step& BoxPlan::add(Timestamp at, Act act) {
  Step step;
  step.at = at;
  step.act = act;
  step.box = box;
  return steps.emplace_back(step);
}

const Step* BoxPlan::first(Act act) const {
  const Step* out = nullptr;
  for (const Step& step : steps)
    if (step.act == act && (out == nullptr || step.at < out->at)) out = &step;
  return out;
}

World::World(Port port, const WorldOptions& options)
    : port_(std::move(port)),
      options_(options),
      yard_(port_.size->yard_blocks, expected_boxes(port_)),
      now_(options.from - kWarmUp) {}

std::string World::next_ref(std::string_view prefix) { return fmt::format("{}{:07}", prefix, next_number()); }

Index World::new_box() {
  Index index = static_cast<Index>(port_.boxes.size());
  if (port_.free_boxes.empty()) {
    port_.boxes.emplace_back();
  } else {
    index = port_.free_boxes.back();
    port_.free_boxes.pop_back();
    port_.boxes[index] = {};
  }
  port_.boxes[index].used = true;
  return index;
}

Index World::new_call() {
  port_.calls.emplace_back();
  return static_cast<Index>(port_.calls.size() - 1);
}

Index World::add_detail(Detail detail) {
  if (free_details_.empty()) {
    details_.push_back(std::move(detail));
    return static_cast<Index>(details_.size() - 1);
  }
  const Index index = free_details_.back();
  free_details_.pop_back();
  details_[index] = std::move(detail);
  return index;
}

const Detail* World::detail(const Step& step) const { return step.detail == kNone ? nullptr : &details_[step.detail]; }

void World::commit(BoxPlan plan) {
  if (amend_) amend_(*this, plan);
  if (plan.steps.empty()) return free_row(plan.box);
  std::stable_sort(plan.steps.begin(), plan.steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  for (const Step& step : plan.steps) schedule(step);
}

void World::schedule(const Step& step) {
  Queued queued{step, ++queued_};
  queued.step.at = std::max(step.at, now_);
  if (step.box != kNone) ++port_.boxes[step.box].open_steps;
  queue_.push(queued);
}

void World::publish(const Happening& happening) {
  if (happening.at < options_.from) return;
  ++happened_;
  if (witness_) witness_(*this, happening);
  for (const auto& system : systems_) system->see(*this, happening);
}

void World::happen(const Step& step) {
  Happening happening;
  static_cast<Step&>(happening) = step;
  if (const Detail* d = detail(step)) {
    happening.ref = d->ref;
    happening.note = d->note;
    happening.seal = d->seal;
    happening.place = d->place;
    happening.card = d->card;
    happening.weight_kg = d->weight_kg;
    happening.due = d->due;
    if (d->to.block != 0) happening.to = d->to;
  }
  // Drawn by box and instant, not in turn: a step more of one box must change nothing of the others.
  Random random = stream(step.box == kNone ? std::string_view("moves") : std::string_view(port_.boxes[step.box].number),
                         static_cast<std::uint64_t>(step.at.us) * 64 + static_cast<std::uint64_t>(step.act));
  if (take_effect(*this, happening, random)) publish(happening);
}

void World::finish(const Step& step) {
  if (step.detail != kNone) free_details_.push_back(step.detail);
  if (step.box == kNone) return;
  Box& box = port_.boxes[step.box];
  if (--box.open_steps > 0) return;
  yard_.leave(step.box, box.slot);
  if (box.target.block != 0) yard_.leave(step.box, box.target);
  free_row(step.box);
}

void World::free_row(Index box) {
  if (!port_.boxes[box].in_depot) port_.numbers.erase(port_.boxes[box].number);
  port_.boxes[box].used = false;
  port_.free_boxes.push_back(box);
}

void World::run(const std::function<void(Timestamp)>& progress) {
  begin_schedule(*this);
  begin_people(*this);
  begin_devices(*this);
  begin_community(*this);
  Step hour;
  hour.act = Act::hour_passed;
  const std::int64_t hours_gone = now_.us / hours(1).us + 1;
  hour.at = Timestamp{} + hours(hours_gone);
  schedule(hour);
  Timestamp day = local_midnight(now_);
  for (const auto& plan : daily_) plan(*this, day);
  while (!queue_.empty() && queue_.top().step.at < options_.until) {
    const Step step = queue_.top().step;
    queue_.pop();
    now_ = step.at;
    if (step.act != Act::hour_passed) {
      happen(step);
      finish(step);
      continue;
    }
    if (const Timestamp midnight = local_midnight(now_); midnight > day) {
      day = midnight;
      for (const auto& plan : daily_) plan(*this, day);
    }
    if (now_ > options_.from)
      for (const auto& system : systems_) system->tick(*this, now_);
    if (progress) progress(now_);
    hour.at = now_ + hours(1);
    schedule(hour);
  }
  now_ = options_.until;
  for (const auto& system : systems_) system->close(*this, options_.until);
}

}  // namespace quaywatch::sim
