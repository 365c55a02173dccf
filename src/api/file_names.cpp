#include "api/file_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace quaywatch::api {
namespace {

struct Range {
  std::string_view first, last;  // UTF-8 of equal length
};
// Control characters, those that turn the direction of writing or have no width, and what is reserved in names.
constexpr Range kUnfit[] = {
    {{"\x00", 1}, "\x1f"},           {"\x7f", "\x7f"},
    {"\xc2\x80", "\xc2\x9f"},       {"\xe2\x80\x8b", "\xe2\x80\x8f"},
    {"\xe2\x80\xa8", "\xe2\x80\xae"}, {"\xe2\x81\xa0", "\xe2\x81\xaf"},
    {"\xef\xbb\xbf", "\xef\xbb\xbf"}, {"\"", "\""},
    {"*", "*"},                      {":", ":"},
    {"<", "<"},                      {">", ">"},
    {"?", "?"},                      {"|", "|"},
};

// Length of what stands at the beginning and is unfit; 0: it is fit.
std::size_t unfit_at(std::string_view text) {
  for (const Range& r : kUnfit) {
    const std::string_view here = text.substr(0, r.first.size());
    if (here.size() == r.first.size() && r.first <= here && here <= r.last) return here.size();
  }
  return 0;
}

constexpr std::string_view kEdges = " .";  // hidden files, and what some systems drop

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Kind {
  std::size_t at = 0;
  std::string_view bytes, media_type;
};
constexpr Kind kKinds[] = {
    {0, "%PDF-", "application/pdf"}, {0, "\xff\xd8\xff", "image/jpeg"}, {0, "\x89PNG\r\n\x1a\n", "image/png"},
    {0, "GIF8", "image/gif"},        {8, "WEBP", "image/webp"},         {4, "ftyphei", "image/heic"},
    {4, "ftypmif1", "image/heic"},   {4, "ftyp", "video/mp4"},          {0, {"II*\0", 4}, "image/tiff"},
    {0, {"MM\0*", 4}, "image/tiff"}, {0, "PK\x03\x04", "application/zip"},
};

}  // namespace

std::string clean_file_name(std::string_view given) {
  given.remove_prefix(std::min(given.find_last_of("/\\") + 1, given.size()));
  std::string out;
  while (!given.empty()) {
    const std::size_t unfit = unfit_at(given);
    out += unfit > 0 ? '_' : given.front();
    given.remove_prefix(std::max<std::size_t>(unfit, 1));
  }
  const auto first = out.find_first_not_of(kEdges);
  return first == std::string::npos ? std::string{} : out.substr(first, out.find_last_not_of(kEdges) - first + 1);
}

std::string content_disposition(std::string_view name) {
  std::string plain, encoded;
  for (const char c : name) {
    const bool is_plain = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '%';
    plain += is_plain ? c : '_';
    if (is_word(c) || c == '.' || c == '-' || c == '_')
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, encoded);
}

std::string_view media_type_of(std::string_view first_bytes) {
  for (const Kind& kind : kKinds)
    if (first_bytes.size() >= kind.at && first_bytes.substr(kind.at).starts_with(kind.bytes)) return kind.media_type;
  return "application/octet-stream";
}

}  // namespace quaywatch::api
