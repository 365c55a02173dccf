#include "adapters/vector_files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/canonical/canonical.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::SpanKind;

void expect_file(const fs::path& path, const std::string& text) {
  if (std::getenv("QUAYWATCH_BLESS") != nullptr) {
    if (text.empty()) fs::remove(path);
    if (!text.empty()) std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_EQ(text, read_file(path)) << path;
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> vector_inputs(const fs::path& folder) {
  std::vector<fs::path> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    const auto is = [&](std::string_view end) { return name.ends_with(end); };
    if (!is(".events.jsonl") && !is(".findings") && !is(".rejects") && !is(".toml") && !is(".md"))
      out.push_back(file.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

adapter::Source vector_source() {
  adapter::Source s;
  s.time_zone = "Europe/Ljubljana";
  s.owner = "test";
  s.received_at = *parse_rfc3339("2026-10-26T12:00:00Z");
  return s;
}

void expect_vector(const fs::path& input, const adapter::Recorder& r) {
  std::string events, findings, rejects;
  for (const auto& e : r.events) canonical::write_canonical(*e, events, {});
  for (const auto& f : r.findings) findings += fmt::format("{} {} {} '{}'\n", f.offset, f.code, f.field, f.value);
  for (const auto& s : r.spans)
    if (s.kind != SpanKind::accepted)
      rejects += fmt::format("{} {} {} {}\n", s.offset, s.size, name(s.kind), s.reason);
  expect_file(fs::path(input).replace_extension(".events.jsonl"), events);
  adapter::Recorder again;
  canonical::decode_canonical(events, {}, again);
  EXPECT_EQ(again.events.size(), r.events.size()) << input << ": what was written must be readable";
  expect_file(fs::path(input).replace_extension(".findings"), findings);
  expect_file(fs::path(input).replace_extension(".rejects"), rejects);
  EXPECT_EQ(input.filename().string().starts_with("malformed"), !r.reasons(SpanKind::rejected).empty()) << input;
}

std::string damaged(std::string bytes, std::string_view poison, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t edits = 1 + below(8); edits > 0 && !bytes.empty(); --edits) {
    const std::size_t at = below(bytes.size());
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 1:
        bytes.erase(at, 1 + below(40));
        break;
      case 2:
        bytes.insert(at, 1, poison[below(poison.size())]);
        break;
      case 3:
        bytes.resize(at);
        break;
      case 4:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(200)));
        break;
      default:
        bytes[at] = poison[below(poison.size())];
        break;
    }
  }
  return bytes;
}

}  // namespace quaywatch::adapters
