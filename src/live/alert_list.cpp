#include "live/alert_list.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "live/subject_index.h"

namespace quaywatch::live {
namespace {

using Named = std::pair<std::uint64_t, AlertRowPtr>;

bool is_newer(const AlertRowPtr& a, const AlertRowPtr& b) {
  return std::tie(b->event_time, a->id) < std::tie(a->event_time, b->id);
}
bool is_id_less(const AlertRowPtr& a, const AlertRowPtr& b) {
  return a->id < b->id;
}
bool is_named_less(const Named& a, const Named& b) {
  return std::tie(a.first, a.second->id) < std::tie(b.first, b.second->id);
}

bool names(const AlertRow& alert, const Subject& subject) {
  return std::any_of(alert.subjects.begin(), alert.subjects.end(), [&](const SubjectRow& s) {
    return info(s.field).subject == subject.kind && s.value == subject.key;
  });
}

std::vector<Named> named_by(const std::vector<AlertRowPtr>& alerts) {
  std::vector<Named> out;
  for (const AlertRowPtr& alert : alerts)
    for (const SubjectRow& s : alert->subjects) out.emplace_back(subject_hash(info(s.field).subject, s.value), alert);
  std::sort(out.begin(), out.end(), is_named_less);
  // An alert may name a subject in two roles.
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// `old` without what `is_gone` says, and `fresh`; all in the order of `less`.
template <typename T, typename IsGone, typename Less>
std::vector<T> merged(const std::vector<T>& old, const std::vector<T>& fresh, IsGone&& is_gone, Less&& less) {
  std::vector<T> out;
  out.reserve(old.size() + fresh.size());
  auto next = fresh.begin();
  for (const T& row : old) {
    if (is_gone(row)) continue;
    while (next != fresh.end() && less(*next, row)) out.push_back(*next++);
    out.push_back(row);
  }
  out.insert(out.end(), next, fresh.end());
  return out;
}

}  // namespace

AlertList::AlertList(const AlertList& old, std::vector<AlertRowPtr> changed) {
  std::sort(changed.begin(), changed.end(), is_id_less);
  const auto is_gone = [&](const AlertRowPtr& row) {
    return std::binary_search(changed.begin(), changed.end(), row, is_id_less);
  };
  by_id_ = merged(old.by_id_, changed, is_gone, is_id_less);
  by_subject_ = merged(old.by_subject_, named_by(changed),
                       [&](const Named& row) { return is_gone(row.second); }, is_named_less);
  auto by_time = changed;
  std::sort(by_time.begin(), by_time.end(), is_newer);
  newest_ = merged(old.newest_, by_time, is_gone, is_newer);
}

AlertRowPtr AlertList::find(std::string_view id) const {
  const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                   [](const AlertRowPtr& row, std::string_view wanted) { return row->id < wanted; });
  return at != by_id_.end() && (*at)->id == id ? *at : nullptr;
}

std::vector<AlertRowPtr> AlertList::about(const Subject& subject) const {
  const std::uint64_t wanted = subject_hash(subject.kind, subject.key);
  auto at = std::lower_bound(by_subject_.begin(), by_subject_.end(), wanted,
                             [](const Named& row, std::uint64_t hash) { return row.first < hash; });
  std::vector<AlertRowPtr> out;
  for (; at != by_subject_.end() && at->first == wanted; ++at)
    if (names(*at->second, subject)) out.push_back(at->second);
  std::sort(out.begin(), out.end(), is_newer);
  return out;
}

}  // namespace quaywatch::live
