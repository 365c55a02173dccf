#include "identity/sessions.h"

#include <algorithm>

#include "base/limits_server.h"
#include "identity/secrets.h"

namespace quaywatch::identity {

using Lock = std::lock_guard<std::mutex>;

Timestamp idle_end(const Session& session) {
  return session.last_used + limits::kSessionIdle;
}
Timestamp absolute_end(const Session& session) {
  return session.begun + limits::kSessionAbsolute;
}

namespace {

bool is_over(const Session& s, Timestamp now) {
  return now >= idle_end(s) || now >= absolute_end(s);
}

std::string id_of(const Digest& token_digest) {
  return "s-" + to_hex(token_digest).substr(0, 16);
}

}  // namespace

Result<std::string> Sessions::begin(const std::string& user_id, Timestamp now, const std::string& client) {
  auto token = random_token();
  auto csrf = random_token();
  if (!token || !csrf) return tl::unexpected(token ? csrf.error() : token.error());
  const Lock lock(mutex_);
  std::erase_if(sessions_, [&](const auto& s) { return is_over(s.second, now); });
  const auto older = [](const auto& a, const auto& b) { return a.second.last_used < b.second.last_used; };
  std::map<Digest, Session> own;
  for (const auto& s : sessions_)
    if (s.second.user_id == user_id) own.insert(s);
  if (own.size() >= limits::kSessionsPerUser)
    sessions_.erase(std::min_element(own.begin(), own.end(), older)->first);
  if (sessions_.size() >= limits::kSessions)
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(), older));
  sessions_[sha256(*token)] = {user_id, std::move(*csrf), now, now, client};
  return token;
}

std::optional<Session> Sessions::use(const std::string& token, Timestamp now) {
  const Lock lock(mutex_);
  const auto at = sessions_.find(sha256(token));
  if (at == sessions_.end()) return std::nullopt;
  if (is_over(at->second, now)) {
    sessions_.erase(at);
    return std::nullopt;
  }
  at->second.last_used = std::max(at->second.last_used, now);
  return at->second;
}

bool Sessions::is_valid(const std::string& token, Timestamp now) const {
  const Lock lock(mutex_);
  const auto at = sessions_.find(sha256(token));
  return at != sessions_.end() && !is_over(at->second, now);
}

void Sessions::end(const std::string& token) {
  const Lock lock(mutex_);
  sessions_.erase(sha256(token));
}

void Sessions::end_all_of(const std::string& user_id, const std::string& except_token) {
  const Lock lock(mutex_);
  const Digest kept = sha256(except_token);
  std::erase_if(sessions_, [&](const auto& s) { return s.second.user_id == user_id && s.first != kept; });
}

std::vector<OwnSession> Sessions::list_of(const std::string& user_id, const std::string& token, Timestamp now) const {
  const Lock lock(mutex_);
  const Digest current = sha256(token);
  std::vector<OwnSession> out;
  for (const auto& [digest, session] : sessions_)
    if (session.user_id == user_id && !is_over(session, now))
      out.push_back({id_of(digest), digest == current, session});
  std::sort(out.begin(), out.end(),
            [](const OwnSession& a, const OwnSession& b) { return a.session.last_used > b.session.last_used; });
  return out;
}

std::size_t Sessions::end_of(const std::string& user_id, const std::vector<std::string>& ids,
                             const std::string& except_token) {
  const Lock lock(mutex_);
  const Digest kept = sha256(except_token);
  return std::erase_if(sessions_, [&](const auto& s) {
    return s.second.user_id == user_id && s.first != kept &&
           std::find(ids.begin(), ids.end(), id_of(s.first)) != ids.end();
  });
}

std::size_t Sessions::size() const {
  const Lock lock(mutex_);
  return sessions_.size();
}

}  // namespace quaywatch::identity
