// Writer and Reader of the journal's little-endian layouts (docs/formats/journal.md). Reading is total: past the end a
// Reader gives zeros and `ok()` turns false for good; `position()` then is where the missing bytes would have begun.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace quaywatch::journal {

static_assert(std::endian::native == std::endian::little);

// The bytes of a text, as libraries in C take them.
inline const std::uint8_t* raw(std::string_view s) {
  return reinterpret_cast<const std::uint8_t*>(s.data());
}
inline std::uint8_t* raw(std::string& s) {
  return reinterpret_cast<std::uint8_t*>(s.data());
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void u8(std::uint8_t v) { out_ += static_cast<char>(v); }
  void u16(std::uint16_t v) { numbers(v); }
  void u32(std::uint32_t v) { numbers(v); }
  void u64(std::uint64_t v) { numbers(v); }
  void i64(std::int64_t v) { numbers(v); }
  // One after the other, appended at once: every append is a call.
  template <typename... T>
  void numbers(T... v) {
    char all[(sizeof v + ...)];
    char* at = all;
    ((std::memcpy(at, &v, sizeof v), at += sizeof v), ...);
    out_.append(all, sizeof all);
  }
  void bytes(std::string_view s) { out_.append(s); }
  template <typename Array>
  void array(const Array& a) {
    out_.append(reinterpret_cast<const char*>(a.data()), a.size());
  }
  void sized(std::string_view s) {  // u32 length, then the bytes
    u32(static_cast<std::uint32_t>(s.size()));
    bytes(s);
  }

 private:
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t left() const { return in_.size() - position_; }
  std::uint8_t u8() { return little<std::uint8_t>(); }
  std::uint16_t u16() { return little<std::uint16_t>(); }
  std::uint32_t u32() { return little<std::uint32_t>(); }
  std::uint64_t u64() { return little<std::uint64_t>(); }
  std::int64_t i64() { return little<std::int64_t>(); }
  std::string_view bytes(std::size_t n) {
    if (!ok_ || n > left()) {
      ok_ = false;
      return {};
    }
    position_ += n;
    return in_.substr(position_ - n, n);
  }
  template <typename Array>
  Array array() {
    Array a{};
    const std::string_view raw = bytes(a.size());
    if (raw.size() == a.size()) std::memcpy(a.data(), raw.data(), raw.size());
    return a;
  }
  std::string_view sized() { return bytes(u32()); }

 private:
  template <typename T>
  T little() {
    T v{};
    const std::string_view raw = bytes(sizeof v);
    if (raw.size() == sizeof v) std::memcpy(&v, raw.data(), sizeof v);
    return v;
  }
  std::string_view in_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace quaywatch::journal
