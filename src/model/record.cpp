#include "model/record.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace quaywatch {
namespace {

constexpr std::size_t kUsualBytes = 224;  // ten cells and sixty bytes of text: what most records have
constexpr std::size_t kNumbersBytes = 64;

}  // namespace

Record::Record(const Record& other) : count_(other.count_), text_bytes_(other.text_bytes_) {
  static_assert(std::is_trivially_copyable_v<Cell> && alignof(Cell) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  const std::size_t cells_size = count_ * sizeof(Cell);
  capacity_ = static_cast<std::uint32_t>(cells_size + text_bytes_);
  if (capacity_ == 0) return;
  block_.reset(new char[capacity_]);
  std::memcpy(block_.get(), other.block_.get(), cells_size);
  std::memcpy(block_.get() + cells_size, other.block_.get() + other.capacity_ - text_bytes_, text_bytes_);
}

// A larger block with room for so much more; the one before, for what is still to be copied from it.
[[gnu::noinline]] std::unique_ptr<char[]> Record::grow(std::size_t cells, std::size_t text_bytes) {
  const std::size_t cells_size = count_ * sizeof(Cell);
  const std::size_t needed = cells_size + cells * sizeof(Cell) + text_bytes_ + text_bytes;
  const std::size_t usual = text_bytes > 0 ? kUsualBytes : kNumbersBytes;
  const std::size_t capacity = std::max(usual, capacity_ == 0 ? needed : needed + needed / 2);
  std::unique_ptr<char[]> before(new char[capacity]);
  std::swap(before, block_);
  if (before != nullptr) {
    std::memcpy(block_.get(), before.get(), cells_size);
    std::memcpy(block_.get() + capacity - text_bytes_, before.get() + capacity_ - text_bytes_, text_bytes_);
  }
  capacity_ = static_cast<std::uint32_t>(capacity);
  return before;
}

void Record::reserve(std::size_t cells, std::size_t text_bytes) {
  if (capacity_ == 0) {  // who knows what comes gets just that
    capacity_ = static_cast<std::uint32_t>(cells * sizeof(Cell) + text_bytes);
    if (capacity_ > 0) block_.reset(new char[capacity_]);
    return;
  }
  const std::size_t more_cells = cells - std::min<std::size_t>(cells, count_);
  const std::size_t more_text = text_bytes - std::min<std::size_t>(text_bytes, text_bytes_);
  if (!has_room(more_cells, more_text)) grow(more_cells, more_text);
}

// Or to one that has no room.
bool Record::add_text_to_large(FieldId field, std::string_view text) {
  if (!may_hold(1, text.size())) return false;
  if (has_room(1, text.size())) return put_text(field, text), true;
  const auto before = grow(1, text.size());  // the text may stand in it
  return put_text(field, text), true;
}

bool Record::add_number(FieldId field, Kind kind, std::int64_t v) {
  if (!may_hold(1, 0)) return false;
  if (!has_room(1, 0)) grow(1, 0);
  put(field, kind, 0, v);
  return true;
}

bool Record::add(FieldId field, const Value& v) {
  if (v.kind == Kind::absent) return true;
  if (v.kind == Kind::text) return add_text(field, v.text);
  if (v.kind == Kind::unknown) return add_unknown(field, v.cause);
  return add_number(field, v.kind, v.number);
}

bool Record::append(const Record& other) {
  if (!may_hold(other.count_, other.text_bytes_)) return false;
  if (!has_room(other.count_, other.text_bytes_)) grow(other.count_, other.text_bytes_);
  const std::uint32_t behind = text_bytes_;
  text_bytes_ += other.text_bytes_;
  if (other.text_bytes_ > 0)
    std::memcpy(block_.get() + capacity_ - text_bytes_, other.block_.get() + other.capacity_ - other.text_bytes_,
                other.text_bytes_);
  for (const Cell& c : other.all()) put(c.field, c.kind, c.size, c.kind == Kind::text ? c.number + behind : c.number);
  return true;
}

void Record::remove(FieldId field) {
  const auto end = std::remove_if(cells(), cells() + count_, [&](const Cell& c) { return c.field == field; });
  count_ = static_cast<std::uint32_t>(end - cells());
}

}  // namespace quaywatch
