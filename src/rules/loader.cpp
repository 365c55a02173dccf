#include "rules/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"
#include "rules/correlation_document.h"
#include "rules/document.h"
#include "rules/exception.h"
#include "rules/header.h"
#include "rules/reference.h"
#include "rules/yaml.h"

namespace quaywatch::rules {
namespace {

// One document on its way into the pack.
struct Source {
  const RuleFile* file = nullptr;
  Document document;
  std::string id, name;  // by which a correlation may join it; may be empty
  bool is_correlation = false;
  bool is_filter = false;
  bool is_part = false;
  std::vector<std::string> joins;  // of a correlation
  bool is_done = false;            // compiled or refused
  bool is_refused = false;
};

std::string text_under(const Document& document, std::string_view key) {
  const Node* node = document.root.find(key);
  return node && node->is_scalar() ? node->text : std::string();
}

class Loader {
 public:
  Loader(const std::vector<RuleFile>& files, LoadedRules& out, std::vector<Refusal>& refused)
      : files_(files), out_(out), refused_(refused) {}

  void load() {
    for (const RuleFile& file : files_) read(file);
    for (Source& s : sources_)
      for (const std::string& word : {s.id, s.name})
        if (!word.empty() && !s.is_filter) named_[word].push_back(&s);
    mark_parts();
    for (Source& s : sources_)
      if (!s.is_correlation && !s.is_filter) load_detection(s);
    load_correlations();
    for (Source& s : sources_)
      if (s.is_filter) load_filter(s);
    std::stable_sort(refused_.begin(), refused_.end(), [&](const Refusal& a, const Refusal& b) {
      return std::pair(order_of_[a.path], a.line) < std::pair(order_of_[b.path], b.line);
    });
  }

 private:
  void read(const RuleFile& file) {
    order_of_.emplace(file.path, order_of_.size());
    if (file.text.size() > limits::kRuleFileBytes)
      return refuse(
          file, 0, {},
          fmt::format("the file has {} bytes; at most {} are read", file.text.size(), limits::kRuleFileBytes));
    if (!is_valid_utf8(file.text)) return refuse(file, 0, {}, "the file is not valid UTF-8");
    for (Document& document : read_documents(file.text)) {
      if (!document.problem.found() && is_reference(document)) {
        read_reference(file, document);
        continue;
      }
      Source s;
      s.file = &file;
      s.id = to_lower(text_under(document, "id"));
      s.name = text_under(document, "name");
      s.is_correlation = document.root.find("correlation") != nullptr;
      s.is_filter = !s.is_correlation && document.root.find("filter") != nullptr;
      if (s.is_correlation) s.joins = joined_words(document);
      s.document = std::move(document);
      sources_.push_back(std::move(s));
    }
  }

  // Before all rules, which may ask it.
  void read_reference(const RuleFile& file, const Document& document) {
    Problem problem;
    add_reference(document, out_.program.references(), problem);
    if (problem.found()) refuse(file, problem.line(), rule_label(document), problem.reason());
  }

  // What a correlation joins from its own file is a part of it, unless it generates alerts too. A rule of another file
  // goes on alerting: it was there before, and nobody took it back.
  void mark_parts() {
    for (const bool generated : {false, true})
      for (const Source& c : sources_) {
        if (generates(c.document) != generated) continue;
        for (const std::string& word : c.joins)
          for (Source* s : named(word))
            if (s->file == c.file) s->is_part = !generated;
      }
  }

  // Documents that a correlation may mean by `word`.
  std::vector<Source*> named(const std::string& word) const {
    std::vector<Source*> out;
    for (const std::string& key : {word, to_lower(word)})
      if (const auto at = named_.find(key); at != named_.end())
        for (Source* s : at->second)
          if ((s->name == word || s->id == to_lower(word)) && std::find(out.begin(), out.end(), s) == out.end())
            out.push_back(s);
    return out;
  }

  void refuse(const RuleFile& file, int line, std::string label, std::string reason) {
    refused_.push_back({file.path, line, std::move(label), std::move(reason)});
  }
  void refuse(Source& s, const Problem& problem) {
    s.is_done = s.is_refused = true;
    refuse(*s.file, problem.line(), rule_label(s.document), problem.reason());
  }

  void load_detection(Source& s) {
    Problem problem = s.document.problem;
    Compiled compiled;
    if (!problem.found())
      compiled = compile_document(s.document, s.file->path, s.is_part, out_.program, problem);
    if (add(s, std::move(compiled.rule), compiled.term, std::move(compiled.identifiers), problem))
      out_.exceptions.push_back(std::move(compiled.exceptions));
  }

  // False, and a refusal, with a problem.
  bool add(Source& s, Rule rule, TermIndex term, std::vector<Identifier> identifiers, Problem& problem) {
    if (!problem.found()) check_id(rule, s, problem);
    if (problem.found()) return refuse(s, problem), false;
    if (!rule.id.empty()) path_of_id_[rule.id] = s.file->path;
    out_.rules.push_back(std::move(rule));
    out_.terms.push_back(term);
    out_.identifiers.push_back(std::move(identifiers));
    return true;
  }

