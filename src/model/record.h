// Record: a small ordered multimap from FieldId to Value that owns its text. The body of an Event and the set of facts
// about it are both Records. A repeated field is a list. At most limits::kEventCells cells and kEventTextBytes of text;
// what does not fit is refused by add_* returning false, and the caller counts it. Views of its text hold until the
// next call that changes it. One block of memory: cells grow from its front, text from its end. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "model/catalogue.h"
#include "model/value.h"

namespace quaywatch {

class Record {
 public:
  Record() = default;
  Record(const Record& other);
  Record(Record&& other) noexcept { swap(other); }
  Record& operator=(Record other) noexcept {
    swap(other);
    return *this;
  }
  ~Record() = default;
  void swap(Record& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(capacity_, other.capacity_);
    std::swap(count_, other.count_);
    std::swap(text_bytes_, other.text_bytes_);
  }

  bool add_text(FieldId field, std::string_view text) {
    if (is_small() && has_room(1, text.size())) [[likely]] return put_text(field, text), true;
    return add_text_to_large(field, text);
  }
  // The same where it takes no call, which is nearly everywhere. False says nothing.
  bool add_short_text(FieldId field, std::string_view text) {
    if (text.size() > kShort || !is_small() || !has_room(1, text.size())) return false;
    return put_text(field, text), true;
  }
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
  void reserve(std::size_t cells, std::size_t text_bytes = 0);  // of all
  void clear() { count_ = text_bytes_ = 0; }
  void remove(FieldId field);

  // The first; absent when there is none.
  Value get(FieldId field) const {
    for (const Cell& c : all())
      if (c.field == field) return value(c);
    return {};
  }
  std::string_view text(FieldId field) const { return get(field).text; }
  bool has(FieldId field) const { return !get(field).is_absent(); }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t text_bytes() const { return text_bytes_; }  // of all its cells, at least

  // fn(FieldId, Value) for every cell in the order added; each(field, fn) for the values of one field.
  template <typename F>
  void each(F&& fn) const {
    for (const Cell& c : all()) fn(c.field, value(c));
  }
  template <typename F>
  void each(FieldId field, F&& fn) const {
    for (const Cell& c : all())
      if (c.field == field) fn(value(c));
  }

 private:
  struct Cell {
    FieldId field;
    Kind kind;
    std::uint32_t size;   // of text
    std::int64_t number;  // or how far before the end of the block its text begins
  };
  const Cell* cells() const { return reinterpret_cast<const Cell*>(block_.get()); }
  Cell* cells() { return reinterpret_cast<Cell*>(block_.get()); }
  std::span<const Cell> all() const { return {cells(), count_}; }
  Value value(const Cell& c) const {
    Value v;
    v.kind = c.kind;
    if (c.kind == Kind::text)
      v.text = {block_.get() + capacity_ - c.number, c.size};
    else if (c.kind == Kind::unknown)
      v.cause = static_cast<UnknownCause>(c.number);
    else
      v.number = c.number;
    return v;
  }
  static constexpr std::size_t kShort = 16;
  // A block this small holds no more cells and text than a record may.
  bool is_small() const { return capacity_ <= limits::kEventCells * sizeof(Cell); }
  static_assert(limits::kEventCells * sizeof(Cell) <= limits::kEventTextBytes);
  bool may_hold(std::size_t cells, std::size_t text_bytes) const {
    return count_ + cells <= limits::kEventCells && text_bytes_ + text_bytes <= limits::kEventTextBytes;
  }
  bool has_room(std::size_t cells, std::size_t text_bytes) const {
    return (count_ + cells) * sizeof(Cell) + text_bytes_ + text_bytes <= capacity_;
  }
  std::unique_ptr<char[]> grow(std::size_t cells, std::size_t text_bytes);
  void put(FieldId field, Kind kind, std::size_t size, std::int64_t number) {
    ::new (cells() + count_++) Cell{field, kind, static_cast<std::uint32_t>(size), number};
  }
  void put_text(FieldId field, std::string_view text) {
    text_bytes_ += static_cast<std::uint32_t>(text.size());
    copy(block_.get() + capacity_ - text_bytes_, text);
    put(field, Kind::text, text.size(), text_bytes_);
  }
  // Most texts are this short, and a call costs more than two loads and stores that may overlap.
  static void copy(char* to, std::string_view text) {
    const std::size_t size = text.size();
    if (size > kShort) return void(std::memcpy(to, text.data(), size));
    if (size >= 8) return copy_ends<std::uint64_t>(to, text);
    if (size >= 4) return copy_ends<std::uint32_t>(to, text);
    if (size >= 2) return copy_ends<std::uint16_t>(to, text);
    if (size == 1) *to = text.front();
  }
  template <typename Word>
  static void copy_ends(char* to, std::string_view text) {
    const std::size_t last = text.size() - sizeof(Word);
    Word begin, end;
    std::memcpy(&begin, text.data(), sizeof(Word));
    std::memcpy(&end, text.data() + last, sizeof(Word));
    std::memcpy(to, &begin, sizeof(Word));
    std::memcpy(to + last, &end, sizeof(Word));
  }
  bool add_text_to_large(FieldId field, std::string_view text);
  bool add_number(FieldId field, Kind kind, std::int64_t v);

  std::unique_ptr<char[]> block_;
  std::uint32_t capacity_ = 0;    // of the block, in bytes
  std::uint32_t count_ = 0;       // of cells
  std::uint32_t text_bytes_ = 0;  // in use
};

}  // namespace quaywatch
