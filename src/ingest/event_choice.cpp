#include "ingest/event_choice.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/header_words.h"

namespace quaywatch::ingest {
namespace {

constexpr std::size_t kCodeValues = 40;  // different words of a column that tells events apart

struct SenseRule {
  std::string_view sense, needs, type;
};
// The first whose field was recognised counts.
constexpr SenseRule kSenseRules[] = {
    {"in", "container.number", "container.gate_in"},
    {"out", "container.number", "container.gate_out"},
    {"in", "vehicle.plate", "vehicle.passed"},
    {"out", "vehicle.plate", "vehicle.passed"},
    {"granted", "credential.id", "access.granted"},
    {"denied", "credential.id", "access.denied"},
    {"discharged", "container.number", "container.discharged"},
    {"loaded", "container.number", "container.loaded"},
    {"moved", "container.number", "container.moved"},
    {"selected", "container.number", "selection.added"},
    {"inspected", "container.number", "container.inspected"},
    {"resealed", "container.number", "container.sealed"},
    {"silent", "device.id", "sensor.silent"},
    {"restored", "device.id", "sensor.restored"},
    {"queried", "account.id", "account.queried"},
};

struct TypeRule {
  std::string_view type, needs, names;  // fields and words of a feed's name, parted by blanks
};
constexpr TypeRule kTypes[] = {
    {"order.issued", "container.number order.ref", "order orders auftrag opdrachten ordenes ordens ordini nalozi jobs"},
    {"container.moved", "container.number location.to",
     "move moves moved movements umfuhr verplaatsingen movimientos movimentos spostamenti"},
    {"access.granted", "credential.id access.reader", "access badge zutritt toegang acceso acesso accessi pristup"},
    {"task.opened", "account.id task.ref", "ticket tickets task tasks"},
    {"pickup.announced", "container.number pickup.ref", "appointment appointments voormelding termine citas najave"},
    {"pickup.completed", "container.number party.code", "pickup pickups history collections"},
    {"party.registered", "party.vehicle", "register haulier hauliers carriers"},
    {"container.weighed", "container.number container.weight_kg", "weigh weighbridge vgm waage weegbrug bascula pesa"},
    {"container.sealed", "container.number seal.number", "seal seals"},
    {"vessel.positioned", "vessel.mmsi position.latitude", "ais"},
    {"vehicle.passed", "vehicle.plate", "anpr portal lpr"},
    {"account.queried", "account.id container.number", "queries search audit"},
};

constexpr Refinement kRefinements[] = {
    {"release.", "location.from", "release.from", false},
    {"release.", "location.to", "release.to", false},
    {"release.", "account.organisation", "party.code", true},
    {"pickup.", "account.organisation", "party.code", true},
    {"access.", "@reason", "access.reason", false},
    {"selection.", "@reason", "selection.reason", false},
    {"order.", "task.ref", "order.ref", false},
    {"container.moved", "task.ref", "order.ref", false},
    {"release.", "credential.holder", "release.holder_named", false},
    {"container.inspected", "@reason", "inspection.result", false},
    {"account.", "@channel", "account.function", false},
    {"task.", "@channel", "account.function", false},
    {"party.", "@code_word", "party.code", false},
    {"party.", "@name", "party.name", false},
    {"party.", "@state", "party.state", false},
    {"account.", "@result", "account.result", false},
    {"release.", "@result", "account.result", false},
    {"sensor.", "access.zone", "device.zone", false},
    {"sensor.", "capture.lane", "device.id", false},
};

struct Refusal {
  std::string_view type, refused;
};
constexpr Refusal kRefusals[] = {
    {"pickup.announced", "pickup.denied"},
    {"account.logged_in", "account.login_failed"},
};

std::string type_of_value(std::string_view value, const std::set<std::string>& fields) {
  const std::string_view sense = sense_of(value);
  for (const SenseRule& rule : kSenseRules)
    if (rule.sense == sense && fields.contains(std::string(rule.needs))) return std::string(rule.type);
  return std::string(type_in_words(value));
}

// I and O, or E and S (entrada, salida; entree, sortie), when the column has no other letter.
std::map<std::string, std::string> letter_pair(const std::map<std::string, std::size_t>& values) {
  static constexpr std::pair<std::string_view, std::string_view> kPairs[] = {{"I", "O"}, {"E", "S"}};
  if (values.size() != 2) return {};
  const std::string first = to_upper(values.begin()->first), second = to_upper(values.rbegin()->first);
  for (const auto& [in, out] : kPairs)
    if (first == in && second == out) return {{values.begin()->first, "in"}, {values.rbegin()->first, "out"}};
  return {};
}

std::size_t words_in(std::string_view text, const std::set<std::string>& wanted) {
  std::size_t n = 0;
  for (const std::string_view word : split(text, ' ')) n += wanted.contains(std::string(word)) ? 1 : 0;
  return n;
}

}  // namespace

std::optional<CodeColumn> code_column(const SampledTable& table, const std::vector<ColumnUse>& uses,
                                      const std::set<std::string>& fields) {
  std::optional<CodeColumn> best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name.empty() || table.columns[i].is_repeated) continue;
    const auto values = distinct_values(table.columns[i], kCodeValues);
    const auto letters = letter_pair(values);
    CodeColumn column{i, {}, {}};
    std::size_t rows = 0;
    for (const auto& [value, n] : values) {
      const auto letter = letters.find(value);
      const std::string type = type_of_value(letter == letters.end() ? value : letter->second, fields);
      if (type.empty()) {
        column.without_type.emplace(value, n);
      } else {
        column.values_of_type[type].push_back(value);
        rows += n;
      }
    }
    const bool tells = column.values_of_type.size() > 1 || (rows > 0 && uses[i].role == "@code");
    if (!tells || rows <= most) continue;
    most = rows;
    best = std::move(column);
  }
  return best;
}

std::optional<TypeGuess> type_by_fields(std::string_view feed, const std::set<std::string>& fields) {
  const auto name_list = words_of(feed);
  const std::set<std::string> name(name_list.begin(), name_list.end());
  std::optional<TypeGuess> best;
  std::size_t most = 0;
  for (const TypeRule& rule : kTypes) {
    const std::size_t needed = split(rule.needs, ' ').size();
    if (words_in(rule.needs, fields) != needed) continue;
    const bool by_name = words_in(rule.names, name) > 0;
    const std::size_t score = needed + (by_name ? 10 : 0);
    if (score <= most) continue;
    most = score;
    best = TypeGuess{std::string(rule.type), by_name};
  }
  return best;
}

std::string_view refused_type(std::string_view type) {
  const auto at =
      std::find_if(std::begin(kRefusals), std::end(kRefusals), [&](const Refusal& r) { return r.type == type; });
  return at == std::end(kRefusals) ? std::string_view{} : at->refused;
}

std::vector<Refinement> refinements(std::string_view type) {
  std::vector<Refinement> out;
  std::copy_if(std::begin(kRefinements), std::end(kRefinements), std::back_inserter(out),
               [&](const Refinement& r) { return type.starts_with(r.type_prefix); });
  return out;
}

}  // namespace quaywatch::ingest
