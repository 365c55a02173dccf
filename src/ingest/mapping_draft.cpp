#include "ingest/mapping_draft.h"

#include <fmt/format.h>

#include <span>

namespace quaywatch::ingest {
namespace {

// A basic string of TOML 1.0.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string array(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + toml_string(text);
  return out + "]";
}

std::string one_or_array(std::span<const std::string> texts) {
  return texts.size() == 1 ? toml_string(texts.front()) : array(texts);
}

void line(std::string& out, std::string_view key, std::string_view value) {
  if (!value.empty()) out += fmt::format("{} = {}\n", key, toml_string(value));
}

void add_time(std::string& out, std::string_view key, const DraftTime& time) {
  if (time.columns.empty()) return;
  out += fmt::format("{} = {{ column = {}, format = {}", key, one_or_array(time.columns), toml_string(time.format));
  if (!time.zone.empty()) out += fmt::format(", zone = {}", toml_string(time.zone));
  if (!time.then.empty()) out += fmt::format(", then = {}", array(time.then));
  out += " }\n";
}

std::string pairs(std::span<const std::pair<std::string, std::string>> words) {
  std::string out = "{";
  for (const auto& [theirs, ours] : words)
    out += fmt::format("{} {} = {}", out.size() > 1 ? "," : "", toml_string(theirs), toml_string(ours));
  return out + " }";
}

void add_field(std::string& out, const DraftField& field) {
  out += fmt::format("  {{ to = {}, from = {}", toml_string(field.to), one_or_array(field.from));
  if (field.split != 0) out += fmt::format(", split = {}", toml_string(std::string(1, field.split)));
  if (!field.words.empty()) out += ", words = " + pairs(field.words);
  if (!field.time.format.empty()) out += ", format = " + toml_string(field.time.format);
  if (!field.time.zone.empty()) out += ", zone = " + toml_string(field.time.zone);
  out += " },\n";
}

void add_event(std::string& out, const DraftEvent& event) {
  out += fmt::format("\n[[event]]\ntype = {}\n", toml_string(event.type));
  if (!event.when.empty()) {
    out += "when = {";
    for (std::size_t i = 0; i < event.when.size(); ++i)
      out += fmt::format("{} {} = {}", i == 0 ? "" : ",", toml_string(event.when[i].first),
                         one_or_array(event.when[i].second));
    out += " }\n";
  }
  if (!event.key.empty()) out += fmt::format("key = {}\n", array(event.key));
  add_time(out, "time", event.time);
  add_time(out, "reported", event.reported);
  add_time(out, "received", event.received);
  out += "fields = [\n";
  for (const DraftField& field : event.fields) add_field(out, field);
  out += "]\n";
}

}  // namespace

std::string to_toml(const MappingDraft& draft) {
  std::string out;
  for (const std::string& remark : draft.remarks) {
    const std::string text = toml_string(remark);  // a control character in a comment would end it
    out += fmt::format("# {}\n", std::string_view(text).substr(1, text.size() - 2));
  }
  line(out, "feed", draft.feed);
  line(out, "format", draft.format);
  out += fmt::format("files = {}\n", array(draft.files));
  line(out, "owner", draft.owner);
  line(out, "facility", draft.facility);
  line(out, "time_zone", draft.time_zone);
  line(out, "separator", draft.separator);
  line(out, "encoding", draft.encoding);
  if (draft.skip_lines > 0) out += fmt::format("skip_lines = {}\n", draft.skip_lines);
  if (!draft.columns.empty()) out += fmt::format("columns = {}\n", array(draft.columns));
  line(out, "covers", draft.covers);
  line(out, "day_in_name", draft.day_in_name);
  if (draft.in_order) out += "in_order = true\n";
  out += "checked = \"memory\"\n";
  for (const DraftEvent& event : draft.events) add_event(out, event);
  return out;
}

}  // namespace quaywatch::ingest
