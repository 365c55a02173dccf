#include "app/refused_passwords.h"

#include <cstdint>
#include <limits>

#include "base/text.h"
#include "io/files.h"

namespace quaywatch::app {
namespace {

constexpr std::size_t kLineMost = 1024;  // no password is as long

// Lines of blocks, whatever their ends.
class Lines {
 public:
  explicit Lines(std::string wanted) : wanted_(std::move(wanted)) {}

  void take(std::string_view block) {
    for (std::size_t end = block.find('\n'); end != block.npos && !found_; end = block.find('\n')) {
      add(block.substr(0, end));
      finish();
      block.remove_prefix(end + 1);
    }
    add(block);
  }
  void finish() {
    if (line_.ends_with('\r')) line_.pop_back();
    found_ |= equals_ignore_case(line_, wanted_);
    line_.clear();
  }
  bool found() const { return found_; }

 private:
  void add(std::string_view part) {
    line_ += part.substr(0, kLineMost + 1 - line_.size());  // one too many: it is no password's
  }

  std::string wanted_, line_;
  bool found_ = false;
};

}  // namespace

Result<bool> is_listed(const std::string& path, std::string_view password) {
  Lines lines{std::string(password)};
  const auto read = io::read_blocks(path, std::numeric_limits<std::uint64_t>::max(),
                                    [&lines](std::string_view block) -> Result<void> {
                                      lines.take(block);
                                      return {};
                                    });
  if (!read) return tl::unexpected(read.error());
  lines.finish();
  return lines.found();
}

}  // namespace quaywatch::app
