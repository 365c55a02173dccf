#include "rules/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "rules/block.h"
#include "rules/condition.h"
#include "rules/header.h"
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
    for (const Entry& e : detection.entries) {
      if (e.key == "condition") continue;
      names_.push_back(e.key);
      terms_.push_back(compile_selection(e.key, e.value, e.line, scope_, problem_));
      if (problem_.found()) return;
      identifiers_.push_back({e.key, {}, true, terms_.back(), std::exchange(scope_.asked, {})});
    }
    const Node* node = detection.find("condition");
    if (!node) return refuse(detection.line, "the detection has no condition");
    const Condition condition = read_condition(*node);
    if (problem_.found()) return;
    if (rule_.is_port) check_port_condition(condition, node->line);
    if (!problem_.found()) term_ = compile_condition(condition, judged_terms(), scope_.program), name_parts(condition);
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

  void name_parts(const Condition& condition) {
    const auto& excuses = exonerates_.identifiers;
    for (Identifier& i : identifiers_) {
      i.is_wanted = uses_positively(condition, i.name);
      const bool is_excuse = std::find(excuses.begin(), excuses.end(), i.name) != excuses.end();
      i.part = is_excuse ? Part::excuse : i.is_wanted ? Part::speaks_for : Part::rules_out;
    }
  }

  // An excuse that is unknown is taken as `assumed_` says.
  std::vector<TermIndex> judged_terms() {
    std::vector<TermIndex> out = terms_;
    const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    for (std::size_t i = 0; i < out.size(); ++i)
      if (const std::string& name = identifiers_[i].name; is_in(exonerates_.identifiers, name))
        out[i] = scope_.program.group(Term::Kind::exonerating, {out[i]}, is_in(assumed_, name));
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
  std::vector<TermIndex> terms_;
  std::vector<Identifier> identifiers_;
  TermIndex term_ = 0;
};

}  // namespace

Compiled compile_document(const Document& document, const std::string& path, bool is_part, Program& program,
                          Problem& problem) {
  return DocumentCompiler(document, is_part, program, problem).compile(path);
}

}  // namespace quaywatch::rules
