// Writer and Reader of the journal's little-endian layouts (docs/formats/journal.md). Reading is total: past the end a
// Reader gives zeros and `ok()` turns false for good; `position()` then is where the missing bytes would have begun.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quaywatch::journal {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void u8(std::uint8_t v) { out_ += static_cast<char>(v); }
  void u16(std::uint16_t v) { little(v, 2); }
  void u32(std::uint32_t v) { little(v, 4); }
  void u64(std::uint64_t v) { little(v, 8); }
  void i64(std::int64_t v) { little(static_cast<std::uint64_t>(v), 8); }
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
  void little(std::uint64_t v, std::size_t n) {
    char raw[8];
    for (std::size_t i = 0; i < n; ++i) raw[i] = static_cast<char>(v >> (8 * i));
    out_.append(raw, n);
  }
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t left() const { return in_.size() - position_; }
  std::uint8_t u8() { return static_cast<std::uint8_t>(little(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(little(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(little(4)); }
  std::uint64_t u64() { return little(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(little(8)); }
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
    for (std::size_t i = 0; i < raw.size(); ++i) a[i] = static_cast<std::uint8_t>(raw[i]);
    return a;
  }
  std::string_view sized() { return bytes(u32()); }

 private:
  std::uint64_t little(std::size_t n) {
    std::uint64_t v = 0;
    const std::string_view raw = bytes(n);
    for (std::size_t i = 0; i < raw.size(); ++i)
      v |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(raw[i])) << (8 * i);
    return v;
  }
  std::string_view in_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace quaywatch::journal
