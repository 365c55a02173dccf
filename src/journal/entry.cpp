#include "journal/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/limits.h"
#include "journal/bytes.h"

namespace quaywatch::journal {
namespace {

constexpr std::uint8_t kSealedBit = 0x80;  // of a cell's kind byte: a commitment stands in place of the value
constexpr std::size_t kHeaderBytes = 4;
// What is sealed as a whole is filled up to a power of two between these, or to whole ones of the second: its length
// says nothing of it.
constexpr std::size_t kFilledLeast = 1024, kFilledMost = 64 * 1024;

void put_header(Writer& w, EntryKind kind, EntryForm form) {
  constexpr std::uint8_t kReserved = 0;
  w.numbers(kEntryVersion, kind, form, kReserved);
}

// Numbers in clear form, names in sealed form: the numbers are an accident of this build's catalogue.
template <typename Id>
void put_id(Writer& w, Id id, bool by_name) {
  if (by_name)
    w.sized(info(id).name);
  else
    w.u16(static_cast<std::uint16_t>(id));
}

void put_id128(Writer& w, const Id128& id) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(id.high >> (56 - 8 * i));
    bytes[i + 8] = static_cast<std::uint8_t>(id.low >> (56 - 8 * i));
  }
  w.array(bytes);
}

void put_types(Writer& w, const std::vector<EventType>& types, bool by_name) {
  w.u32(static_cast<std::uint32_t>(types.size()));
  for (const EventType type : types) put_id(w, type, by_name);
}

void put_value(Writer& w, const Value& v) {
  w.u8(static_cast<std::uint8_t>(v.kind));
  if (v.kind == Kind::text)
    w.sized(v.text);
  else if (v.kind == Kind::unknown)
    w.u8(static_cast<std::uint8_t>(v.cause));
  else
    w.i64(v.number);
}

void put_event_header(Writer& w, const Event& e, bool by_name) {
  put_id128(w, e.id);
  put_id128(w, e.natural_key);
  constexpr std::uint8_t kReserved = 0;
  w.numbers(e.op, e.classifier, e.marking, kReserved, e.event_time.us, e.reported_at.us, e.received_at.us,
            e.time_error_s, e.span.file, e.span.size, e.span.offset);
  put_id(w, e.type, by_name);
  w.sized(e.facility);
  w.sized(e.owner);
  w.sized(e.feed);
  w.u16(static_cast<std::uint16_t>(e.fields.size()));
}

Result<void> seal_event(const Event& e, Sealer& sealer, std::string& out) {
  Writer w(out);
  put_header(w, EntryKind::event, EntryForm::sealed);
  put_event_header(w, e, true);
  sealer.set_month(month_of(e.received_at));
  std::uint16_t cell = 0;
  Result<void> done;
  e.fields.each([&](FieldId field, const Value& v) {
    if (!done) return;
    put_id(w, field, true);
    if (info(field).personal == PersonalClass::none || v.is_unknown()) {
      put_value(w, v);
    } else if (auto commitment = sealer.seal(cell, info(field).personal, v)) {
      w.u8(static_cast<std::uint8_t>(v.kind) | kSealedBit);
      w.array(*commitment);
    } else {
      done = tl::unexpected(std::move(commitment.error()));
    }
    ++cell;
  });
  return done;
}

std::size_t filled_size(std::size_t size) {
  std::size_t out = kFilledLeast;
  while (out < size && out < kFilledMost) out *= 2;
  return (size + out - 1) / out * out;
}

