#include "rules/texts.h"

#include <gtest/gtest.h>

namespace quaywatch::rules {
namespace {

constexpr std::string_view kTitle = "Empty container heavier than an empty can be";

TEST(RuleTexts, AreSaidInALanguageUnlessASiteWroteThem) {
  EXPECT_EQ(text_in(Language::es, kTitle), "Contenedor vacío más pesado de lo que puede ser");
  EXPECT_EQ(text_in(Language::en, kTitle), kTitle);
  EXPECT_EQ(text_in(Language::es, "A rule of this site"), "A rule of this site");
}

TEST(RuleTexts, AreFoundByTheirWordsInEitherLanguage) {
  for (const std::string_view words : {"empty", "HEAVIER than", "vacío", "VACIO", "contenedor vacÍo más", "mas pesado"})
    EXPECT_TRUE(holds_words(kTitle, words)) << words;
  for (const std::string_view words : {"full", "lleno", "contenedor heavier", "vac\xC3", "\xC3"})
    EXPECT_FALSE(holds_words(kTitle, words)) << words;
  EXPECT_TRUE(holds_words("Señal de la obra", "senal"));
}

}  // namespace
}  // namespace quaywatch::rules
