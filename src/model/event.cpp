#include "model/event.h"

#include <bit>
#include <cstring>

namespace quaywatch {
namespace {

// Little-endian lengths and numbers before every part, so that no two contents share their bytes.
void put_u64(std::string& out, std::uint64_t v) {
  static_assert(std::endian::native == std::endian::little);
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

void put_sized(std::string& out, std::string_view s) {
  put_u64(out, s.size());
  out += s;
}

void put_content(std::string& out, const Event& e) {
  put_sized(out, e.feed);
  put_u64(out, e.natural_key.high);
  put_u64(out, e.natural_key.low);
  put_sized(out, info(e.type).name);
  put_u64(out, static_cast<std::uint64_t>(e.op));
  put_u64(out, static_cast<std::uint64_t>(e.classifier));
  put_u64(out, static_cast<std::uint64_t>(e.event_time.us));
  put_u64(out, static_cast<std::uint64_t>(e.reported_at.us));
  put_sized(out, e.facility);
  e.fields.each([&](FieldId field, const Value& v) {
    put_sized(out, info(field).name);
    put_u64(out, static_cast<std::uint64_t>(v.kind));
    if (v.kind == Kind::text)
      put_sized(out, v.text);
    else
      put_u64(out, static_cast<std::uint64_t>(v.number));
  });
}

Sha256& hasher() {
  thread_local Sha256 h;
  return h;
}

}  // namespace

std::string Id128::hex() const {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    bytes[i + 8] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return to_hex(bytes);
}

Id128 Id128::from(const Digest& digest) {
  Id128 id;  // big-endian
  std::memcpy(&id.high, digest.data(), 8);
  std::memcpy(&id.low, digest.data() + 8, 8);
  id.high = __builtin_bswap64(id.high);
  id.low = __builtin_bswap64(id.low);
  return id;
}

bool Id128::parse(std::string_view hex, Id128& out) {
  if (hex.size() != 32) return false;
  out = {};
  for (std::size_t i = 0; i < 32; ++i) {
    const char c = hex[i];
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return false;
    std::uint64_t& half = i < 16 ? out.high : out.low;
    half = half << 4 | static_cast<std::uint64_t>(digit);
  }
  return true;
}

std::string_view name(Op op) {
  switch (op) {
    case Op::assert_:
      return "assert";
    case Op::correct:
      return "correct";
    case Op::void_:
      return "void";
  }
  return "assert";
}

std::string_view name(Classifier c) {
  switch (c) {
    case Classifier::actual:
      return "actual";
    case Classifier::planned:
      return "planned";
    case Classifier::estimated:
      return "estimated";
    case Classifier::requested:
      return "requested";
  }
  return "actual";
}

std::string_view name(Marking m) {
  switch (m) {
    case Marking::clear:
      return "TLP:CLEAR";
    case Marking::green:
      return "TLP:GREEN";
    case Marking::amber:
      return "TLP:AMBER";
    case Marking::amber_strict:
      return "TLP:AMBER+STRICT";
    case Marking::red:
      return "TLP:RED";
  }
  return "TLP:AMBER";
}

Id128 content_digest(const Event& event, std::string_view key) {
  // One update of the whole costs less than sixty of its parts.
  thread_local std::string content;
  content.assign(key);
  put_content(content, event);
  return Id128::from(hasher().update(content).finish());
}

EventId event_id(const Id128& content, std::uint32_t ordinal) {
  if (ordinal == 0) return content;
  return Id128::from(hasher().update_u64(content.high).update_u64(content.low).update_u64(ordinal).finish());
}

Id128 keyed(const Id128& id, std::string_view key) {
  return Id128::from(hasher().update(key).update_u64(id.high).update_u64(id.low).finish());
}

Id128 make_natural_key(std::string_view feed, std::string_view key) {
  thread_local std::string content;
  content.clear();
  put_sized(content, feed);
  put_sized(content, key);
  return Id128::from(hasher().update(content).finish());
}

}  // namespace quaywatch