// Its entry as it would stand alone, with the list that would lie beside it.
Result<void> seal_whole(const SealedTo& entry, const Sealer& sealer, std::string& out) {
  if (!entry.entry)
    return fail(ErrorCode::invalid_argument,
                fmt::format("an entry sealed to {} that nobody opened cannot be sealed again", entry.organisation));
  auto inner = sealer.within(entry.organisation);
  if (!inner) return tl::unexpected(std::move(inner.error()));
  std::string bytes, plain, sealed;
  if (auto done = seal_entry(*entry.entry, *inner, bytes); !done) return done;
  Writer p(plain);
  p.sized(bytes);
  p.sized(inner->ciphertexts());
  plain.resize(filled_size(plain.size()));
  const SealedBytes whole = inner->seal_whole(plain, sealed);
  Writer w(out);
  put_header(w, EntryKind::sealed_to, EntryForm::sealed);
  w.i64(entry.at.us);
  w.sized(entry.organisation);
  w.array(whole.key);
  w.array(whole.commitment);
  w.sized(whole.sealed);
  return {};
}

// The kinds that have no personal fields.
void put_plain(Writer& w, const Entry& entry, EntryForm form) {
  const bool by_name = form == EntryForm::sealed;
  put_header(w, kind_of(entry), form);
  if (const auto* tick = std::get_if<Tick>(&entry)) {
    w.i64(tick->at.us);
  } else if (const auto* c = std::get_if<CoverageStatement>(&entry)) {
    w.i64(c->from.us);
    w.i64(c->until.us);
    w.i64(c->stated_at.us);
    w.sized(c->feed);
    w.sized(c->facility);
    put_types(w, c->types, by_name);
  } else if (const auto* x = std::get_if<FeedExpectation>(&entry)) {
    w.i64(x->lateness.us);
    w.i64(x->stated_at.us);
    w.sized(x->feed);
    w.sized(x->facility);
    put_types(w, x->types, by_name);
  } else if (const auto* text = std::get_if<TextEntry>(&entry)) {
    w.i64(text->at.us);
    w.sized(text->topic);
    w.sized(text->body);
  } else if (const auto* sealed = std::get_if<SealedTo>(&entry)) {
    w.i64(sealed->at.us);
    w.sized(sealed->organisation);
  }
}

class Decoder {
 public:
  Decoder(std::string_view bytes, EntryForm form, Opener* opener) : r_(bytes), form_(form), opener_(opener) {}

  Result<Entry> entry() {
    if (!header()) return tl::unexpected(std::move(error_));
    Entry out = body();
    if (!failed_ && !r_.ok()) refuse(ErrorCode::malformed, "the entry ends early");
    if (failed_) return tl::unexpected(std::move(error_));
    return out;
  }
  // The same where nothing but an event may stand, without the choice of kinds.
  Result<EventPtr> only_event() {
    if (!header()) return tl::unexpected(std::move(error_));
    if (kind_ != EntryKind::event) refuse(ErrorCode::malformed, "the entry is not an event");
    EventPtr out = failed_ ? nullptr : event();
    if (!failed_ && !r_.ok()) refuse(ErrorCode::malformed, "the entry ends early");
    if (failed_) return tl::unexpected(std::move(error_));
    return out;
  }
  std::size_t position() const { return r_.position(); }
  std::size_t left() const { return r_.left(); }

 private:
  bool by_name() const { return form_ == EntryForm::sealed; }

  void refuse(ErrorCode code, std::string what) {
    if (failed_) return;
    failed_ = true;
    error_ = {code, fmt::format("byte {}: {}", r_.position(), what), {}};
  }

  bool header() {
    const unsigned version = r_.u8(), kind = r_.u8(), form = r_.u8(), reserved = r_.u8();
    const unsigned wanted = static_cast<unsigned>(form_);
    if (!r_.ok())
      refuse(ErrorCode::malformed, "the entry ends inside its header");
    else if (version > kEntryVersion)
      refuse(ErrorCode::unsupported, fmt::format("entry version {}, this program reads up to {}; use the newer program",
                                                 version, kEntryVersion));
    else if (version == 0 || reserved != 0 || form != wanted)
      refuse(ErrorCode::malformed, fmt::format("no entry: version {}, form {}", version, form));
    else if (kind < static_cast<unsigned>(EntryKind::event) || kind > static_cast<unsigned>(EntryKind::sealed_to))
      refuse(ErrorCode::unsupported, fmt::format("entry kind {} is unknown to this program", kind));
    kind_ = static_cast<EntryKind>(kind);
    return !failed_;
  }

