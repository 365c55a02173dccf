// What the program writes to a terminal or a pipe, in the language of texts.h. Names of files and values of feeds are
// written by others: a control sequence in them must not reach a terminal, nor a line break pass for a line of ours. A
// stream that cannot be written is reported once, at the end, by finish(); nothing here throws. Not thread-safe.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "app/texts.h"

namespace quaywatch::app {

// Control characters but the line break, and bytes that are not UTF-8, as \xHH.
std::string printable(std::string_view text);
// The same, of a name or value that stands inside a line: line breaks too.
std::string one_line(std::string_view text);

template <typename... T>
void print(std::FILE* to, fmt::format_string<T...> format, T&&... values) {
  const std::string text = printable(say(format, std::forward<T>(values)...));
  std::fwrite(text.data(), 1, text.size(), to);
}

// JSON lines: their strings hold no control characters, and nothing may be changed in them.
void print_raw(std::string_view text);

// Flushes standard output. Returns `code`, or kUnusable after a message when output was lost; a reader that has seen
// enough (`| head`) is not a failure and gets no message.
int finish(int code);

}  // namespace quaywatch::app
