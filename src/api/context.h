// Context: what all operations share, and Call: one request once it is known who makes it. Lock order: people_mutex,
// the engine's (Live), that of the hub, books_mutex.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/audit.h"
#include "api/event_hub.h"
#include "api/number_lock.h"
#include "api/throttle.h"
#include "base/limits_server.h"
#include "cases/case_book.h"
#include "geo/geometry.h"
#include "holds/hold.h"
#include "identity/directory.h"
#include "identity/sessions.h"
#include "identity/unmasking.h"
#include "identity/wall.h"
#include "io/device_encryption.h"
#include "io/http_server.h"
#include "journal/attachment_store.h"
#include "legal/documents.h"
#include "legal/subject_request.h"
#include "live/live.h"

namespace quaywatch::api {

class Backtests;
class Teller;

struct Context {
  std::string version;
  io::DeviceEncryption storage;  // of the site's folder, at the start
  live::Live* live = nullptr;
  identity::Directory* directory = nullptr;
  std::mutex people_mutex;  // held from the statement of a user or organisation until it is kept
  identity::Sessions sessions;
  std::atomic<std::uint8_t> second_factor_roles = 0;  // identity::bits: of whom the site demands one
  // One book per organisation: what one decides, the others do not see, but for cases that were handed over.
  mutable std::shared_mutex books_mutex;
  std::map<std::string, cases::CaseBook> books;
  holds::HoldBook holds;  // likewise, under the same lock
  identity::UnmaskingBook unmaskings;
  legal::RequestBook subject_requests;
  std::string outbox;     // folder of hold requests
  const journal::AttachmentStore* attachments = nullptr;
  std::atomic<std::shared_ptr<const geo::Geometry>> geometry;  // the port's own; null until it was read
  Teller* teller = nullptr;
  Backtests* backtests = nullptr;
  Audit audit;
  NumberLock numbers;
  Throttle requests{limits::kRequestsPerMinute};  // by user
  Throttle sign_ins{limits::kSignInsPerMinute};   // by address
  EventHub hub{numbers};
  std::function<io::HttpCounters()> http_counters;
  std::string metrics_token;       // whoever presents it reads the counters; empty: there is none
  bool is_behind_proxy = false;    // who connects from this machine may be anybody
  std::function<Timestamp()> now;  // the clock
  // Who may decide on rules, as the site's configuration says it at this moment.
  std::function<Result<rulebook::Approvers>()> approvers;
  // Whether the site has it on its list of passwords that nobody may take.
  std::function<Result<bool>(const std::string& password)> is_refused_password;
  std::function<Result<legal::Statements>()> statements;  // likewise, what the site says of itself
};

// A body that is kept while it comes (Body::file).
struct Upload {
  journal::AttachmentWriter writer;
  std::string first_bytes;
};

struct Call {
  const io::HttpRequest& http;
  Timestamp now;
  std::map<std::string, std::string> path;  // parameters of the route, decoded
  std::map<std::string, std::string> query;
  nlohmann::json body;  // discarded: none
  std::string token;    // of the session
  identity::Session session;
  identity::User user;  // without id: nobody
  identity::Organisation organisation;
  identity::Reader reader;
  std::shared_ptr<Upload> upload = {};
};

// Browsers take a cookie of the longer name over TLS only, from this host and for no other (RFC 6265bis, 4.1.3.2).
inline std::string_view session_cookie(const io::HttpRequest& request) {
  return request.is_secure ? "__Host-quaywatch_session" : "quaywatch_session";
}

// The site demands a second factor of the user, who has none.
bool must_enrol_totp(const Context& context, const identity::User& user);
// Ends the streams of whom it is demanded now: what he must not ask for he is not told either.
void demand_second_factor(Context& context, std::uint8_t roles);

identity::Reader reader_of(const identity::User& user, const identity::Organisation& organisation);

// Of one's own organisation with login and name, else as the organisation.
nlohmann::ordered_json person_json(const Context& context, const std::string& organisation_id,
                                   const std::string& user_id);

nlohmann::ordered_json time_or_null(const std::optional<Timestamp>& t);

// What the user did goes into the journal; look-ups of boxes and releases as events too, which rules see. An Error: it
// is not on record, so nothing may be shown.
struct Use {
  std::string operation;
  std::string subject;  // such as container:TRHU3871247, alert:<id>; shown to auditors
  std::string detail;
  std::vector<Subject> looked_up;  // containers and releases
  std::string task;                // what explains the look-up, such as the id of the alert
};
Result<void> record(Context& context, const Call& call, const Use& use);
// The same as entries, for who writes them with others. Those of users of customs and police are sealed to their
// organisation. An Error: there is no key for that.
Result<std::vector<journal::Entry>> entries_of(const Context& context, const Call& call, const Use& use);

// What somebody decided goes into the journal unless `refuse`, asked while nobody else writes, says why not. nullopt:
// it was written; else 409 with the reason, or what the disk refused.
std::optional<io::HttpResponse> write_unless(Context& context, const std::function<std::string()>& refuse,
                                             journal::TextEntry entry);

}  // namespace quaywatch::api
