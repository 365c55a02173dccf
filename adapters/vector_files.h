// Test support: a vector is a file in adapters/X/vectors, and what it must become stands beside it:
//   NAME.events.jsonl  the events, canonical     NAME.findings  offset, code, field, value of each finding
//   NAME.toml          of EDIFACT: the feed's contract, where it has one
//   NAME.rejects       offset, size, kind, reason of every span that is not accepted
// An absent file is an empty one. A vector has rejected spans exactly if its name begins with malformed_.
// QUAYWATCH_BLESS=1 writes the expected files anew: read the difference before keeping it.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/recorder.h"

namespace quaywatch::adapters {

std::string read_file(const std::filesystem::path& path);  // empty when absent

// The inputs among the files of a folder, sorted.
std::vector<std::filesystem::path> vector_inputs(const std::filesystem::path& folder);

// A feed in Europe/Ljubljana, imported at 2026-10-26T12:00:00Z.
adapter::Source vector_source();

void expect_vector(const std::filesystem::path& input, const adapter::Recorder& decoded);

// One to eight edits: bytes replaced, cut, inserted, repeated; `poison` holds the bytes that mean something to the
// format.
std::string damaged(std::string bytes, std::string_view poison, std::uint32_t seed);

}  // namespace quaywatch::adapters
