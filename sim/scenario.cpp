#include "sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/scenario_keys.h"

namespace quaywatch::sim {
namespace {

constexpr std::string_view kFormat = "quaywatch.scenario/1";

BoxRule box_rule(Keys& keys) {
  BoxRule out;
  out.trade = keys.word("trade", kTradeWords);
  out.mode = keys.word("mode", kModeWords);
  out.full = keys.flag("full");
  out.reefer = keys.flag("reefer");
  out.strange_lorry = keys.flag("strange_lorry");
  out.origin = keys.texts("origin");
  out.destination = keys.texts("destination");
  out.size_type = keys.texts("size_type");
  out.commodity = keys.texts("commodity");
  out.has = keys.acts("has");
  out.lacks = keys.acts("lacks");
  out.transfers_min = static_cast<int>(keys.whole("transfers_min", 0, 0, 9));
  out.stay_min = keys.span("stay_min").first;
  out.close = keys.acts("close");
  out.close_max = keys.span("close_max").second;
  if (!out.close.empty() && out.close.size() != 2) keys.wrong("close", "names two acts");
  return out;
}

Actor actor(Keys& keys) {
  Actor out;
  out.name = keys.text("name");
  out.company = keys.word("company", kCompanyWords);
  out.relation = keys.word("relation", kRelationWords).value_or(Relation::of_box);
  out.account = keys.word("account", kAccountWords).value_or(AccountUse::own);
  out.role = keys.word("role", kRoleWords);
  out.on_duty = keys.word("duty", kDutyWords).value_or(true);
  out.lorry = keys.word("lorry", kLorryWords).value_or(LorryUse::none);
  out.besides = keys.text("besides");
  if (out.name.empty()) keys.wrong("name", "is missing");
  if (!out.company && !out.role) keys.wrong("company", "needs a company, a role or both");
  return out;
}

// What is done to which steps: exactly one of the verbs is given, with an act or a list of acts.
std::vector<StepRule> verbs_of(Keys& keys) {
  std::vector<StepRule> out;
  int given = 0;
  for (const auto& [name, verb] : kVerbWords) {
    if (!keys.has(name)) continue;
    ++given;
    StepRule rule;
    rule.verb = verb;
    if (verb == Verb::silence) {
      rule.act = Act::device_silenced;
      rule.device = keys.word(name, kDeviceWords).value_or(DeviceKind::camera);
      out.push_back(rule);
    } else if (const auto names = keys.texts(name); names.size() == 1 && names.front() == "lorry") {
      rule.lorry = true;
      out.push_back(rule);
    } else {
      for (const Act act : keys.acts(name)) {
        rule.act = act;
        out.push_back(rule);
      }
    }
  }
  if (given != 1) keys.wrong("add", "needs exactly one of add, change, drop, mark, silence");
  return out;
}

void read_step(Keys& keys, StepRule& out) {
  out.id = keys.text("id");
  out.who = keys.text("who");
  out.to = keys.text("to");
  out.box = keys.text("box");
  out.move = keys.word("move", kMoveWords);
  out.at = keys.when("at");
  out.forced = keys.flag("forced");
  out.carries = keys.flag("carries");
  out.ok = keys.flag("ok");
  out.task = keys.flag("task");
  out.part = keys.flag("part").value_or(true);
  out.seal = keys.word("seal", kSealWords).value_or(SealUse::keep);
  out.note = keys.text("note");
  out.place = keys.text("place");
  out.card_of = keys.text("card_of");
  out.inwards = keys.word("way", kWayWords).value_or(true);
  out.beside_box = keys.text("beside");
  out.weight_kg = static_cast<std::int32_t>(keys.whole("weight_kg", -1, -40'000, 60'000));
  out.times = static_cast<int>(keys.whole("times", 1, 1, 500));
  std::tie(out.every_least, out.every_most) = keys.span("every");
  std::tie(out.lasts_least, out.lasts_most) = keys.span("lasts");
  const bool makes = out.verb == Verb::add || out.verb == Verb::silence;
  if (makes && !out.at) keys.wrong("at", "is missing: a step that is added needs its time");
  if (out.verb == Verb::silence && out.lasts_most.us <= 0) keys.wrong("lasts", "is missing");
  if (out.times > 1 && out.every_most.us <= 0) keys.wrong("every", "is missing: steps that repeat need their pace");
}

// Every name that one level uses is known there, and every step comes behind the one it counts from.
class Names {
 public:
  explicit Names(const Script& script) : script_(script), anchors_(acts()) { boxes_ = {"any", "none", "own"}; }
  static std::vector<std::string_view> acts() {
    std::vector<std::string_view> out = {"day"};
    for (int i = 0; i < static_cast<int>(Act::count_); ++i) out.push_back(act_name(static_cast<Act>(i)));
    return out;
  }
  // Empty when all is well, else the fault.
  std::string fault() {
    for (const BoxRule& other : script_.others) boxes_.push_back(other.name);
    for (const Actor& a : script_.who) {
      if (!a.besides.empty() && !known(a.besides, actors_)) return Keys::unknown(a.besides, actors_);
      if (known(a.name, actors_)) return fmt::format("the actor '{}' is named twice", a.name);
      actors_.push_back(a.name);
    }
    for (const StepRule& s : script_.steps)
      if (auto f = step(s); !f.empty()) return f;
    return {};
  }
  // To be asked when all steps are read.
  std::string fault_of_others() {
    if (auto f = fault(); !f.empty()) return f;
    for (const BoxRule& other : script_.others)
      for (const auto* when : {&other.at, &other.comes_after})
        if (auto f = anchor(*when); !f.empty()) return f;
    return {};
  }

