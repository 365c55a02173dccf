#include "model/event.h"

namespace quaywatch {
namespace {

void update_sized(Sha256& h, std::string_view s) { h.update_u64(s.size()).update(s); }

void update_content(Sha256& h, const Event& e) {
  update_sized(h, e.feed);
  h.update_u64(e.natural_key.high).update_u64(e.natural_key.low);
  update_sized(h, info(e.type).name);
  h.update_u64(static_cast<std::uint64_t>(e.op)).update_u64(static_cast<std::uint64_t>(e.classifier));
  h.update_u64(static_cast<std::uint64_t>(e.event_time.us)).update_u64(static_cast<std::uint64_t>(e.reported_at.us));
  update_sized(h, e.facility);
  e.fields.each([&](FieldId field, const Value& v) {
    update_sized(h, info(field).name);
    h.update_u64(static_cast<std::uint64_t>(v.kind));
    v.kind == Kind::text ? update_sized(h, v.text) : (void)h.update_u64(static_cast<std::uint64_t>(v.number));
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
  Id128 id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.high = id.high << 8 | digest[i];
    id.low = id.low << 8 | digest[i + 8];
  }
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
    case Op::assert_: return "assert";
    case Op::correct: return "correct";
    case Op::void_: return "void";
  }
  return "assert";
}

std::string_view name(Classifier c) {
  switch (c) {
    case Classifier::actual: return "actual";
    case Classifier::planned: return "planned";
    case Classifier::estimated: return "estimated";
    case Classifier::requested: return "requested";
  }
  return "actual";
}

std::string_view name(Marking m) {
  switch (m) {
    case Marking::clear: return "TLP:CLEAR";
    case Marking::green: return "TLP:GREEN";
    case Marking::amber: return "TLP:AMBER";
    case Marking::amber_strict: return "TLP:AMBER+STRICT";
    case Marking::red: return "TLP:RED";
  }
  return "TLP:AMBER";
}

Id128 content_digest(const Event& event) {
  update_content(hasher(), event);
  return Id128::from(hasher().finish());
}

EventId event_id(const Id128& content, std::uint32_t ordinal) {
  if (ordinal == 0) return content;
  return Id128::from(hasher().update_u64(content.high).update_u64(content.low).update_u64(ordinal).finish());
}

Id128 make_natural_key(std::string_view feed, std::string_view key) {
  Sha256& h = hasher();
  update_sized(h, feed);
  update_sized(h, key);
  return Id128::from(h.finish());
}

}  // namespace quaywatch
