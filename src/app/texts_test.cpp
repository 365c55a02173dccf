#include "app/texts.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace quaywatch::app {
namespace {

class Texts : public testing::Test {
 protected:
  void SetUp() override { speak(Language::es); }
  void TearDown() override {
    speak(Language::en);
    for (const char* name : kVariables) unsetenv(name);
  }
  static constexpr std::array kVariables{"QUAYWATCH_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
};

TEST_F(Texts, AreSaidInTheLanguageAndFilledIn) {
  EXPECT_EQ(say("in force: {}\n", "x"), "en vigor: x\n");
  EXPECT_EQ(say_counted(1, "{} rule", "{} rules"), "1 regla");
  EXPECT_EQ(say_counted(2, "{} rule", "{} rules"), "2 reglas");
  EXPECT_EQ(rule_text("Container moved without a work order"), "Contenedor movido sin orden de trabajo");
  speak(Language::en);
  EXPECT_EQ(say("in force: {}\n", "x"), "in force: x\n");
  EXPECT_EQ(rule_text("Container moved without a work order"), "Container moved without a work order");
}

TEST_F(Texts, WithoutARowStandAsTheyAre) {
  EXPECT_EQ(translated("no row has this"), "no row has this");
  EXPECT_EQ(rule_text("A rule of this site"), "A rule of this site");
  EXPECT_EQ(retold("no row has this"), "no row has this");
}

TEST_F(Texts, OfOtherLayersAreKnownByTheirFormat) {
  EXPECT_EQ(retold("no rule could be compiled"), "no se pudo compilar ninguna regla");
  EXPECT_EQ(retold("'x' is not the number of a version"), "'x' no es el número de una versión");
  EXPECT_EQ(retold("cannot open a b: No such file or directory; check the spelling of the path"),
            "no se puede abrir a b: No existe el fichero o la carpeta; compruebe cómo está escrita la ruta");
  EXPECT_EQ(retold("'25:61' in at is not a time of the form %H:%M; this event is left out"),
            "'25:61' en at no es una hora de la forma %H:%M; este suceso se omite");
  EXPECT_EQ(retold("the value of 'a' has no closing quote (byte 12 of the line)"),
            "el valor de 'a' no tiene comillas de cierre (byte 12 de la línea)");
  EXPECT_EQ(retold("site.toml: outside_reviewer is a text"), "site.toml: outside_reviewer es un texto");
  // Short formats count among messages, and not among what the command line says besides.
  EXPECT_EQ(retold("name must be a text"), "name debe ser un texto");
  EXPECT_EQ(retold("a file begins with what no row knows"), "a file begins with what no row knows");
  // Braces in what others wrote are no values of ours.
  EXPECT_EQ(retold("'{}{0}' is not the number of a version"), "'{}{0}' no es el número de una versión");
  constexpr std::array<std::string_view, 2> kFormats{"{}: {} not in {}", "{} is required"};
  EXPECT_EQ(retold("--a: x not in {y}", kFormats), "--a: x no está entre {y}");
  EXPECT_EQ(retold("--a is something else", kFormats), "--a is something else");
}

struct Choice {
  std::vector<const char*> arguments;
  std::vector<const char*> variables;  // in the order of kVariables; nullptr: not set
  Language chosen;
};

TEST_F(Texts, TheFirstThatIsSetChoosesTheLanguage) {
  const Choice rows[] = {
      {{}, {}, Language::en},
      {{"detect", "--language", "es"}, {"en"}, Language::es},
      {{"--language=es", "detect"}, {}, Language::es},
      {{"detect", "--", "--language", "es"}, {}, Language::en},
      {{"--language"}, {"es"}, Language::es},
      {{"--language", "xx"}, {"es"}, Language::en},
      {{}, {"es", "de_DE"}, Language::es},
      {{}, {"", "es_MX.UTF-8", "C"}, Language::es},
      {{}, {nullptr, "C", nullptr, "es_ES.UTF-8"}, Language::en},
      {{}, {nullptr, nullptr, "es@euro"}, Language::es},
      {{}, {nullptr, nullptr, nullptr, "es_ES.UTF-8"}, Language::es},
      {{}, {nullptr, nullptr, nullptr, "est"}, Language::en},
  };
  for (const Choice& row : rows) {
    for (std::size_t i = 0; i < kVariables.size(); ++i) {
      unsetenv(kVariables[i]);
      if (i < row.variables.size() && row.variables[i] != nullptr) setenv(kVariables[i], row.variables[i], 1);
    }
    std::vector<const char*> all{"quaywatch"};
    all.insert(all.end(), row.arguments.begin(), row.arguments.end());
    EXPECT_EQ(chosen_language(static_cast<int>(all.size()), all.data()), row.chosen) << &row - rows;
  }
}

}  // namespace
}  // namespace quaywatch::app
