#include "rules/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "rules/block.h"
#include "rules/condition.h"
#include "rules/header.h"
#include "rules/pattern.h"
#include "rules/selection.h"

namespace quaywatch::rules {
namespace {

constexpr std::array<std::string_view, 8> kCategories = {"container", "release", "access",    "account",
                                                         "vessel",    "customs", "equipment", "sensor"};

// Kinds of documents that are Sigma but not compiled.
struct OtherKind {
  std::string_view key;
  std::string_view reason;
};
constexpr std::array<OtherKind, 1> kOtherKinds = {{
    {"action", "collections by 'action' were removed from Sigma; write each rule as a document of its own"},
}};

class DocumentCompiler {
 public:
  DocumentCompiler(const Document& document, bool is_part, Program& program, Problem& problem)
      : document_(document),
        root_(document.root),
        is_part_(is_part),
        problem_(problem),
        scope_{program, false, {}, {}, {}, {}} {}

  Compiled compile(const std::string& path) {
    rule_.path = path;
    if (!root_.is_map()) refuse(document_.line, "the document is not a map of Sigma keys");
    for (const OtherKind& kind : kOtherKinds)
      if (const Node* node = root_.find(kind.key)) refuse(node->line, std::string(kind.reason));
    step(&DocumentCompiler::read_log_source);
    step(&DocumentCompiler::read_header);
    if (rule_.is_port) step(&DocumentCompiler::read_port_parts);
    step(&DocumentCompiler::read_detection);
    if (rule_.is_port) step(&DocumentCompiler::add_facilities);
    if (rule_.is_port) step(&DocumentCompiler::finish_port_rule);
    return {std::move(rule_), term_, std::move(identifiers_), std::move(scope_.exceptions)};
  }

 private:
  void step(void (DocumentCompiler::*part)()) {
    if (!problem_.found()) (this->*part)();
  }
  void refuse(int line, std::string reason) { problem_.say(line, std::move(reason)); }
  int line_of(std::string_view key) const { return rules::line_of(document_, key); }

  void read_log_source() {
    const Node* source = root_.find("logsource");
    if (!root_.find("detection")) return refuse(document_.line, "the document has no detection");
    if (!source || !source->is_map()) return refuse(line_of("logsource"), "logsource is missing or not a map");
    const Node* product = source->find("product");
    rule_.is_port = scope_.is_port = product && product->text == "port";
    if (!rule_.is_port) {
      if (root_.find("quaywatch")) refuse(line_of("quaywatch"), "a quaywatch block needs logsource product: port");
      return;
    }
    const Node* category = source->find("category");
    const std::string_view word = category ? std::string_view(category->text) : std::string_view();
    if (std::find(kCategories.begin(), kCategories.end(), word) == kCategories.end())
      refuse(source->line, fmt::format("logsource category '{}' is none of {}{}", word, joined(kCategories),
                                       nearest_hint(word, kCategories)));
  }

  void read_header() { rules::read_header(document_, is_part_, rule_, problem_); }
  void read_port_parts() { rules::read_port_parts(document_, rule_, scope_, exonerates_, problem_); }

  void read_detection() {
    const Node& detection = *root_.find("detection");
    if (!detection.is_map())
      return refuse(line_of("detection"), "detection must be a map of search identifiers and a condition");
    for (const Entry& e : detection.entries)
      if (e.key != "condition") names_.push_back(e.key);
    identifiers_ = identifiers_in(scope_);
    if (problem_.found()) return;
    const Node* node = detection.find("condition");
    if (!node) return refuse(detection.line, "the detection has no condition");
    condition_ = read_condition(*node);
    if (problem_.found()) return;
    if (rule_.is_port) check_port_condition(condition_, node->line);
    if (problem_.found()) return;
    name_parts(identifiers_);
    term_ = judged(identifiers_);
  }

  std::vector<Identifier> identifiers_in(Scope& scope) {
    std::vector<Identifier> out;
    const Node& detection = *root_.find("detection");
    for (const Entry& e : detection.entries) {
      if (e.key == "condition") continue;
      const TermIndex term = compile_selection(e.key, e.value, e.line, scope, problem_);
      if (problem_.found()) return out;
      out.push_back({e.key, {}, true, term, std::exchange(scope.asked, {})});
    }
    return out;
  }

  // What the rule says at one facility, or at all others.
  struct Variant {
    TermIndex where = 0;
    std::vector<Identifier> identifiers;
    std::vector<TermIndex> exceptions;
  };

  // The rule once more for each facility where a param is not its default: there that holds, elsewhere what was read.
  void add_facilities() {
    const auto facilities = facilities_of(scope_);
    if (facilities.empty()) return;
    const Node& block = *root_.find("quaywatch");
    if (facilities.size() > limits::kRuleFacilities)
      return refuse(block.find("params")->line,
                    fmt::format("quaywatch.params has values for {} facilities; at most {} are allowed",
                                facilities.size(), limits::kRuleFacilities));
    std::vector<Variant> variants;
    std::vector<TermIndex> places;
    for (const std::string& facility : facilities) {
      Scope there = scope_at(facility, block, rule_, scope_, problem_);
      auto identifiers = identifiers_in(there);
      if (problem_.found()) return;
      name_parts(identifiers);
      places.push_back(at_facility(facility));
      variants.push_back({places.back(), std::move(identifiers), std::move(there.exceptions)});
    }
    const TermIndex any = scope_.program.group(Term::Kind::any, places);
    variants.push_back({scope_.program.group(Term::Kind::negation, {any}), std::move(identifiers_),
                        std::move(scope_.exceptions)});
    join(variants);
  }

