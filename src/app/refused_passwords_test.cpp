#include "app/refused_passwords.h"

#include <gtest/gtest.h>

#include "io/files.h"

namespace quaywatch::app {
namespace {

class RefusedPasswords : public testing::Test {
 protected:
  RefusedPasswords() {
    // Lines of which some lie across the blocks that are read, and one that is no password.
    std::string text = "first of them\r\n" + std::string(5000, 'x') + "\n";
    for (int i = 0; i < 200'000; ++i) text += "password" + std::to_string(i) + "\n";
    text += "Last of them all";
    EXPECT_TRUE(io::write_file(path_, text));
  }
  ~RefusedPasswords() override { EXPECT_TRUE(io::remove_file(path_)); }
  bool has(std::string_view password) { return is_listed(path_, password).value(); }

  const std::string path_ = testing::TempDir() + "quaywatch-refused-passwords.txt";
};

TEST_F(RefusedPasswords, AreFoundWhereverTheyStandAndInAnyCase) {
  EXPECT_TRUE(has("first of them"));
  EXPECT_TRUE(has("FIRST of them"));
  EXPECT_TRUE(has("last of them all"));
  for (int i = 0; i < 200'000; i += 9973) EXPECT_TRUE(has("Password" + std::to_string(i))) << i;
}

TEST_F(RefusedPasswords, OnlyWholeLinesCount) {
  for (const char* free : {"first of the", "irst of them", "password200000", "password", "first of them\r"})
    EXPECT_FALSE(has(free)) << free;
  EXPECT_FALSE(has(std::string(1024, 'x'))) << "a line that is too long is none";
}

TEST_F(RefusedPasswords, AListThatIsNotThereIsAnError) {
  EXPECT_FALSE(is_listed(path_ + ".not", "anything at all"));
}

}  // namespace
}  // namespace quaywatch::app
