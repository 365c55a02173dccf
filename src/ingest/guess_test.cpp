#include "ingest/guess.h"

#include <gtest/gtest.h>

#include <random>

#include "adapters/formats.h"
#include "adapters/mapped/mapped.h"
#include "ingest/feed_name.h"
#include "ingest/header_words.h"
#include "ingest/time_column.h"

namespace quaywatch::ingest {
namespace {

using Texts = std::vector<std::string>;

Guess guessed(std::string_view bytes, const GuessOptions& options = {}, std::string_view name = "feed.csv") {
  const Sample sample{name, bytes};
  auto guess = guess_mapping(std::span(&sample, 1), options);
  if (guess) return std::move(*guess);
  ADD_FAILURE() << guess.error().message;
  return {};
}

adapters::mapped::Mapping parsed(const Guess& guess) {
  auto mapping = adapters::mapped::parse_mapping(guess.toml, "guess.toml", adapters::format_ids());
  if (mapping) return std::move(*mapping);
  ADD_FAILURE() << mapping.error().context << ": " << mapping.error().message << "\n" << guess.toml;
  return {};
}

std::string becomes(const Guess& guess, std::string_view column) {
  for (const GuessedColumn& c : guess.columns)
    if (c.column == column) return c.becomes;
  return "no such column";
}

TEST(HeaderWords, KnowTheLanguagesOfPorts) {
  static constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"Container-Nr.", "container.number"},  {"UnitNbr", "container.number"},
      {"Nº Contenedor", "container.number"},  {"Broj kontejnera", "container.number"},
      {"Kenteken", "vehicle.plate"},          {"Matrícula do camião", "vehicle.plate"},
      {"Kfz-Kennzeichen", "vehicle.plate"},   {"Targa", "vehicle.plate"},
      {"Numéro de scellé", "seal.number"},    {"Zegelnummer", "seal.number"},
      {"Peso bruto", "container.weight_kg"},  {"Bruttogewicht (kg)", "container.weight_kg"},
      {"Težina bruto", "container.weight_kg"}, {"plate_conf", "capture.confidence"},
      {"window_from", "pickup.window_from"},  {"Datum i vrijeme", "@time"},
      {"Uhrzeit", "@time"},                   {"Smjer", "@code"},
      {"Bemerkung", ""},                      {"", ""},
      {"\xFF\xFE\x80", ""},
  };
  for (const auto& [header, what] : kCases) EXPECT_EQ(header_meaning(header).what, what) << header;
}

TEST(HeaderWords, ReadCodesInWordsOfTheCatalogue) {
  EXPECT_EQ(type_in_words("RELEASE_VIEW"), "release.viewed");
  EXPECT_EQ(type_in_words("PickupAnnounce"), "pickup.announced");
  EXPECT_EQ(type_in_words("RELEASE"), "");
  EXPECT_EQ(sense_of("SAÍDA"), "out");
  EXPECT_EQ(sense_of("Verweigert"), "denied");
}

TEST(FeedName, TakesTheDateOutOfAFileName) {
  struct Case {
    const char *name, *feed, *pattern, *day, *day_in_name;
  };
  static constexpr Case kCases[] = {
      {"gate_anpr_20261024.csv", "gate_anpr", "gate_anpr_*.csv", "20261024", "^gate_anpr_(\\d{8})"},
      {"codeco_20261023_2_resent.edi", "codeco", "codeco_*.edi", "20261023", "^codeco_(\\d{8})"},
      {"Tor-Bericht 24.10.2026.CSV", "tor_bericht", "Tor-Bericht *.CSV", "20261024", ""},
      {"cards_2026-03.csv", "cards", "cards_*.csv", "", ""},
      {"20261024.csv", "feed", "*.csv", "20261024", "^(\\d{8})"},
      {"moves.csv", "moves", "moves.csv", "", ""},
      {"order_123456789.csv", "order_123456789", "order_123456789.csv", "", ""},
      {"a_20261399.csv", "a_20261399", "a_20261399.csv", "", ""},
  };
  for (const Case& c : kCases) {
    const FeedName name = feed_name(c.name);
    EXPECT_EQ(name.feed, c.feed) << c.name;
    EXPECT_EQ(name.pattern, c.pattern) << c.name;
    EXPECT_EQ(name.day, c.day) << c.name;
    EXPECT_EQ(name.day_in_name, c.day_in_name) << c.name;
  }
}

