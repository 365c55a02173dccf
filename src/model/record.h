// Record: a small ordered multimap from FieldId to Value that owns its text. The body of an Event and the set of facts
// about it are both Records. A repeated field is a list. At most limits::kEventCells cells and kEventTextBytes of text;
// what does not fit is refused by add_* returning false, and the caller counts it.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/catalogue.h"
#include "model/value.h"

namespace quaywatch {

class Record {
 public:
  bool add_text(FieldId field, std::string_view text);
  bool add_integer(FieldId field, std::int64_t v) { return add_number(field, Kind::integer, v); }
  bool add_decimal(FieldId field, std::int64_t millionths) { return add_number(field, Kind::decimal, millionths); }
  bool add_boolean(FieldId field, bool v) { return add_number(field, Kind::boolean, v ? 1 : 0); }
  bool add_time(FieldId field, Timestamp t) { return add_number(field, Kind::time, t.us); }
  bool add_unknown(FieldId field, UnknownCause cause) {
    return add_number(field, Kind::unknown, static_cast<std::int64_t>(cause));
  }
  bool add(FieldId field, const Value& v);
  // All cells of `other` behind ours; false, and nothing added, where not all of it fits.
  bool append(const Record& other);
  void reserve(std::size_t cells, std::size_t text_bytes = 0) {
    cells_.reserve(cells);
    text_.reserve(text_bytes);
  }
  void clear();
  void remove(FieldId field);

  // The first; absent when there is none.
  Value get(FieldId field) const {
    for (const Cell& c : cells_)
      if (c.field == field) return value(c);
    return {};
  }
  std::string_view text(FieldId field) const { return get(field).text; }
  bool has(FieldId field) const { return !get(field).is_absent(); }
  std::size_t size() const { return cells_.size(); }
  bool empty() const { return cells_.empty(); }
  std::size_t text_bytes() const { return text_.size(); }  // of all its cells, at least

  // fn(FieldId, Value) for every cell in the order added; each(field, fn) for the values of one field.
  template <typename F>
  void each(F&& fn) const {
    for (const Cell& c : cells_) fn(c.field, value(c));
  }
  template <typename F>
  void each(FieldId field, F&& fn) const {
    for (const Cell& c : cells_)
      if (c.field == field) fn(value(c));
  }

 private:
  struct Cell {
    FieldId field;
    Kind kind;
    std::uint32_t size;   // of text
    std::int64_t number;  // or offset of text
  };
  Value value(const Cell& c) const {
    Value v;
    v.kind = c.kind;
    if (c.kind == Kind::text)
      v.text = std::string_view(text_).substr(static_cast<std::size_t>(c.number), c.size);
    else if (c.kind == Kind::unknown)
      v.cause = static_cast<UnknownCause>(c.number);
    else
      v.number = c.number;
    return v;
  }
  bool add_number(FieldId field, Kind kind, std::int64_t v);

  std::vector<Cell> cells_;
  std::string text_;
};

}  // namespace quaywatch
