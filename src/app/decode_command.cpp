#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>

#include "adapters/canonical/canonical.h"
#include "app/commands.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/render.h"
#include "app/run_input.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kShownRejects = 20;  // on standard error; all are counted, and --spans lists every one

// What was rejected, up to limits::kKeptRejectBytes: as text where it is text, else in hexadecimal.
void add_kept(nlohmann::ordered_json& j, std::string_view bytes) {
  bytes = bytes.substr(0, limits::kKeptRejectBytes);
  if (is_valid_utf8(bytes))
    j["text"] = bytes;
  else
    j["hex"] = to_hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

nlohmann::ordered_json span_json(const ingest::FileAccount& file, const adapter::SpanReport& s) {
  nlohmann::ordered_json j{
      {"span", adapter::name(s.kind)}, {"file", file.path}, {"offset", s.offset}, {"size", s.size}};
  if (!file.unpacked_from.empty()) j["unpacked_from"] = file.unpacked_from;
  if (!s.reason.empty()) j["reason"] = s.reason;
  if (!s.message.empty()) j["message"] = s.message;
  return j;
}

std::string dump(const nlohmann::ordered_json& j) {
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

int decode(const DecodeOptions& options) {
  const auto now = import_time(options.input);
  if (!now) return unusable(now.error());
  const auto site = open_site("decode", options.input);
  if (!site) return unusable(site.error());
  const Display display(*site, options.input.reveal);
  adapters::canonical::Redactor redactor;
  if (!display.reveals()) redactor = [&](PersonalClass c, std::string_view v) { return display.redact(c, v); };
  std::string out;
  std::size_t rejects = 0;
  const auto flush = [&] {
    print_raw(out);
    out.clear();
  };
  ingest::IntakeListener listener;
  listener.event = [&](const EventPtr& e) {
    if (!options.spans) adapters::canonical::write_canonical(*e, out, redactor);
    if (out.size() > 64 * 1024) flush();
  };
  listener.span = [&](const ingest::FileAccount& file, const adapter::SpanReport& s, std::string_view bytes) {
    if (options.spans) {
      auto j = span_json(file, s);
      // Rejected bytes may name persons: in clear only after a recorded reveal.
      if (s.kind == adapter::SpanKind::rejected && display.reveals()) add_kept(j, bytes.substr(s.offset, s.size));
      out += dump(j) + "\n";
    } else if (s.kind == adapter::SpanKind::rejected && ++rejects <= kShownRejects)
      print(stderr, "rejected {}:{}+{} {}: {}\n", one_line(file.path), s.offset, s.size, s.reason,
            one_line(retold(s.message)));
  };
  listener.finding = [&](const ingest::FileAccount& file, const adapter::Finding& f) {
    // A finding is data as much as an event: it goes to standard output, marked.
    const auto field = find_field(f.field);
    const std::string value = field ? display.value(*field, f.value) : f.value;
    nlohmann::ordered_json j{
        {"finding", f.code}, {"field", f.field}, {"value", value}, {"file", file.path}, {"offset", f.offset}};
    if (!field || info(*field).personal == PersonalClass::none) j["message"] = f.message;
    if (!options.spans) out += dump(j) + "\n";
  };
  ingest::Intake intake(intake_options(options.input, *site, *now), std::move(listener));
  const auto read = intake.read(options.input.paths);
  flush();
  const int written = finish(kDone);
  if (!read) return unusable(read.error());
  if (rejects > kShownRejects)
    print(stderr, "... and {} more rejects (decode --spans lists all)\n", rejects - kShownRejects);
  print(stderr, "{}", intake_text(intake.files()));
  if (written != kDone) return written;
  return exit_code(options.input, intake.files());
}

}  // namespace quaywatch::app