TEST(TimeShape, IsTheOneFormThatReadsTheValues) {
  struct Case {
    Texts values;
    const char *format, *month_first;
    DayOrder proven = DayOrder::unknown;
  };
  const Case cases[] = {
      {{"22.10.2026 05:50", "", "01.11.2026 7:05"}, "%d.%m.%Y %H:%M", "%m.%d.%Y %H:%M", DayOrder::day_first},
      {{"10/22/26 5:50:01 PM"}, "%d/%m/%y %I:%M:%S %p", "%m/%d/%y %I:%M:%S %p", DayOrder::month_first},
      {{"03/04/2026 10:00", "05/04/2026 11:00"}, "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"},
      {{"2026-10-22T05:50:00Z"}, "rfc3339", ""},
      {{"2026-10-22 05:50:00"}, "%Y-%m-%d %H:%M:%S", ""},
      {{"2026-10-22T05:50:00+0200"}, "%Y-%m-%dT%H:%M:%S%z", ""},
      {{"1792900800"}, "epoch_s", ""},
      {{"1792900800123"}, "epoch_ms", ""},
      {{"20261022"}, "%Y%m%d", ""},
  };
  for (const Case& c : cases) {
    const auto shape = time_shape(c.values);
    ASSERT_TRUE(shape) << c.values.front();
    EXPECT_EQ(shape->format, c.format);
    EXPECT_EQ(shape->month_first, c.month_first);
    EXPECT_EQ(shape->proven, c.proven);
  }
  for (const Texts& none :
       {Texts{}, Texts{"", ""}, Texts{"0.98"}, Texts{"7001"}, Texts{"QCQU1000014"}, Texts{"31.02.2026"}})
    EXPECT_FALSE(time_shape(none)) << (none.empty() ? "" : none.front());
}

constexpr std::string_view kAmbiguous =
    "Time,Box,Dir\n3/4/2026 10:00,QBQU1000012,IN\n4/4/2026 11:00,QBQU1000012,OUT\n";

TEST(Guess, NeverDecidesAnAmbiguousDateOrAZone) {
  const Guess open = guessed(kAmbiguous);
  ASSERT_EQ(open.missing.size(), 2U);
  EXPECT_NE(open.missing[0].find("--day-first or --month-first"), std::string::npos);
  EXPECT_NE(open.missing[1].find("--time-zone"), std::string::npos);
  EXPECT_TRUE(open.is_zone_assumed);
  ASSERT_EQ(open.readings.size(), 2U);
  EXPECT_EQ(format_rfc3339(open.readings[0].day_first), "2026-04-03T10:00:00Z");
  EXPECT_EQ(format_rfc3339(open.readings[0].month_first), "2026-03-04T10:00:00Z");
  GuessOptions options;
  options.time_zone = "Europe/Lisbon";
  options.day_order = DayOrder::month_first;
  const Guess told = guessed(kAmbiguous, options);
  EXPECT_TRUE(told.missing.empty());
  EXPECT_EQ(parsed(told).times.front().format.text(), "%m/%d/%Y %H:%M");
}

TEST(Guess, RefusesAnOrderThatAValueContradicts) {
  GuessOptions options;
  options.time_zone = "UTC";
  options.day_order = DayOrder::month_first;
  const Guess guess = guessed("Time,Box,Dir\n13/4/2026 10:00,QBQU1000012,IN\n", options);
  ASSERT_EQ(guess.missing.size(), 1U);
  EXPECT_NE(guess.missing[0].find("'13/4/2026 10:00' in 'Time' can only be read day first"), std::string::npos);
}

TEST(Guess, TellsContainerNumbersByTheirDigitsWhateverTheHeaderSays) {
  GuessOptions options;
  options.time_zone = "UTC";
  const Guess guess = guessed("at;x;container;dir\n2026-10-22 05:50:00;QBQU 100001-2;yes;IN\n"
                              "2026-10-22 05:51:00;QBQU 200417-8;no;OUT\n", options);
  EXPECT_EQ(becomes(guess, "x"), "container.number");
  EXPECT_EQ(becomes(guess, "container"), "");
  EXPECT_EQ(parsed(guess).events.size(), 2U);
}