  Entry body() {
    switch (kind_) {
      case EntryKind::event:
        return event();
      case EntryKind::tick:
        return Tick{time()};
      case EntryKind::coverage:
        return coverage();
      case EntryKind::expectation:
        return expectation();
      case EntryKind::sealed_to:
        return sealed_to();
      case EntryKind::text:
        break;
    }
    TextEntry out;
    out.at = time();
    out.topic = r_.sized();
    out.body = r_.sized();
    return out;
  }

  SealedTo sealed_to() {
    SealedTo out;
    out.at = time();
    out.organisation = r_.sized();
    if (!by_name()) return out;
    SealedBytes whole;
    whole.key = r_.array<KeyId>();
    whole.commitment = r_.array<Digest>();
    whole.sealed = r_.sized();
    if (!r_.ok()) return out;
    const auto plain = opener_->open_whole(out.organisation, whole);
    if (!plain)
      refuse(plain.error().code, plain.error().message);
    else if (*plain)
      out.entry = opened(**plain);
    return out;
  }

  std::shared_ptr<const Entry> opened(std::string_view plain) {
    Reader r(plain);
    const std::string_view bytes = r.sized(), ciphertexts = r.sized();
    auto inner = opener_->within(ciphertexts);
    if (!r.ok() || !inner) {
      refuse(ErrorCode::corrupt, "what is sealed opens to no entry");
      return nullptr;
    }
    auto entry = open_entry(bytes, *inner);
    opener_->add(*inner);
    if (entry) return std::make_shared<const Entry>(std::move(*entry));
    refuse(entry.error().code, fmt::format("within what is sealed, {}", entry.error().message));
    return nullptr;
  }

  Timestamp time() { return {r_.i64()}; }

  Id128 id128() {
    Digest digest{};
    const auto bytes = r_.array<std::array<std::uint8_t, 16>>();
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return Id128::from(digest);
  }

  template <typename E>
  E choice(E last, std::string_view what) {
    const std::uint8_t v = r_.u8();
    if (v > static_cast<std::uint8_t>(last)) refuse(ErrorCode::malformed, fmt::format("{} {} does not exist", what, v));
    return failed_ ? E{} : static_cast<E>(v);
  }

  // Find: name to id; Count: of the catalogue. A name that is missing here was written by a build with other adapters.
  template <typename Id, typename Find>
  Id id(Find find, std::uint16_t count, std::string_view what) {
    if (by_name()) {
      const std::string_view name = r_.sized();
      const std::optional<Id> found = r_.ok() ? find(name) : std::nullopt;
      if (r_.ok() && !found)
        refuse(ErrorCode::unsupported,
               fmt::format("{} '{}' is not in this program's catalogue; use a build that has its adapter", what,
                           name.substr(0, 64)));
      return found.value_or(Id{});
    }
    const std::uint16_t number = r_.u16();
    if (number >= count)
      refuse(ErrorCode::malformed, fmt::format("{} number {} is not in the catalogue", what, number));
    return failed_ ? Id{} : static_cast<Id>(number);
  }
  EventType type() { return id<EventType>(find_event_type, kEventTypeCount, "event type"); }
  FieldId field() { return id<FieldId>(find_field, kFieldCount, "field"); }

  std::vector<EventType> types() {
    std::vector<EventType> out;
    const std::uint32_t n = r_.u32();
    for (std::uint32_t i = 0; i < n && r_.ok() && !failed_; ++i) out.push_back(type());
    return out;
  }

  CoverageStatement coverage() {
    CoverageStatement c;
    c.from = time();
    c.until = time();
    c.stated_at = time();
    c.feed = r_.sized();
    c.facility = r_.sized();
    c.types = types();
    return c;
  }

