#include <fmt/format.h>

#include <map>

#include "api/answer.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "api/visibility.h"
#include "base/language.h"
#include "base/named.h"
#include "legal/feeds.h"

namespace quaywatch::api {
namespace {

std::vector<legal::Feed> feeds_for(const Context& context, const live::View& view, const identity::Reader& reader) {
  std::map<std::string, legal::Seen> seen;
  for (const live::FeedRow& row : view.feeds) seen[row.feed] = {row.owners, row.types, row.personal};
  const auto contracts = context.live->configuration().mappings;
  std::vector<legal::Feed> out;
  for (legal::Feed& feed : legal::feeds_of(contracts->mappings, seen)) {
    if (!may_see_feed(reader, feed.owners, feed.types)) continue;
    std::erase_if(feed.personal, [&](FieldId f) { return !identity::may_see(reader, f); });
    out.push_back(std::move(feed));
  }
  return out;
}

legal::Basis basis_for(const Context& context, const live::View& view, const identity::Reader& reader) {
  legal::Basis out;
  out.feeds = feeds_for(context, view, reader);
  for (const identity::Organisation& o : context.directory->organisations())
    out.recipients.push_back({o.name, std::string(identity::name(o.kind)), o.owners});
  for (const rulebook::Agreement& a : view.deployments->agreements())
    if (a.is_confirmed)
      out.agreements.push_back({a.reference, a.parties, format_rfc3339(a.from), format_rfc3339(a.until), a.rules});
  for (const live::RuleRow& row : view.rules)
    if (!row.rule->is_part && may_see(reader, *row.rule)) out.rules.push_back(row.rule.get());
  return out;
}

io::HttpResponse file_answer(const legal::Document& document) {
  io::HttpResponse out;
  out.content_type = "text/markdown; charset=utf-8";
  out.body = legal::to_markdown(document);
  out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.md\"", document.name));
  return out;
}

}  // namespace

io::HttpResponse get_legal_document(Context& context, const Call& call) {
  Reading in(call.query);
  const std::string language = in.word("language", {"en", "es"}), form = in.word("form", {"json", "markdown"});
  if (!in.is_good()) return invalid(in);
  const legal::Kind* kind = legal::find_document(call.path.at("document"));
  if (kind == nullptr) return problem(404, "not_found", "there is no such document", "document");
  auto statements = context.statements();
  if (!statements) return problem(409, "conflict", "site.toml cannot be read as it is now; ask who runs the server");
  const auto view = context.live->view();
  legal::Basis basis = basis_for(context, *view, call.reader);
  basis.statements = std::move(*statements);
  const legal::Document document = kind->make(basis, find_named<Language>(kLanguages, language).value_or(Language::en));
  return form == "markdown" ? file_answer(document) : json_answer(legal::to_json(document));
}

}  // namespace quaywatch::api
