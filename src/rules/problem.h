// Problem: the first thing that is wrong with one rule document. Compiling functions take it by reference, note the
// first complaint and return early; later complaints of the same document are dropped, so a refusal names the cause
// and not its echoes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace quaywatch::rules {

class Problem {
 public:
  void say(int line, std::string reason) {
    if (found()) return;
    line_ = line;
    reason_ = std::move(reason);
  }
  bool found() const { return !reason_.empty(); }
  int line() const { return line_; }
  const std::string& reason() const { return reason_; }

 private:
  int line_ = 0;
  std::string reason_;
};

// "; nearest: 'x'" or nothing when no candidate is near: the tail of every message about an unknown word.
std::string nearest_hint(std::string_view nearest_word);
std::string nearest_hint(std::string_view word, std::span<const std::string_view> candidates);
// "a, b, c" for messages that list what is allowed.
std::string joined(std::span<const std::string_view> words);

}  // namespace quaywatch::rules