  void check_id(const Rule& rule, const Source& s, Problem& problem) {
    const auto known = path_of_id_.find(rule.id);
    if (known == path_of_id_.end()) return;
    problem.say(line_of(s.document, "id"),
                fmt::format("the id {} of {} is already used by a rule in {}; give this rule an id of its own", rule.id,
                            rule.path, known->second));
  }

  // Those whose joined rules are all there, until none is left or those that are left wait for each other.
  void load_correlations() {
    for (bool moved = true; moved;) {
      moved = false;
      for (Source& s : sources_)
        if (s.is_correlation && !s.is_done && !waits(s)) load_correlation(s), moved = true;
    }
    for (Source& s : sources_)
      if (s.is_correlation && !s.is_done) {
        Problem problem;
        problem.say(line_of(s.document, "correlation"),
                    "the correlation joins itself, directly or by way of the correlations that it names");
        refuse(s, problem);
      }
  }

  bool waits(const Source& s) const {
    return std::any_of(s.joins.begin(), s.joins.end(), [&](const std::string& word) {
      const auto meant = named(word);
      return std::any_of(meant.begin(), meant.end(), [](const Source* m) { return m->is_correlation && !m->is_done; });
    });
  }

  void load_correlation(Source& s) {
    s.is_done = true;
    Problem problem = s.document.problem;
    CompiledCorrelation compiled;
    if (!problem.found())
      compiled = compile_correlation(
          s.document, s.file->path, s.is_part, out_.rules,
          [&](const std::string& word, int line, Problem& p) { return resolve(s, word, line, p); }, out_.program,
          problem);
    const bool is_port = compiled.rule.is_port;
    if (!add(s, std::move(compiled.rule), 0, {}, problem)) return;
    out_.exceptions.push_back(std::move(compiled.exceptions));
    if (!is_port) return;
    compiled.correlation.rule = out_.rules.size() - 1;
    out_.correlations.push_back(std::move(compiled.correlation));
  }

  // The rules that it names, in whatever file: an operator's exception lies apart from the detectors of others.
  void load_filter(Source& s) {
    Problem problem = s.document.problem;
    CompiledFilter filter;
    if (!problem.found()) filter = compile_filter(s.document, out_.program, problem);
    std::vector<std::size_t> over;
    for (const std::string& word : filter.rules) {
      if (problem.found()) break;
      over.push_back(resolve(s, word, filter.line, problem));
      if (!problem.found()) check_filter(filter, out_.rules[over.back()], problem);
    }
    if (problem.found()) return refuse(s, problem);
    for (const std::size_t i : over) {
      out_.rules[i].exceptions.push_back(filter.exception);
      out_.exceptions[i].push_back(filter.term);
      for (const FieldId field : filter.reads) note_read(out_.rules[i].reads, field);
    }
  }

  // A rule of the same file goes before those of others.
  std::size_t resolve(const Source& from, const std::string& word, int line, Problem& problem) const {
    std::vector<std::size_t> here, elsewhere;
    for (std::size_t i = 0; i < out_.rules.size(); ++i) {
      const Rule& r = out_.rules[i];
      if (r.name == word || (!r.id.empty() && r.id == to_lower(word)))
        (r.path == from.file->path ? here : elsewhere).push_back(i);
    }
    const auto& found = here.empty() ? elsewhere : here;
    if (found.size() > 1)
      problem.say(line, fmt::format("{} names '{}', and {} rules have that name; name the id instead",
                                    whose(from), word, found.size()));
    if (found.empty()) problem.say(line, missing_rule(from, word));
    return found.empty() ? 0 : found.front();
  }

  static std::string_view whose(const Source& from) { return from.is_filter ? "filter.rules" : "correlation.rules"; }
  std::string missing_rule(const Source& from, const std::string& word) const {
    std::vector<std::string_view> names;
    if (!named(word).empty()) return fmt::format("{} names '{}', which was refused itself", whose(from), word);
    for (const Source& s : sources_)
      for (const std::string_view known : {std::string_view(s.name), std::string_view(s.id)})
        if (!known.empty()) names.push_back(known);
    return fmt::format("{} names '{}', which is neither id nor name of a rule{}", whose(from), word,
                       nearest_hint(word, names));
  }

  const std::vector<RuleFile>& files_;
  LoadedRules& out_;
  std::vector<Refusal>& refused_;
  std::vector<Source> sources_;
  std::unordered_map<std::string, std::vector<Source*>> named_;  // by id and by name
  std::unordered_map<std::string, std::string> path_of_id_;
  std::unordered_map<std::string, std::size_t> order_of_;  // of a path
};

}  // namespace

void load_rules(const std::vector<RuleFile>& files, LoadedRules& loaded, std::vector<Refusal>& refused) {
  Loader(files, loaded, refused).load();
}

}  // namespace quaywatch::rules
