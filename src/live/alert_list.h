// AlertList: all alerts that were told, also withdrawn ones, as one View shows them. Immutable, so that views between
// two changed alerts share one; readable by any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "live/rows.h"

namespace quaywatch::live {

class AlertList {
 public:
  AlertList() = default;
  // `old` with `changed`, each in the place of the one with its id where there is one. No id twice in `changed`.
  AlertList(const AlertList& old, std::vector<AlertRowPtr> changed);

  // Newest event first, then by id.
  auto begin() const { return newest_.begin(); }
  auto end() const { return newest_.end(); }
  std::size_t size() const { return newest_.size(); }
  AlertRowPtr find(std::string_view id) const;  // null: there is none
  // Those that name the subject, in whatever role, newest first.
  std::vector<AlertRowPtr> about(const Subject& subject) const;

 private:
  std::vector<AlertRowPtr> newest_;
  std::vector<AlertRowPtr> by_id_;
  std::vector<std::pair<std::uint64_t, AlertRowPtr>> by_subject_;  // by a hash of the subject, then by id
};

}  // namespace quaywatch::live
