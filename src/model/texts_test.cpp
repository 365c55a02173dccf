#include "model/texts.h"

#include <gtest/gtest.h>

#include "model/catalogue.h"

namespace quaywatch {
namespace {

TEST(Meanings, AreSaidInALanguage) {
  EXPECT_EQ(meaning_in(Language::es, info(EventType::container_moved).sentence),
            "Una máquina movió el contenedor dentro de la instalación.");
  EXPECT_EQ(meaning_in(Language::en, info(EventType::container_moved).sentence),
            "Equipment moved the container inside the facility.");
  EXPECT_EQ(meaning_in(Language::es, "no row has this"), "no row has this");
}

TEST(Meanings, OfEveryTypeAndFieldAreThereInSpanish) {
  for (std::uint16_t i = 0; i < kEventTypeCount; ++i) {
    const std::string_view english = info(static_cast<EventType>(i)).sentence;
    EXPECT_NE(meaning_in(Language::es, english), english);
  }
  for (std::uint16_t i = 0; i < kFieldCount; ++i) {
    const std::string_view english = info(static_cast<FieldId>(i)).sentence;
    EXPECT_NE(meaning_in(Language::es, english), english);
  }
}

}  // namespace
}  // namespace quaywatch
