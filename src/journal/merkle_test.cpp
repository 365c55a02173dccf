#include "journal/merkle.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/base64.h"

namespace quaywatch::journal {
namespace {

// RFC 6962 section 2.1, written down as it stands there: the slow definition that the running sum must equal.
Digest defined_root(const std::vector<Digest>& leaves, std::size_t from, std::size_t n) {
  if (n == 0) return sha256("");
  if (n == 1) return leaves[from];
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return node_hash(defined_root(leaves, from, k), defined_root(leaves, from + k, n - k));
}

std::string base64(const Digest& digest) {
  return quaywatch::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

TEST(CompactRange, EqualsTheDefinitionAtEverySize) {
  std::vector<Digest> leaves;
  CompactRange range;
  EXPECT_EQ(to_hex(range.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t n = 1; n <= 300; ++n) {
    leaves.push_back(leaf_hash("leaf " + std::to_string(n)));
    range.append(leaves.back());
    ASSERT_EQ(range.root(), defined_root(leaves, 0, n)) << n;
    ASSERT_TRUE(range.is_valid());
    ASSERT_EQ(CompactRange(range.size(), range.hashes()).root(), range.root());
  }
  EXPECT_FALSE(CompactRange(3, {leaves[0]}).is_valid());
}

TEST(CompactRange, LeafOrderMatters) {
  CompactRange a, b;
  for (const char* leaf : {"x", "y"}) a.append(leaf_hash(leaf));
  for (const char* leaf : {"y", "x"}) b.append(leaf_hash(leaf));
  EXPECT_NE(a.root(), b.root());
}

// The tree that the public vectors are about; its leaves are those of the Certificate Transparency reference tests.
TEST(CompactRange, RootsOfThePublicVectors) {
  const std::string folder = std::string(QUAYWATCH_SHARED_DIR) + "/data/l1_merkle_vectors/testdata";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is absent";
  const std::string leaves[] = {"",
                                std::string(1, '\0'),
                                "\x10",
                                "\x20\x21",
                                "\x30\x31",
                                "\x40\x41\x42\x43",
                                "\x50\x51\x52\x53\x54\x55\x56\x57",
                                "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  std::vector<std::string> roots{base64(CompactRange().root())}, hashes;
  CompactRange range;
  for (const std::string& leaf : leaves) {
    hashes.push_back(base64(leaf_hash(leaf)));
    range.append(leaf_hash(leaf));
    roots.push_back(base64(range.root()));
  }
  int checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().filename() != "happy-path.json") continue;
    const auto vector = nlohmann::json::parse(std::ifstream(entry.path()));
    const auto check = [&](const char* size_name, const char* root_name) {
      if (!vector.contains(size_name) || !vector.contains(root_name)) return;
      const auto size = vector[size_name].get<std::size_t>();
      if (size >= roots.size()) return;
      EXPECT_EQ(vector[root_name].get<std::string>(), roots[size]) << entry.path();
      ++checked;
    };
    const std::string kind = std::filesystem::relative(entry.path(), folder).begin()->string();
    if (kind == "inclusion") check("treeSize", "root");
    if (kind == "consistency") {
      check("size1", "root1");
      check("size2", "root2");
    }
    if (kind == "inclusion" && vector["leafIdx"].get<std::size_t>() < hashes.size() && vector["treeSize"] != 1) {
      EXPECT_EQ(vector["leafHash"].get<std::string>(), hashes[vector["leafIdx"].get<std::size_t>()]) << entry.path();
    }
  }
  EXPECT_GE(checked, 10);
}

}  // namespace
}  // namespace quaywatch::journal