 private:
  static bool known(std::string_view name, const std::vector<std::string_view>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  std::string anchor(const std::optional<When>& when) const {
    return !when || known(when->anchor, anchors_) ? std::string() : "at: " + Keys::unknown(when->anchor, anchors_);
  }
  std::string step(const StepRule& s) {
    if (auto f = anchor(s.at); !f.empty()) return f;
    for (const auto* name : {&s.who, &s.to, &s.card_of})
      if (!name->empty() && !known(*name, actors_)) return "who: " + Keys::unknown(*name, actors_);
    for (const auto* name : {&s.box, &s.beside_box})
      if (!name->empty() && !known(*name, boxes_)) return "box: " + Keys::unknown(*name, boxes_);
    if (!script_.box && s.verb != Verb::add && s.verb != Verb::silence)
      return "a scenario without [[box]] has no plan to change";
    if (!s.id.empty() && known(s.id, anchors_))
      return fmt::format("id: '{}' is taken, by another step or an act", s.id);
    if (!s.id.empty()) anchors_.push_back(s.id);
    return {};
  }
  const Script& script_;
  std::vector<std::string_view> anchors_, actors_, boxes_;
};

// Hands each [[name]] table to `take`, which gets the levels it is for.
template <typename Take>
void each(const toml::table& root, std::string_view name, std::string_view file, std::optional<Error>& fault,
          Take take) {
  const auto* list = root[name].as_array();
  if (list == nullptr) return;
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (table == nullptr) continue;
    Keys keys(*table, file, fmt::format("[[{}]]", name), fault);
    const unsigned levels = keys.levels();
    take(keys, levels);
    keys.finish();
  }
}

void read_levels(const toml::table& root, Scenario& out, std::optional<Error>& fault) {
  const auto put = [&](unsigned levels, auto&& to) {
    for (unsigned i = 0; i < kLevels; ++i)
      if ((levels >> i & 1U) != 0) to(out.level[i]);
  };
  each(root, "box", out.file, fault, [&](Keys& keys, unsigned levels) {
    const BoxRule rule = box_rule(keys);
    put(levels, [&](Script& s) {
      if (s.box) keys.wrong("levels", "a level has two [[box]]");
      s.box = rule;
    });
  });
  each(root, "other", out.file, fault, [&](Keys& keys, unsigned levels) {
    BoxRule rule = box_rule(keys);
    rule.name = keys.text("name");
    rule.at = keys.when("at");
    rule.comes_after = keys.when("comes_after");
    if (rule.name.empty()) keys.wrong("name", "is missing");
    if (!rule.at) keys.wrong("at", "is missing: when the box must stand in the yard");
    if (!rule.has.empty() || !rule.lacks.empty()) keys.wrong("has", "is for [[box]]: the plan of another box is done");
    put(levels, [&](Script& s) { s.others.push_back(rule); });
  });
  each(root, "who", out.file, fault, [&](Keys& keys, unsigned levels) {
    const Actor a = actor(keys);
    put(levels, [&](Script& s) { s.who.push_back(a); });
  });
  each(root, "step", out.file, fault, [&](Keys& keys, unsigned levels) {
    auto rules = verbs_of(keys);
    for (StepRule& rule : rules) read_step(keys, rule);
    const int line = keys.line("add");
    put(levels, [&](Script& s) {
      s.steps.insert(s.steps.end(), rules.begin(), rules.end());
      if (fault) return;
      if (const auto why = Names(s).fault(); !why.empty())
        fault = Error{ErrorCode::malformed, fmt::format("{}, line {}: [[step]] {}", out.file, line, why), {}};
    });
  });
}

void read_head(Keys& keys, const toml::table& root, Scenario& out) {
  if (keys.text("format") != kFormat) keys.wrong("format", fmt::format("must be \"{}\"", kFormat));
  out.name = keys.text("name");
  out.title = keys.text("title");
  out.mo = keys.texts("mo");
  out.breaks = keys.texts("breaks");
  out.innocent = keys.flag("innocent").value_or(false);
  out.twin_of = keys.texts("twin_of");
  out.rate = keys.text("rate");
  out.rate_times = keys.number("rate_times").value_or(1);
  out.when = keys.act("when");
  out.when_ok = keys.flag("when_ok");
  out.when_task = keys.flag("when_task");
  out.when_note = keys.text("when_note");
  if (keys.has("order"))
    if (const auto* chains = root["order"].as_array())
      for (const auto& chain : *chains) {
        auto& names = out.order.emplace_back();
        if (const auto* list = chain.as_array())
          for (const auto& name : *list) names.push_back(name.value_or(std::string()));
        if (names.size() < 2) keys.wrong("order", "is a list of lists of at least two steps");
      }
  for (const char* table : {"box", "other", "who", "step"})
    if (keys.has(table) && !root[table].is_array_of_tables())
      keys.wrong(table, fmt::format("is written as [[{}]]", table));
  if (out.name.empty()) keys.wrong("name", "is missing");
  if (out.innocent && out.rate.empty()) keys.wrong("rate", "is missing: a twin happens at the rate of a figure");
  if (!out.innocent && (!out.rate.empty() || out.when || !out.twin_of.empty()))
    keys.wrong("innocent", "only what is innocent has a rate, an act and crimes that it looks like");
  if (!out.when && !keys.has("step")) keys.wrong("step", "is missing: a scenario has at least one [[step]]");
}

// Steps that stand in `order` exist at one level at least.
std::string order_fault(const Scenario& scenario) {
  auto known = Names::acts();
  for (const Script& script : scenario.level)
    for (const StepRule& step : script.steps) known.push_back(step.id);
  for (const auto& chain : scenario.order)
    for (const auto& name : chain)
      if (std::find(known.begin(), known.end(), name) == known.end()) return Keys::unknown(name, known);
  return {};
}

}  // namespace

Result<Scenario> read_scenario(std::string_view text, std::string_view file) {
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::malformed, fmt::format("{}, line {}: {}", file, e.source().begin.line, e.description()));
  }
  Scenario out;
  out.file = file;
  std::optional<Error> fault;
  Keys head(root, file, "at the top,", fault);
  read_head(head, root, out);
  head.finish();
  read_levels(root, out, fault);
  for (const Script& script : out.level)
    if (const auto why = Names(script).fault_of_others(); !why.empty()) head.wrong("other", why);
  if (const auto why = order_fault(out); !why.empty()) head.wrong("order", why);
  if (fault) return tl::unexpected(*fault);
  for (int i = 0; i < kLevels && !out.when; ++i)
    if (out.level[static_cast<std::size_t>(i)].steps.empty() && !out.innocent)
      return fail(ErrorCode::malformed, fmt::format("{}: level {} has no [[step]]", file, i));
  return out;
}

}  // namespace quaywatch::sim
