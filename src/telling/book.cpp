#include "telling/book.h"

#include <algorithm>

#include "base/limits_server.h"
#include "base/sha256.h"

namespace quaywatch::telling {
namespace {

constexpr std::size_t kIdBytes = 16;

std::string message_id(const Message& message) {
  Sha256 hash;
  hash.update(message.recipient.id);
  for (const Notice& n : message.notices) hash.update(n.alert_id).update_u64(n.revision).update(n.status);
  for (const Waiting& w : message.waiting) hash.update(name(w.kind)).update(w.id);
  const Digest digest = hash.finish();
  return to_hex({digest.data(), kIdBytes});
}

}  // namespace

Duration retry_after(std::uint32_t failures) {
  Duration wait = limits::kTellingRetryFirst;
  for (std::uint32_t i = 1; i < failures && wait < limits::kTellingRetryMost; ++i) wait = wait + wait;
  return std::min(wait, limits::kTellingRetryMost);
}

void Book::deliver(Post& post, const Attempt& attempt) {
  for (const Notice& n : attempt.message.notices) {
    Line& line = post.lines[n.alert_id];
    line.told = n;
    line.told_at = attempt.at;
    if (!line.open || line.open->revision > n.revision) continue;
    line.open.reset();
    post.open.erase(n.alert_id);
  }
  for (const Waiting& w : attempt.message.waiting) {
    post.requests[w].is_told = true;
    post.requests[w].is_open = false;
  }
}

void Book::apply(const Attempt& attempt) {
  Post& post = posts_[attempt.message.recipient.id];
  if (post.recipient.id.empty()) post.recipient = attempt.message.recipient;
  for (const Notice& n : attempt.message.notices) {
    Attempt of_alert = attempt;
    of_alert.message.notices = {n};
    auto& attempts = stories_[n.alert_id].attempts;
    // Of failures in a row the last: its number says how many there were.
    const auto before = std::find_if(attempts.rbegin(), attempts.rend(), [&](const Attempt& a) {
      return a.message.recipient.id == attempt.message.recipient.id;
    });
    const bool is_again = attempt.outcome == Outcome::failed && before != attempts.rend() &&
                          before->outcome == Outcome::failed;
    if (is_again) attempts.erase(std::next(before).base());
    attempts.push_back(std::move(of_alert));
    Line& line = post.lines[n.alert_id];
    line.is_withheld |= attempt.outcome == Outcome::withheld;
    line.was_tried |= attempt.outcome != Outcome::withheld;
  }
  if (attempt.outcome == Outcome::withheld) {
    for (const Waiting& w : attempt.message.waiting) post.requests[w].is_withheld = true;
    return;
  }
  if (attempt.outcome == Outcome::failed) {
    post.retry_at = attempt.at + retry_after(++post.failures);
    return;
  }
  post.failures = 0;
  post.retry_at = Timestamp::min();
  post.sent.push_back(attempt.at);
  while (post.sent.size() > per_minute_) post.sent.pop_front();
  deliver(post, attempt);
}

void Book::apply(const Asked& asked) {
  Story& story = stories_[asked.alert_id];
  story.asked.push_back(asked);
  if (story.is_asking())
    waiting_.insert(asked.alert_id);
  else
    waiting_.erase(asked.alert_id);
}

void Book::apply(const Acknowledged& acknowledged) {
  Story& story = stories_[acknowledged.alert_id];
  if (!story.acknowledged) story.acknowledged = acknowledged;
  waiting_.erase(acknowledged.alert_id);
}

void Book::wait_again(const std::string& alert_id) {
  if (const Story* told = story(alert_id); told != nullptr && told->is_asking()) waiting_.insert(alert_id);
}

void Book::offer(const Recipient& recipient, Notice notice, Timestamp now) {
  Post& post = posts_[recipient.id];
  post.recipient = recipient;
  Line& line = post.lines[notice.alert_id];
  const bool was_told = line.told.revision > 0;
  const bool is_withdrawn = notice.status == "withdrawn";
  const auto close = [&] {
    line.open.reset();
    post.open.erase(notice.alert_id);
  };
  if (was_told && line.told.revision >= notice.revision) return close();
  // A failed attempt may have arrived all the same.
  if (is_withdrawn && !was_told && !line.was_tried) return close();
  if (line.open && line.open->revision == notice.revision) return;
  notice.news = is_withdrawn ? News::withdrawn
                : was_told && line.told.news != News::withdrawn ? News::revised
                                                                : News::raised;
  const bool is_detail = notice.news == News::revised && line.told.status == notice.status;
  if (!line.open) line.due_at = is_detail ? std::max(now, line.told_at + limits::kRevisionPause) : now;
  if (!is_detail) line.due_at = std::min(line.due_at, now);
  post.open.insert(notice.alert_id);
  line.open = std::move(notice);
}

void Book::drop(const std::string& recipient_id, const std::string& alert_id) {
  const auto post = posts_.find(recipient_id);
  if (post == posts_.end() || post->second.open.erase(alert_id) == 0) return;
  post->second.lines[alert_id].open.reset();
}

void Book::offer(const Recipient& recipient, const Waiting& waiting, Timestamp now) {
  Post& post = posts_[recipient.id];
  post.recipient = recipient;
  Request& request = post.requests[waiting];
  if (request.is_told || request.is_open) return;
  request.is_open = true;
  request.due_at = now;
}

void Book::drop(const std::string& recipient_id, const Waiting& waiting) {
  const auto post = posts_.find(recipient_id);
  if (post == posts_.end()) return;
  const auto at = post->second.requests.find(waiting);
  if (at != post->second.requests.end()) at->second.is_open = false;
}

void Book::drop_all_but(const std::set<Waiting>& waiting) {
  for (auto& [id, post] : posts_)
    for (auto& [of, request] : post.requests)
      if (!waiting.contains(of)) request.is_open = false;
}

bool Book::knows(const std::string& recipient_id, const Waiting& waiting, bool also_withheld) const {
  const auto post = posts_.find(recipient_id);
  if (post == posts_.end()) return false;
  const auto at = post->second.requests.find(waiting);
  if (at == post->second.requests.end()) return false;
  const Request& request = at->second;
  return request.is_told || request.is_open || (also_withheld && request.is_withheld);
}

std::vector<Recipient> Book::open_to() const {
  std::vector<Recipient> out;
  for (const auto& [id, post] : posts_)
    if (!post.open.empty() || !open_requests(post).empty()) out.push_back(post.recipient);
  return out;
}

std::size_t Book::drop_all(const std::string& recipient_id) {
  const auto post = posts_.find(recipient_id);
  if (post == posts_.end()) return 0;
  for (auto& [alert_id, line] : post->second.lines) {
    line.open.reset();
    line.was_tried = false;
  }
  const std::size_t requests = open_requests(post->second).size();
  for (auto& [waiting, request] : post->second.requests) request.is_open = false;
  return std::exchange(post->second.open, {}).size() + requests;
}

void Book::reconfigure(std::vector<OnCall> on_call, std::uint32_t per_minute) {
  on_call_ = std::move(on_call);
  per_minute_ = per_minute;
  for (auto& [id, post] : posts_) {
    post.failures = 0;
    post.retry_at = Timestamp::min();
  }
}

bool Book::knows(const std::string& recipient_id, const std::string& alert_id) const {
  const auto post = posts_.find(recipient_id);
  if (post == posts_.end()) return false;
  const auto line = post->second.lines.find(alert_id);
  return line != post->second.lines.end() && (line->second.told.revision > 0 || line->second.is_withheld);
}

std::vector<Recipient> Book::told_of(const std::string& alert_id) const {
  std::vector<Recipient> out;
  for (const auto& [id, post] : posts_) {
    const auto line = post.lines.find(alert_id);
    const bool is_told = line != post.lines.end() && (line->second.told.revision > 0 || line->second.was_tried);
    if (is_told) out.push_back(post.recipient);
  }
  return out;
}

std::map<std::string, Notice> Book::standing() const {
  std::map<std::string, Notice> out;
  for (const auto& [id, post] : posts_)
    for (const auto& [alert_id, line] : post.lines)
      if (line.told.revision > out[alert_id].revision) out[alert_id] = line.told;
  std::erase_if(out, [](const auto& row) { return row.second.revision == 0 || row.second.news == News::withdrawn; });
  return out;
}

std::vector<const Book::Line*> Book::due_lines(const Post& post, Timestamp now) {
  std::vector<const Line*> out;
  for (const std::string& id : post.open)
    if (const Line& line = post.lines.at(id); line.due_at <= now) out.push_back(&line);
  std::sort(out.begin(), out.end(), [](const Line* a, const Line* b) {
    return std::pair(a->due_at, a->open->alert_id) < std::pair(b->due_at, b->open->alert_id);
  });
  return out;
}

std::vector<std::pair<Timestamp, Waiting>> Book::open_requests(const Post& post) {
  std::vector<std::pair<Timestamp, Waiting>> out;
  for (const auto& [waiting, request] : post.requests)
    if (request.is_open) out.emplace_back(request.due_at, waiting);
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<Message> Book::next_message(const Post& post, Timestamp now) const {
  if (now < post.retry_at) return std::nullopt;
  const auto lines = due_lines(post, now);
  const auto requests = open_requests(post);
  const auto is_recent = [now](Timestamp at) { return at > now - minutes(1) && at <= now; };
  const auto sent = static_cast<std::size_t>(std::count_if(post.sent.begin(), post.sent.end(), is_recent));
  const std::size_t all = lines.size() + requests.size();
  if (all == 0 || sent >= per_minute_) return std::nullopt;
  // The last one of a minute takes all that would not find room.
  const std::size_t room = per_minute_ - sent;
  const std::size_t taken = all <= room ? 1 : limits::kToldTogether;
  Message out;
  out.recipient = post.recipient;
  out.made_at = now;
  out.attempt = post.failures + 1;
  // Alerts and requests do not go together: a receiver of one need not know the other. Whichever is due for longer.
  if (lines.empty() || (!requests.empty() && requests.front().first < lines.front()->due_at))
    for (std::size_t i = 0; i < std::min(taken, requests.size()); ++i) out.waiting.push_back(requests[i].second);
  else
    for (std::size_t i = 0; i < std::min(taken, lines.size()); ++i) out.notices.push_back(*lines[i]->open);
  out.id = message_id(out);
  return out;
}

std::vector<Message> Book::due(Timestamp now) const {
  std::vector<Message> out;
  for (const auto& [id, post] : posts_)
    if (auto message = next_message(post, now)) out.push_back(std::move(*message));
  return out;
}

std::size_t Book::open() const {
  std::size_t out = 0;
  for (const auto& [id, post] : posts_) out += post.open.size() + open_requests(post).size();
  return out;
}

std::optional<Timestamp> Book::next_at(const std::string& alert_id) const {
  const auto at = stories_.find(alert_id);
  if (at == stories_.end() || !at->second.is_asking()) return std::nullopt;
  const Asked& last = at->second.asked.back();
  const auto is_last = [&](const OnCall& o) { return o.login == last.login; };
  const auto place = std::find_if(on_call_.begin(), on_call_.end(), is_last);
  if (last.is_withheld) return last.at;
  return last.at + (place == on_call_.end() ? OnCall{}.escalate_after : place->escalate_after);
}

std::optional<std::size_t> Book::next_on_call(const std::string& alert_id, Timestamp now) const {
  static const Story none;
  const auto at = stories_.find(alert_id);
  const Story& story = at == stories_.end() ? none : at->second;
  if (on_call_.empty() || story.acknowledged || story.is_at_its_end()) return std::nullopt;
  const auto until = next_at(alert_id);
  if (until && now < *until) return std::nullopt;
  // The list may have been changed since: the first who was not asked yet.
  const auto was_asked = [&](const OnCall& o) {
    return std::any_of(story.asked.begin(), story.asked.end(), [&](const Asked& a) { return a.login == o.login; });
  };
  const auto next = std::find_if_not(on_call_.begin(), on_call_.end(), was_asked);
  return static_cast<std::size_t>(next - on_call_.begin());
}

const Story* Book::story(const std::string& alert_id) const {
  const auto at = stories_.find(alert_id);
  return at == stories_.end() ? nullptr : &at->second;
}

}  // namespace quaywatch::telling
