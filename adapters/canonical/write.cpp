#include <fmt/format.h>

#include <bitset>

#include "adapters/canonical/canonical.h"
#include "base/json_text.h"

namespace quaywatch::adapters::canonical {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  out += fmt::format(",\"{}\":", key);
  append_json_string(out, text);
}

void append_time(std::string& out, std::string_view key, Timestamp t) {
  out += fmt::format(",\"{}\":\"{}\"", key, format_rfc3339(t));
}

void append_value(std::string& out, const FieldInfo& field, const Value& v, const Redactor& redactor) {
  switch (v.kind) {
    case Kind::text:
      append_json_string(out, redactor && field.personal != PersonalClass::none
                                         ? redactor(field.personal, v.text)
                                         : std::string(v.text));
      return;
    case Kind::time:
      out += fmt::format("\"{}\"", format_rfc3339(v.time()));
      return;
    case Kind::integer:
    case Kind::decimal:
    case Kind::boolean:
      out += to_text(v);
      return;
    case Kind::absent:
    case Kind::unknown:
      out += "null";
      return;
  }
}

void append_header(std::string& out, const Event& e) {
  out += fmt::format("{{\"type\":\"{}\"", info(e.type).name);
  if (e.op != Op::assert_) append_text(out, "op", name(e.op));
  if (e.classifier != Classifier::actual) append_text(out, "classifier", name(e.classifier));
  append_text(out, "feed", e.feed);
  append_text(out, "owner", e.owner);
  append_text(out, "facility", e.facility);
  append_text(out, "marking", name(e.marking));
  append_time(out, "event_time", e.event_time);
  append_time(out, "reported_at", e.reported_at);
  append_time(out, "received_at", e.received_at);
  if (e.time_error_s != 0) out += fmt::format(",\"time_error_s\":{}", e.time_error_s);
  if (!e.id.is_zero()) append_text(out, "event_id", e.id.hex());
  if (!e.natural_key.is_zero()) append_text(out, "natural_key", e.natural_key.hex());
}

}  // namespace

void write_canonical(const Event& event, std::string& out, const Redactor& redactor) {
  append_header(out, event);
  std::bitset<kFieldCount> written;
  event.fields.each([&](FieldId id, const Value& first) {
    if (written.test(static_cast<std::size_t>(id))) return;
    written.set(static_cast<std::size_t>(id));
    const FieldInfo& field = info(id);
    out += fmt::format(",\"{}\":", field.name);
    if (!field.is_list) {
      append_value(out, field, first, redactor);
      return;
    }
    char mark = '[';
    event.fields.each(id, [&](const Value& v) {
      out += mark;
      append_value(out, field, v, redactor);
      mark = ',';
    });
    out += ']';
  });
  out += "}\n";
}

}  // namespace quaywatch::adapters::canonical
