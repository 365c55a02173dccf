
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "api/audit.h"
#include "app/keep_commands.h"
#include "app/print.h"
#include "app/run_input.h"
#include "app/site.h"
#include "app/site_people.h"
#include "base/text.h"
#include "ingest/input_log.h"
#include "io/clock.h"

namespace quaywatch::app {
namespace {

Result<std::string> new_password(const Site& site, const KeepOptions& options) {
  // Held to the end: a server would go on with the old password.
  auto log = ingest::InputLog::open(site.folder(), site.keys());
  if (!log && log.error().context.ends_with("/.lock"))
    return fail(ErrorCode::invalid_argument, "stop the server first, such as with: systemctl stop quaywatch");
  if (!log) return tl::unexpected(log.error());
  auto directory = open_directory(site);
  if (!directory) return tl::unexpected(directory.error());
  const auto users = directory->users();
  const auto user = std::find_if(users.begin(), users.end(),
                                 [&](const identity::User& u) { return equals_ignore_case(u.login, options.login); });
  if (user == users.end())
    return fail(ErrorCode::not_found, fmt::format("no user of this site has the login '{}'", options.login));
  const Timestamp now = io::now();
  const api::AuditEntry entry{0,
                              now,
                              std::string(api::kOnTheMachine),
                              user->organisation_id,
                              "resetPassword",
                              "user:" + user->id,
                              api::reset_detail(true, options.second_factor)};
  if (auto noted = log->note(journal::TextEntry{std::string(api::kUseTopic), now, to_text(entry)}); !noted)
    return tl::unexpected(noted.error());
  if (auto done = log->commit(); !done) return tl::unexpected(done.error());
  if (options.second_factor)
    if (auto dropped = directory->drop_second_factor(user->id); !dropped) return tl::unexpected(dropped.error());
  const auto reset = directory->reset(user->id, now);
  if (!reset) return tl::unexpected(reset.error());
  if (user->is_disabled) print(stderr, "'{}' is disabled: somebody must enable it before it signs in\n", user->login);
  if (user->is_totp_enrolled && !options.second_factor)
    print(stderr, "the second factor of '{}' stays; --second-factor drops it\n", user->login);
  return reset->one_time_password;
}

}  // namespace

int reset_password(const KeepOptions& options) {
  const auto site = Site::open_existing(options.site.empty() ? site_folder() : options.site);
  if (!site) return unusable(site.error());
  const auto password = new_password(*site, options);
  if (!password) return unusable(password.error());
  print(stdout, "sign in as '{}' with the one-time password {}\n", options.login, *password);
  return finish(kDone);
}

}  // namespace quaywatch::app
