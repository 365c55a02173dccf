// Sessions: who is signed in, in memory only: a restart signs everybody out. A session ends limits::kSessionIdle after
// its last use and limits::kSessionAbsolute after its beginning. Tokens are kept as hashes. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/time.h"

namespace quaywatch::identity {

struct Session {
  std::string user_id;
  std::string csrf_token;
  Timestamp begun, last_used;
  std::string client;  // what the browser says it is; for its user, who knows it again
};

// As its user is shown it: named by its hash, which lets nobody in.
struct OwnSession {
  std::string id;  // s- and 16 hex digits
  bool is_current = false;
  Session session;
};

Timestamp idle_end(const Session& session);
Timestamp absolute_end(const Session& session);

class Sessions {
 public:
  // The token of a new one. A user has at most limits::kSessionsPerUser; the one unused for longest goes.
  Result<std::string> begin(const std::string& user_id, Timestamp now, const std::string& client = {});
  // The session of a token; its use prolongs it. nullopt: none, or it is over.
  std::optional<Session> use(const std::string& token, Timestamp now);
  bool is_valid(const std::string& token, Timestamp now) const;  // does not prolong it
  void end(const std::string& token);
  void end_all_of(const std::string& user_id, const std::string& except_token = {});
  // Those of the user that are not over, used last first; `token` is the current one.
  std::vector<OwnSession> list_of(const std::string& user_id, const std::string& token, Timestamp now) const;
  // Those of the user among `ids`, but for the one of `except_token`; how many there were.
  std::size_t end_of(const std::string& user_id, const std::vector<std::string>& ids, const std::string& except_token);
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::map<Digest, Session> sessions_;  // by the SHA-256 of the token
};

}  // namespace quaywatch::identity
