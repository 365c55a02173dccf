#include "journal/raw_store.h"

#include <gtest/gtest.h>

#include "io/files.h"
#include "journal/testing.h"

namespace quaywatch::journal {
namespace {

TEST(RawStore, KeepsUnreadableWithoutItsKey) {
  DataFolder data;
  auto keys = KeyRing::open(data.path()).value();
  RawStore raw(data.path(), keys);
  const std::string bytes = "row;KP AB-123\n";
  const Digest content = sha256(bytes);
  EXPECT_FALSE(raw.has(content));
  EXPECT_EQ(raw.get(content).error().code, ErrorCode::not_found);
  ASSERT_TRUE(raw.put(content, bytes));
  ASSERT_TRUE(raw.put(content, bytes)) << "once is enough";
  EXPECT_EQ(raw.get(content).value(), bytes);
  const std::string path = data.path() + "/raw/" + to_hex(content);
  const std::string file = io::read_file(path, 1 << 20).value();
  EXPECT_EQ(file.find("KP AB"), std::string::npos);

  std::string changed = file;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  ASSERT_TRUE(io::write_file_atomic(path, changed));
  EXPECT_EQ(raw.get(content).error().code, ErrorCode::corrupt);
  ASSERT_TRUE(io::write_file_atomic(path, "QWRAWF\r\n\2" + file.substr(9)));
  EXPECT_EQ(raw.get(content).error().code, ErrorCode::unsupported);

  // A copy of the file that somebody kept elsewhere is worthless once it was removed here.
  ASSERT_TRUE(io::write_file_atomic(path, file));
  ASSERT_TRUE(raw.remove(content));
  EXPECT_FALSE(raw.has(content));
  ASSERT_TRUE(io::write_file_atomic(path, file));
  EXPECT_EQ(raw.get(content).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace quaywatch::journal