TEST(Guess, LeavesOutWeightsThatAreNotKilograms) {
  GuessOptions options;
  options.time_zone = "UTC";
  const Guess guess = guessed("Zeit;Container;Richtung;Bruttogewicht\n2026-10-22 05:50:00;QBQU1000012;Eingang;26.195\n"
                              "2026-10-22 05:51:00;QBQU2004178;Ausgang;18.420\n", options);
  EXPECT_EQ(becomes(guess, "Bruttogewicht"), "");
}

TEST(Guess, JoinsDateAndHourAndAsksForATypeItCannotTell) {
  GuessOptions options;
  options.time_zone = "UTC";
  const Guess guess = guessed("Datum;Uhrzeit;Menge\n22.10.2026;05:50;3\n", options);
  EXPECT_EQ(becomes(guess, "Uhrzeit"), "");
  ASSERT_EQ(guess.missing.size(), 1U);
  EXPECT_NE(guess.missing[0].find("--type"), std::string::npos);
  options.event_type = "container.moved";
  const auto mapping = parsed(guessed("Datum;Uhrzeit;Menge\n22.10.2026;05:50;3\n", options));
  EXPECT_EQ(mapping.times.front().columns.size(), 2U);
  EXPECT_EQ(mapping.times.front().format.text(), "%d.%m.%Y %H:%M");
}

TEST(Guess, StatesAnOrderOnlyThatEveryTimeOfTheRowsKeeps) {
  GuessOptions options;
  options.time_zone = "UTC";
  const std::string head = "Box;Issued;Moved\n";
  const std::string first = "QBQU1000012;2026-10-22 05:00:00;2026-10-22 09:00:00\n";
  const std::string later = "QBQU2004178;2026-10-22 06:00:00;2026-10-22 10:00:00\n";
  const std::string crossed = "QBQU2004178;2026-10-22 06:00:00;2026-10-22 07:00:00\n";
  const std::string last = "QBQU3005522;2026-10-22 07:30:00;2026-10-22 11:00:00\n";
  EXPECT_TRUE(parsed(guessed(head + first + later + last, options)).in_order);
  EXPECT_FALSE(parsed(guessed(head + first + crossed + last, options)).in_order);
}

TEST(Guess, ColumnNamesCannotWriteTheMapping) {
  GuessOptions options;
  options.time_zone = "UTC";
  const Guess guess = guessed("\"time\"\"]\nowner = \"\"me\",\"box\\\",\"dir\n[[event]]\"\n"
                              "2026-10-22 05:50:00,QBQU1000012,IN\n2026-10-22 05:51:00,QBQU2004178,OUT\n", options);
  const auto mapping = parsed(guess);
  EXPECT_EQ(mapping.owner, "");
  EXPECT_EQ(mapping.events.size(), 2U);
  EXPECT_EQ(mapping.columns, (Texts{"dir\n[[event]]", "time\"]\nowner = \"me", "box\\"}));
}

TEST(Guess, OfAFormatThatDescribesItselfIsTheContract) {
  constexpr std::string_view kMessage = "UNB+UNOA:2+A+B+261022:1658+1'UNZ+0+1'";
  EXPECT_EQ(guessed(kMessage, {}, "codeco_20261022.edi").missing.size(), 1U);
  GuessOptions options;
  options.time_zone = "Europe/Zagreb";
  const auto mapping = parsed(guessed(kMessage, options, "codeco_20261022.edi"));
  EXPECT_EQ(mapping.format, "edifact");
  EXPECT_EQ(mapping.time_zone, "Europe/Zagreb");
  EXPECT_TRUE(adapters::mapped::matches(mapping, "codeco_20261023.edi"));
}

// Whatever the bytes: an error, or a mapping that parses.
TEST(Guess, IsTotal) {
  std::mt19937 random(7);
  const std::string seeds[] = {std::string(kAmbiguous), "a;b\n22.10.2026;QBQU1000012\n",
                               "{\"ts\":1792900800,\"a\":[1,2]}\n"};
  for (int i = 0; i < 400; ++i) {
    std::string bytes = seeds[static_cast<std::size_t>(i) % 3];
    for (int n = 0; n < 4; ++n) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    const Sample sample{"feed_20261022.csv", bytes};
    const auto guess = guess_mapping(std::span(&sample, 1), {});
    if (guess && guess->toml.find("[[event]]") != std::string::npos) parsed(*guess);
  }
}

}  // namespace
}  // namespace quaywatch::ingest
