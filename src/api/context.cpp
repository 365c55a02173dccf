#include "api/context.h"

#include <algorithm>

#include "api/answer.h"
#include "base/text.h"

namespace quaywatch::api {
namespace {

using nlohmann::ordered_json;

// A look-up as the feeds of other systems tell theirs, so that the same rules judge it. Its id is no way to find out
// what was looked up by trying: it takes `id_key`.
EventPtr lookup_event(const Call& call, const Use& use, const Subject& subject, std::string_view id_key) {
  boost::intrusive_ptr<Event> e(new Event);
  const bool is_release = subject.kind == SubjectKind::release;
  e->type = is_release ? EventType::release_viewed : EventType::account_queried;
  e->feed = std::string(ingest::kLookupFeed);
  e->owner = call.organisation.id;
  e->event_time = e->reported_at = e->received_at = call.now;
  e->fields.add_text(FieldId::account_id, call.user.login);
  e->fields.add_text(FieldId::account_organisation, call.organisation.name);
  e->fields.add_text(is_release ? FieldId::release_ref : FieldId::container_number, subject.key);
  if (!use.task.empty()) e->fields.add_text(FieldId::task_ref, use.task);
  e->id = event_id(content_digest(*e, id_key), 0);
  return e;
}

// `missing`: earlier ones of it that are not here. Without those it is the first, and nothing is lost.
std::string key_text(const Context& context, const std::string& organisation, const journal::OrganisationKey& key) {
  const auto all = context.live->missing_organisation_keys();
  const auto missing =
      std::count_if(all.begin(), all.end(), [&](const auto& m) { return m.organisation == organisation; });
  return dump(ordered_json{{"organisation", organisation}, {"key", to_hex(key.id)}, {"missing", missing}});
}

}  // namespace

bool must_enrol_totp(const Context& context, const identity::User& user) {
  return !user.is_totp_enrolled && (identity::bits(user.roles) & context.second_factor_roles) != 0;
}

void demand_second_factor(Context& context, std::uint8_t roles) {
  context.second_factor_roles = roles;
  context.hub.drop_unless([&](const EventHub::Reading& r) {
    const auto user = context.directory->user(r.reader.user_id);
    return user && !must_enrol_totp(context, *user);
  });
}

identity::Reader reader_of(const identity::User& user, const identity::Organisation& organisation) {
  identity::Reader reader{user.id, organisation.kind, organisation.owners, user.linked_accounts};
  reader.owners.push_back(organisation.id);  // the owner of its look-ups
  return reader;
}

ordered_json person_json(const Context& context, const std::string& organisation_id, const std::string& user_id) {
  const auto user = context.directory->user(user_id);
  if (!user) return {{"id", user_id}, {"login", ""}, {"name", ""}};
  if (user->organisation_id == organisation_id) return {{"id", user_id}, {"login", user->login}, {"name", user->name}};
  const auto organisation = context.directory->organisation(user->organisation_id);
  return {{"id", user_id}, {"login", ""}, {"name", organisation ? organisation->name : ""}};
}

ordered_json time_or_null(const std::optional<Timestamp>& t) {
  return t ? ordered_json(format_rfc3339(*t)) : ordered_json(nullptr);
}

Result<std::vector<journal::Entry>> entries_of(const Context& context, const Call& call, const Use& use) {
  std::vector<journal::Entry> out;
  std::vector<std::string> sealed_to;
  std::string id_key = context.live->id_key();
  if (identity::seals_look_ups(call.organisation.kind)) {
    const auto held = context.live->organisation_key(call.organisation.id);
    if (!held) return tl::unexpected(held.error());
    if (held->is_new)
      out.emplace_back(
          journal::TextEntry{std::string(kKeyTopic), call.now, key_text(context, call.organisation.id, *held->key)});
    sealed_to.push_back(call.organisation.id);
    id_key.assign(held->key->events.begin(), held->key->events.end());
  }
  const auto add = [&](journal::Entry entry) {
    out.push_back(journal::sealed_to(sealed_to, call.now, std::move(entry)));
  };
  add(journal::TextEntry{std::string(kUseTopic), call.now,
                         to_text(AuditEntry{0, call.now, call.user.id, call.organisation.id, use.operation,
                                            use.subject, use.detail})});
  for (const Subject& subject : use.looked_up) add(lookup_event(call, use, subject, id_key));
  return out;
}

Result<void> record(Context& context, const Call& call, const Use& use) {
  auto entries = entries_of(context, call, use);
  return entries ? context.live->note(std::move(*entries)) : tl::unexpected(entries.error());
}

std::optional<io::HttpResponse> write_unless(Context& context, const std::function<std::string()>& refuse,
                                             journal::TextEntry entry) {
  std::string why;
  const auto written = context.live->write([&]() -> Result<std::vector<journal::Entry>> {
    why = refuse();
    if (!why.empty()) return fail(ErrorCode::invalid_argument, why);
    return std::vector<journal::Entry>{std::move(entry)};
  });
  if (!why.empty()) return problem(409, "conflict", why);
  if (!written) return problem(written.error());
  return std::nullopt;
}

}  // namespace quaywatch::api
