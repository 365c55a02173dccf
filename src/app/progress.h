// Progress of long work on a terminal's standard error; silent in a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quaywatch::app {

class Progress {
 public:
  explicit Progress(std::string_view what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(std::uint64_t done, std::uint64_t total, std::string_view detail);

 private:
  std::string what_;
  bool enabled_;
  std::uint64_t next_ = 0;
};

}  // namespace quaywatch::app