  void join(std::vector<Variant>& variants) {
    Program& program = scope_.program;
    std::vector<TermIndex> terms;
    std::vector<std::vector<TermIndex>> exceptions(variants.front().exceptions.size());
    identifiers_.clear();
    for (Variant& v : variants) {
      terms.push_back(program.group(Term::Kind::all, {judged(v.identifiers), v.where}));
      for (std::size_t i = 0; i < exceptions.size(); ++i)
        exceptions[i].push_back(program.group(Term::Kind::all, {v.exceptions[i], v.where}));
      for (Identifier& i : v.identifiers) {
        i.where = v.where;
        identifiers_.push_back(std::move(i));
      }
    }
    term_ = program.group(Term::Kind::any, terms);
    scope_.exceptions.clear();
    for (const auto& of : exceptions) scope_.exceptions.push_back(program.group(Term::Kind::any, of));
  }

  TermIndex at_facility(const std::string& facility) {
    Pattern pattern = Pattern::literal(facility);
    pattern.fold(false);
    return scope_.program.predicate_term(
        {scope_.program.field_slot(FieldId::event_facility), false, TextTest{std::move(pattern)}});
  }

  TermIndex judged(const std::vector<Identifier>& identifiers) {
    return compile_condition(condition_, judged_terms(identifiers), scope_.program);
  }

  // A list of conditions is or-ed (rules specification 2.1, "Condition").
  Condition read_condition(const Node& node) {
    Condition any{Condition::Kind::any, {}, 0, 0, {}};
    for (const std::string& text : read_words(node, "condition", problem_)) {
      if (problem_.found()) break;
      any.parts.push_back(parse_condition(text, node.line, names_, problem_));
    }
    return any.parts.size() == 1 ? std::move(any.parts.front()) : any;
  }

  void check_port_condition(const Condition& condition, int line) {
    if (holds_on_nothing(condition, {}))
      refuse(line, "the condition is true when no search identifier matches; at least one positive term is mandatory");
    for (const std::string& name : names_)
      if (!uses(condition, name))
        refuse(line, fmt::format("the condition never uses the search identifier '{}'", name));
    for (const std::string& name : exonerates_.identifiers) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
        const std::vector<std::string_view> known(names_.begin(), names_.end());
        refuse(exonerates_.line, fmt::format("quaywatch.exonerates names '{}', which is no search identifier{}", name,
                                             nearest_hint(name, known)));
      } else if (uses_positively(condition, name) && uses_negatively(condition, name)) {
        refuse(
            exonerates_.line,
            fmt::format("quaywatch.exonerates names '{}', which the condition uses both with and without 'not'", name));
      } else if (uses_positively(condition, name)) {
        assumed_.push_back(name);
      }
    }
    if (holds_on_nothing(condition, assumed_))
      refuse(exonerates_.line, "quaywatch.exonerates names every positive term; at least one must be known to be true");
  }

  void name_parts(std::vector<Identifier>& identifiers) const {
    const auto& excuses = exonerates_.identifiers;
    for (Identifier& i : identifiers) {
      i.is_wanted = uses_positively(condition_, i.name);
      const bool is_excuse = std::find(excuses.begin(), excuses.end(), i.name) != excuses.end();
      i.part = is_excuse ? Part::excuse : i.is_wanted ? Part::speaks_for : Part::rules_out;
    }
  }

  // An excuse that is unknown is taken as `assumed_` says.
  std::vector<TermIndex> judged_terms(const std::vector<Identifier>& identifiers) {
    std::vector<TermIndex> out;
    const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    for (const auto& [name, part, is_wanted, term, asked, where] : identifiers)
      out.push_back(is_in(exonerates_.identifiers, name)
                        ? scope_.program.group(Term::Kind::exonerating, {term}, is_in(assumed_, name))
                        : term);
    return out;
  }

  void finish_port_rule() {
    rule_.reads = scope_.reads;
    rule_.types = possible_types(scope_.program, term_);
    if (rule_.types.empty()) refuse(line_of("detection"), "the detection can match no event type");
    if (rule_.types.size() == kEventTypeCount) rule_.types.clear();  // empty: all
    // What a part reads is stated by the correlation that tells of it.
    if (!is_part_) check_legal(rule_, scope_, line_of("quaywatch"), problem_);
  }

  const Document& document_;
  const Node& root_;
  bool is_part_;
  Problem& problem_;
  Scope scope_;
  Rule rule_;
  Exonerates exonerates_;
  std::vector<std::string>
      assumed_;  // exonerating identifiers that stand outside `not`: open, they do not exonerate if true
  std::vector<std::string> names_;
  Condition condition_;
  std::vector<Identifier> identifiers_;
  TermIndex term_ = 0;
};

}  // namespace

Compiled compile_document(const Document& document, const std::string& path, bool is_part, Program& program,
                          Problem& problem) {
  return DocumentCompiler(document, is_part, program, problem).compile(path);
}

}  // namespace quaywatch::rules
