#include "model/record.h"

#include "base/limits.h"

namespace quaywatch {

Value Record::value(const Cell& c) const {
  Value v;
  v.kind = c.kind;
  if (c.kind == Kind::text) {
    v.text = std::string_view(text_).substr(static_cast<std::size_t>(c.number), c.size);
  } else if (c.kind == Kind::unknown) {
    v.cause = static_cast<UnknownCause>(c.number);
  } else {
    v.number = c.number;
  }
  return v;
}

bool Record::add_text(FieldId field, std::string_view text) {
  // A record has about ten cells and sixty bytes of text: one allocation each instead of five.
  if (cells_.capacity() == 0) cells_.reserve(10);
  if (text_.capacity() < 32) text_.reserve(64);
  if (cells_.size() >= limits::kEventCells || text_.size() + text.size() > limits::kEventTextBytes) return false;
  cells_.push_back(
      {field, Kind::text, static_cast<std::uint32_t>(text.size()), static_cast<std::int64_t>(text_.size())});
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

void Record::clear() {
  cells_.clear();
  text_.clear();
}

void Record::remove(FieldId field) {
  std::erase_if(cells_, [&](const Cell& c) { return c.field == field; });
}

Value Record::get(FieldId field) const {
  for (const Cell& c : cells_)
    if (c.field == field) return value(c);
  return {};
}

}  // namespace quaywatch
