#include "app/print.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "app/commands.h"
#include "base/text.h"

namespace quaywatch::app {
namespace {

std::string escaped(std::string_view text, bool keep_breaks) {
  const bool is_utf8 = is_valid_utf8(text);
  std::string out;
  out.reserve(text.size());
  const auto hex = [&](char c) { out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c)); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters too: 9B alone begins a terminal sequence.
    const bool is_c1 = is_utf8 && byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (is_c1) {
      hex(text[i]);
      hex(text[++i]);
    } else if ((byte < 0x20 && !(keep_breaks && byte == '\n')) || byte == 0x7F || (!is_utf8 && byte >= 0x80)) {
      hex(text[i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return escaped(text, true);
}

std::string one_line(std::string_view text) {
  return escaped(text, false);
}

void print_raw(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int finish(int code) {
  errno = 0;
  const bool is_flushed = std::fflush(stdout) == 0;
  const int os_error = errno;
  if (is_flushed && std::ferror(stdout) == 0) return code;
  if (os_error == EPIPE) return code;
  print(stderr,
        "quaywatch: output was lost: cannot write to standard output{}; free space where it goes or send it elsewhere, "
        "then start again\n",
        os_error == 0 ? "" : ": " + std::string(translated(std::generic_category().message(os_error))));
  return kUnusable;
}

}  // namespace quaywatch::app