  FeedExpectation expectation() {
    FeedExpectation x;
    x.lateness = {r_.i64()};
    x.stated_at = time();
    x.feed = r_.sized();
    x.facility = r_.sized();
    x.types = types();
    return x;
  }

  EventPtr event() {
    auto e = boost::intrusive_ptr<Event>(new Event);
    e->id = id128();
    e->natural_key = id128();
    e->op = choice(Op::void_, "op");
    e->classifier = choice(Classifier::requested, "classifier");
    e->marking = choice(Marking::red, "marking");
    if (r_.u8() != 0) refuse(ErrorCode::malformed, "a reserved byte is not zero");
    e->event_time = time();
    e->reported_at = time();
    e->received_at = time();
    e->time_error_s = r_.i64();
    e->span.file = r_.u32();
    e->span.size = r_.u32();
    e->span.offset = r_.u64();
    e->type = type();
    e->facility = r_.sized();
    e->owner = r_.sized();
    e->feed = r_.sized();
    const std::uint16_t cells = r_.u16();
    e->fields.reserve(std::min<std::size_t>(cells, limits::kEventCells), text_ahead(cells));
    for (std::uint16_t i = 0; i < cells && r_.ok() && !failed_; ++i) cell(i, e->fields);
    return e;
  }

  // Bytes of text in the cells ahead: events are kept by the million, so that each is to have the room that it needs at
  // once and no more. What lies behind a commitment is guessed.
  std::size_t text_ahead(std::uint16_t cells) const {
    constexpr std::size_t kUsualSealed = 16;
    Reader ahead = r_;
    std::size_t text = 0;
    for (std::uint16_t i = 0; i < cells && ahead.ok(); ++i) {
      by_name() ? ahead.sized() : ahead.bytes(sizeof(FieldId));
      const std::uint8_t byte = ahead.u8();
      if ((byte & kSealedBit) != 0) {
        ahead.bytes(sizeof(Digest));
        text += kUsualSealed;
      } else if (static_cast<Kind>(byte) == Kind::text) {
        text += ahead.sized().size();
      } else {
        ahead.bytes(static_cast<Kind>(byte) == Kind::unknown ? 1 : 8);
      }
    }
    return std::min(text, limits::kEventTextBytes);
  }

  void cell(std::uint16_t number, Record& fields) {
    const FieldId id = field();
    const std::uint8_t byte = r_.u8();
    if (!r_.ok() || failed_) return;
    const bool is_sealed = (byte & kSealedBit) != 0;
    const auto kind = static_cast<Kind>(byte & ~kSealedBit);
    if (kind == Kind::absent || kind > Kind::unknown || (is_sealed && (!by_name() || kind == Kind::unknown)))
      return refuse(ErrorCode::malformed, fmt::format("cell {}: kind byte {} does not exist", number, byte));
    const Value v = is_sealed ? sealed_value(number, kind) : clear_value(kind);
    if (!r_.ok() || failed_) return;
    if (!fields.add(id, v))
      refuse(ErrorCode::malformed, fmt::format("cell {} exceeds the {} cells or {} bytes of an event", number,
                                               limits::kEventCells, limits::kEventTextBytes));
  }

  Value clear_value(Kind kind) {
    Value v;
    v.kind = kind;
    if (kind == Kind::text)
      v.text = r_.sized();
    else if (kind == Kind::unknown)
      v.cause = choice(UnknownCause::erased, "cause");
    else
      v.number = r_.i64();
    if (kind == Kind::boolean && v.number != 0 && v.number != 1)
      refuse(ErrorCode::malformed, fmt::format("boolean {} is neither 0 nor 1", v.number));
    return v;
  }

  Value sealed_value(std::uint16_t number, Kind kind) {
    const Digest commitment = r_.array<Digest>();
    if (!r_.ok()) return {};
    auto opened = opener_->open(number, commitment);
    if (!opened) {
      refuse(opened.error().code, opened.error().message);
      return {};
    }
    if (!opened->is_unknown() && opened->kind != kind)
      refuse(ErrorCode::corrupt, fmt::format("cell {} opens to another kind than it states", number));
    return *opened;
  }

