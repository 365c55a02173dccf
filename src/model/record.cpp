#include "model/record.h"

#include "base/limits.h"

namespace quaywatch {

bool Record::add_text(FieldId field, std::string_view text) {
  const std::size_t begin = text_.size();
  if (cells_.size() >= limits::kEventCells || begin + text.size() > limits::kEventTextBytes) return false;
  // A record has about ten cells and sixty bytes of text: one allocation each instead of five.
  if (cells_.capacity() == 0) reserve(10, 64);
  cells_.push_back({field, Kind::text, static_cast<std::uint32_t>(text.size()), static_cast<std::int64_t>(begin)});
  text_.append(text);
  return true;
}

bool Record::add_number(FieldId field, Kind kind, std::int64_t v) {
  if (cells_.size() >= limits::kEventCells) return false;
  cells_.push_back({field, kind, 0, v});
  return true;
}

bool Record::add(FieldId field, const Value& v) {
  if (v.kind == Kind::absent) return true;
  if (v.kind == Kind::text) return add_text(field, v.text);
  if (v.kind == Kind::unknown) return add_unknown(field, v.cause);
  return add_number(field, v.kind, v.number);
}

bool Record::append(const Record& other) {
  const std::size_t cells = cells_.size();
  const std::size_t bytes = text_.size();
  if (cells + other.cells_.size() > limits::kEventCells || bytes + other.text_.size() > limits::kEventTextBytes)
    return false;
  cells_.insert(cells_.end(), other.cells_.begin(), other.cells_.end());
  text_.append(other.text_);
  for (std::size_t i = cells; i < cells_.size(); ++i)
    if (cells_[i].kind == Kind::text) cells_[i].number += static_cast<std::int64_t>(bytes);
  return true;
}

void Record::clear() {
  cells_.clear();
  text_.clear();
}

void Record::remove(FieldId field) {
  std::erase_if(cells_, [&](const Cell& c) { return c.field == field; });
}

}  // namespace quaywatch
