#include "model/identifiers.h"

#include <gtest/gtest.h>

namespace quaywatch {
namespace {

using enum IdentifierCheck;

struct Vector {
  IdentifierCheck (*check)(std::string_view);
  std::string_view value;
  IdentifierCheck expected;
};

TEST(Identifiers, VectorsOfEachStandard) {
  const Vector kVectors[] = {
      {check_container_number, "CSQU3054383", good},  // the example of ISO 6346 annex A
      {check_container_number, "CSQU3054384", check_digit},
      {check_container_number, "TRHU3871247", good},
      {check_container_number, "SUDU123459", malformed},
      {check_container_number, "CSQ33054383", malformed},
      {check_container_number, "CSQX3054383", unassigned},
      {check_container_number, "", malformed},
      {check_imo, "9074729", good},
      {check_imo, "9074728", check_digit},
      {check_imo, "IMO9074", malformed},
      {check_mmsi, "244670316", good},
      {check_mmsi, "200999999", unassigned},
      {check_mmsi, "776000000", unassigned},
      {check_mmsi, "775000000", good},
      {check_mmsi, "002241022", good},  // coast station
      {check_mmsi, "023501234", good},  // group of ships
      {check_mmsi, "111232501", good},  // search and rescue aircraft
      {check_mmsi, "992351000", good},  // aid to navigation
      {check_mmsi, "970123456", good},  // search and rescue transmitter
      {check_mmsi, "24467031", malformed},
      {check_unlocode_form, "SIKOP", good},
      {check_unlocode_form, "US2AB", good},
      {check_unlocode_form, "US1AB", malformed},
      {check_unlocode_form, "Sikop", malformed},
      {check_vin, "1M8GDM9AXKP042788", good},
      {check_vin, "1M8GDM9A1KP042788", check_digit},
      {check_vin, "11111111111111111", good},
      {check_vin, "1M8GDM9AXKPO42788", malformed},  // letter O
      {check_vin, "1M8GDM9AXKP04278", malformed},
      {check_lei, "5493001KJTIIGC8Y1R12", good},
      {check_lei, "529900T8BM49AURSDO55", good},
      {check_lei, "529900T8BM49AURSDO56", check_digit},
      {check_lei, "529900T8BM49AURSDOXX", malformed},
      {check_hs6, "080390", good},
      {check_hs6, "770000", unassigned},
      {check_hs6, "980000", unassigned},
      {check_hs6, "8039", malformed},
      {check_size_type, "45R1", good},
      {check_size_type, "22GP", good},
      {check_size_type, "4310", good},  // before 1995
      {check_size_type, "L5G1", good},  // 45 ft
      {check_size_type, "Z2G1", unassigned},
      {check_size_type, "4XG1", unassigned},
      {check_size_type, "22R8", unassigned},
      {check_size_type, "22G", malformed},
      {check_size_type, "22g1", malformed},
  };
  for (const Vector& v : kVectors) EXPECT_EQ(name(v.check(v.value)), name(v.expected)) << v.value;
}

TEST(Identifiers, ContainerCheckDigitOfARemainderOfTenIsZero) {
  EXPECT_EQ(container_check_digit("CSQU305438"), 3);
  EXPECT_EQ(container_check_digit("CSQU30543X"), std::nullopt);
  EXPECT_EQ(container_check_digit("QWTU000014"), 0);  // sum of weights is 10 modulo 11
}

TEST(Identifiers, DisplayFormIsAsMarkedOnTheBox) {
  EXPECT_EQ(display_container_number("TRHU3871247"), "TRHU 387124-7");
  EXPECT_EQ(display_container_number("TRHU387124"), "TRHU387124");
}

TEST(Identifiers, OneVinWhateverWasInserted) {
  EXPECT_EQ(canonical_vin("1M8GDM9A.XKP042788"), canonical_vin("1M8GDM9AXKP042788"));
  EXPECT_EQ(canonical_vin("1m8gdm9axkpO4278Q"), "1M8GDM9AXKP042780");
  EXPECT_EQ(canonical_vin("I-M8"), "1M8");
}

TEST(Identifiers, SizeTypesDifferOnlyWhenLengthOrHeightCertainlyDoes) {
  struct Pair {
    std::string_view a, b;
    bool compatible;
  };
  const Pair kPairs[] = {
      {"42G1", "4310", true},  {"42G1", "42GP", true},  {"45G1", "4500", true},  {"L5G1", "9500", true},
      {"22G1", "22R8", true},  {"42G1", "45G1", false}, {"22G1", "42G1", false}, {"2200", "45G1", false},
      {"4200", "4500", false}, {"42G1", "", true},      {"42G1", "Z2G1", true},
  };
  for (const Pair& p : kPairs) {
    EXPECT_EQ(size_types_compatible(p.a, p.b), p.compatible) << p.a << " " << p.b;
    EXPECT_EQ(size_types_compatible(p.b, p.a), p.compatible) << p.b << " " << p.a;
  }
}

}  // namespace
}  // namespace quaywatch