  Reader r_;
  EntryForm form_;
  Opener* opener_;  // of the sealed form
  EntryKind kind_ = EntryKind::event;
  bool failed_ = false;
  Error error_;
};

Result<Entry> whole_entry(Decoder decoder) {
  auto out = decoder.entry();
  if (out && decoder.left() != 0)
    return fail(ErrorCode::malformed,
                fmt::format("byte {}: {} bytes follow the entry", decoder.position(), decoder.left()));
  return out;
}

}  // namespace

EntryKind kind_of(const Entry& entry) {
  static_assert(std::is_same_v<std::variant_alternative_t<0, Entry>, EventPtr>);
  static_assert(std::is_same_v<std::variant_alternative_t<4, Entry>, TextEntry>);
  static_assert(std::is_same_v<std::variant_alternative_t<5, Entry>, SealedTo>);
  return static_cast<EntryKind>(entry.index() + 1);
}

const Entry& content_of(const Entry& entry) {
  const Entry* at = &entry;
  for (const auto* sealed = std::get_if<SealedTo>(at); sealed != nullptr && sealed->entry;
       sealed = std::get_if<SealedTo>(at))
    at = sealed->entry.get();
  return *at;
}

Entry sealed_to(const std::vector<std::string>& organisations, Timestamp at, Entry entry) {
  for (const std::string& o : organisations) entry = SealedTo{o, at, std::make_shared<const Entry>(std::move(entry))};
  return entry;
}

void encode_event(const Event& event, std::string& out) {
  Writer w(out);
  put_header(w, EntryKind::event, EntryForm::clear);
  put_event_header(w, event, false);
  event.fields.each([&](FieldId field, const Value& v) {
    put_id(w, field, false);
    put_value(w, v);
  });
}

Result<EventPtr> decode_event(std::string_view bytes, std::size_t& used) {
  Decoder decoder(bytes, EntryForm::clear, nullptr);
  auto out = decoder.only_event();
  used = decoder.position();
  return out;
}

void encode_entry(const Entry& entry, std::string& out) {
  if (const auto* event = std::get_if<EventPtr>(&entry)) return encode_event(**event, out);
  Writer w(out);
  put_plain(w, entry, EntryForm::clear);
}

Result<Entry> decode_entry(std::string_view bytes, std::size_t& used) {
  Decoder decoder(bytes, EntryForm::clear, nullptr);
  auto out = decoder.entry();
  used = decoder.position();
  return out;
}

Result<void> seal_entry(const Entry& entry, Sealer& sealer, std::string& out) {
  if (const auto* event = std::get_if<EventPtr>(&entry)) return seal_event(**event, sealer, out);
  if (const auto* sealed = std::get_if<SealedTo>(&entry)) return seal_whole(*sealed, sealer, out);
  Writer w(out);
  put_plain(w, entry, EntryForm::sealed);
  return {};
}

Result<Entry> open_entry(std::string_view bytes, Opener& opener) {
  return whole_entry(Decoder(bytes, EntryForm::sealed, &opener));
}

void encode_blob_reference(const BlobReference& blob, std::string& out) {
  Writer w(out);
  put_header(w, blob.kind, EntryForm::blob);
  w.u64(blob.size);
  w.array(blob.hash);
}

bool read_blob_reference(std::string_view bytes, BlobReference& out) {
  if (bytes.size() != kHeaderBytes + 8 + 32 || bytes[0] != static_cast<char>(kEntryVersion) ||
      bytes[2] != static_cast<char>(EntryForm::blob) || bytes[3] != 0)
    return false;
  Reader r(bytes.substr(1));
  out.kind = static_cast<EntryKind>(r.u8());
  r.u16();
  out.size = r.u64();
  out.hash = r.array<Digest>();
  return true;
}

}  // namespace quaywatch::journal
