#include "identity/guessing.h"

#include <gtest/gtest.h>

namespace quaywatch::identity {
namespace {

TEST(Guessing, WhatIsTriedFirstIsFound) {
  for (const char* easy : {"password1234", "passwordpassword", "123456789012", "qwertyuiop12", "Welcome2026!",
                           "Hamburg12345", "iloveyou2026", "aaaaaaaaaaab", "trustno1trustno1", "P4ssw0rd2026",
                           "containerport", "maria01021984", "zaq12wsxzaq12wsx", ""})
    EXPECT_TRUE(is_guessable(easy, {})) << easy;
  EXPECT_TRUE(is_guessable(std::string(256, 'x'), {}));
}

TEST(Guessing, PhrasesAndWhatChanceMakesAreNot) {
  for (const char* good : {"a long and quiet tide", "correct horse, battery staple", "ZxQ9vLw2kPr8",
                           "harbour-crane-7-tide", "naïve crêpes ☃ on ice", "la grúa del muelle siete"})
    EXPECT_FALSE(is_guessable(good, {})) << good;
}

TEST(Guessing, WhatIsKnownOfTheUserHelpsNobody) {
  EXPECT_FALSE(is_guessable("zvonimirka-mr", {}));
  EXPECT_TRUE(is_guessable("zvonimirka-mr", {"zvonimirka"}));
}

}  // namespace
}  // namespace quaywatch::identity
