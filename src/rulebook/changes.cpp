#include "rulebook/changes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace quaywatch::rulebook {
namespace {

struct Stated {
  std::optional<rules::Rule> rule;
  std::string title, text;
};
using Documents = std::map<std::string, Stated>;  // by id of the rule, or path
using Texts = std::map<std::string, std::string>;  // by path

Texts texts_of(const std::vector<rules::RuleFile>& files) {
  Texts out;
  for (const rules::RuleFile& f : files) out[f.path] = f.text;
  return out;
}

Documents documents(const std::vector<rules::RuleFile>& files) {
  Texts texts = texts_of(files);
  Documents out;
  std::set<std::string> with_rules;
  const auto loaded = rules::Pack::load(files);
  for (const rules::Rule& r : loaded.pack.rules()) {
    out[r.id.empty() ? r.title : r.id] = {r, r.title, texts[r.path]};
    with_rules.insert(r.path);
  }
  for (const auto& [path, text] : texts)
    if (!with_rules.contains(path)) out[path] = {std::nullopt, path, text};
  return out;
}

bool is_same(const std::vector<rules::Exception>& a, const std::vector<rules::Exception>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const rules::Exception& x, const rules::Exception& y) {
    return std::tie(x.owner, x.reason, x.from, x.until, x.by) == std::tie(y.owner, y.reason, y.from, y.until, y.by);
  });
}

bool is_same(const Stated& a, const Stated& b) {
  if (!a.rule || !b.rule) return a.text == b.text;
  return a.rule->version == b.rule->version && is_same(a.rule->exceptions, b.rule->exceptions);
}

// Files of rules that all say the same as before, where something else in them does not: a table, say, that rules of
// other files ask.
void add_other_texts(const Texts& was, const Texts& is, std::vector<Change>& all) {
  std::set<std::string> told;
  for (const Change& c : all) {
    told.insert(c.before ? c.before->path : c.id);
    told.insert(c.now ? c.now->path : c.id);
  }
  for (const auto& [path, text] : is) {
    const auto old = was.find(path);
    if (old != was.end() && old->second != text && !told.contains(path))
      all.push_back({path, path, std::nullopt, std::nullopt, old->second, text});
  }
}

std::size_t count(const std::vector<Change>& all, bool is_new, bool is_gone) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Change& c) {
    return c.is_new() == is_new && c.is_gone() == is_gone;
  }));
}

}  // namespace

std::size_t Changes::added() const {
  return count(all, true, false);
}
std::size_t Changes::changed() const {
  return count(all, false, false);
}
std::size_t Changes::gone() const {
  return count(all, false, true);
}

Changes changes(const std::vector<rules::RuleFile>& before, const std::vector<rules::RuleFile>& now) {
  const Documents was = documents(before), is = documents(now);
  Changes out;
  for (const auto& [id, stated] : is) {
    out.rules += stated.rule && !stated.rule->is_part;
    const auto old = was.find(id);
    if (old == was.end())
      out.all.push_back({id, stated.title, std::nullopt, stated.rule, {}, stated.text});
    else if (!is_same(old->second, stated))
      out.all.push_back({id, stated.title, old->second.rule, stated.rule, old->second.text, stated.text});
  }
  for (const auto& [id, stated] : was)
    if (!is.contains(id)) out.all.push_back({id, stated.title, stated.rule, std::nullopt, stated.text, {}});
  add_other_texts(texts_of(before), texts_of(now), out.all);
  std::stable_sort(out.all.begin(), out.all.end(), [](const Change& a, const Change& b) { return a.title < b.title; });
  return out;
}

}  // namespace quaywatch::rulebook
