// Public files that nobody here wrote, read by path (../shared/data, README.md there states what is in them), and the
// EDIFACT feeds of the story. Skipped with a reason where the folder is absent.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "adapter/recorder.h"
#include "adapters/edifact.h"
#include "adapters/mapped/mapped.h"
#include "base/text.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;
using adapter::SpanKind;

const fs::path kData = QUAYWATCH_SHARED_DIR "/data";
const fs::path kFeeds = QUAYWATCH_SHARED_DIR "/stories/pin-fraud-import/feeds";

#define SKIP_WITHOUT(path) \
  if (!fs::exists(path)) GTEST_SKIP() << (path) << " is not here"

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Recorder decode(std::string_view bytes, const adapter::EdifactProfile* profile = nullptr) {
  adapter::Source source;
  source.edifact = profile;
  source.time_zone = "Europe/Ljubljana";
  source.received_at = *parse_rfc3339("2026-12-01T00:00:00Z");
  Recorder r;
  decode_edifact(bytes, source, r);
  EXPECT_TRUE(r.accounts_for(bytes.size()));
  return r;
}

Recorder decode_file(const fs::path& path) {
  return decode(read_file(path));
}

int count(const Recorder& r, std::string_view code) {
  return static_cast<int>(
      std::count_if(r.findings.begin(), r.findings.end(), [&](const auto& f) { return f.code == code; }));
}

bool says(const Recorder& r, std::string_view code, std::string_view words) {
  return std::any_of(r.findings.begin(), r.findings.end(),
                     [&](const auto& f) { return f.code == code && f.message.find(words) != std::string::npos; });
}

std::int64_t total_kg(const Recorder& r, FieldId field) {
  std::int64_t millionths = 0;
  for (const auto& e : r.events) millionths += e->fields.get(field).number;
  return millionths / kDecimalOne;
}

TEST(RealEdifact, EveryFileIsAccountedForToTheLastByte) {
  SKIP_WITHOUT(kData);
  int files = 0;
  for (const char* folder : {"b1_edifact_samples", "b2_edifact_php", "b3_baplie_large", "b4_edifact_staedi",
                             "b5_iftsai_port_of_rotterdam", "b6_paxlst_clean", "b7_edifact_pydifact"})
    for (const auto& entry : fs::recursive_directory_iterator(kData / folder))
      if (entry.is_regular_file()) {
        SCOPED_TRACE(entry.path());
        decode_file(entry.path());  // the expectation is inside
        ++files;
      }
  EXPECT_GE(files, 80);
}

TEST(RealEdifact, CoarriOfATerminal) {
  SKIP_WITHOUT(kData);
  const Recorder r = decode_file(kData / "b2_edifact_php/D95BCOARRI.edi");
  ASSERT_EQ(r.events.size(), 21U);
  EXPECT_EQ(count(r, "check_digit"), 0);
  EXPECT_EQ(count(r, "count_mismatch"), 0);
  EXPECT_TRUE(r.reasons(SpanKind::rejected).empty());
  // The 564,003 kg of the data's README are all MEA lines together: estimated gross weights and tares.
  EXPECT_EQ(total_kg(r, FieldId::container_weight_kg), 484'003);
  EXPECT_EQ(total_kg(r, FieldId::container_tare_kg), 80'000);
  EXPECT_EQ(std::count_if(r.events.begin(), r.events.end(),
                          [](const auto& e) { return e->type == EventType::container_discharged; }),
            2);
  const Event& first = *r.events.front();
  EXPECT_EQ(first.text(FieldId::container_number), "FCIU9908030");
  EXPECT_EQ(first.facility, "ITGOA/VTE");
  EXPECT_EQ(first.feed, "coarri/ITGOAVTE");
  EXPECT_EQ(first.text(FieldId::container_slot), "380886");
  EXPECT_FALSE(first.fields.has(FieldId::seal_number));  // "SI" names none
  EXPECT_EQ(count(r, "seal_without_number"), 2);
}

TEST(RealEdifact, BayPlansOfThreeEditions) {
  SKIP_WITHOUT(kData);
  const Recorder d95b = decode_file(kData / "b2_edifact_php/D95BBAPLIE.edi");
  EXPECT_EQ(d95b.events.size(), 3U);
  EXPECT_EQ(total_kg(d95b, FieldId::container_weight_kg), 33'816);

  const Recorder d13b = decode_file(kData / "b1_edifact_samples/Bayplan.txt");
  ASSERT_EQ(d13b.events.size(), 1U);
  EXPECT_EQ(d13b.events[0]->text(FieldId::container_slot), "0200688");
  EXPECT_EQ(d13b.events[0]->text(FieldId::vessel_imo), "9354351");
  EXPECT_EQ(d13b.events[0]->text(FieldId::vessel_name), "ANINA");
  EXPECT_TRUE(says(d13b, "count_mismatch", "UNT states 21, counted 22"));

  const Recorder dangerous = decode_file(kData / "b4_edifact_staedi/issue122/baplie-test.edi");
  ASSERT_EQ(dangerous.events.size(), 1U);
  EXPECT_EQ(dangerous.events[0]->text(FieldId::container_dangerous_goods), "2.3/2198");
  EXPECT_EQ(dangerous.events[0]->text(FieldId::container_number), "TOLU2566410");
}

TEST(RealEdifact, LargeBayPlanOfEdition15) {
  SKIP_WITHOUT(kData);
  const Recorder r = decode_file(kData / "b3_baplie_large/job_43002_input_Release_data.txt");
  ASSERT_EQ(r.events.size(), 3624U);
  EXPECT_EQ(count(r, "check_digit"), 0);
  EXPECT_EQ(count(r, "count_mismatch"), 0);
  EXPECT_EQ(total_kg(r, FieldId::container_weight_kg), 69'833'300);
  std::set<std::string> numbers, slots;
  int dangerous = 0, cooled = 0;
  for (const auto& e : r.events) {
    EXPECT_EQ(e->classifier, Classifier::planned);
    numbers.emplace(e->text(FieldId::container_number));
    slots.emplace(e->text(FieldId::container_slot));
    e->fields.each(FieldId::container_dangerous_goods, [&](const Value&) { ++dangerous; });
    cooled += e->fields.has(FieldId::container_temperature_c) ? 1 : 0;
  }
  EXPECT_EQ(numbers.size(), 3624U);
  EXPECT_EQ(slots.size(), 3624U);
  EXPECT_EQ(dangerous, 76);
  EXPECT_EQ(cooled, 80);
  EXPECT_EQ(r.events.front()->text(FieldId::container_number), "MWCU5602541");  // "MWCU 5602541" in the file
  EXPECT_EQ(r.events.front()->text(FieldId::vessel_name), "MAERSK SOFIA");
}

TEST(RealEdifact, ContainersWithoutNumberAreKept) {
  SKIP_WITHOUT(kData);
  const Recorder r = decode_file(kData / "b3_baplie_large/GBSOU_arrival.BAPLIE.edi.txt");
  EXPECT_EQ(r.events.size(), 1457U);
  EXPECT_EQ(count(r, "container_id_blank"), 1457);
  EXPECT_EQ(total_kg(r, FieldId::container_weight_kg), 29'140'000);
  EXPECT_FALSE(r.events.front()->fields.has(FieldId::container_number));
  EXPECT_NE(r.events[0]->natural_key, r.events[1]->natural_key);
}

TEST(RealEdifact, WhatIsWrongWithAFileIsSaid) {
  SKIP_WITHOUT(kData);
  struct Row {
    const char* file;
    std::string_view code, words, rejected;
  };
  const Row kRows[] = {
      {"b3_baplie_large/ASJ.edi.txt", "unt_missing", "BAPLIE has no UNT", ""},
      {"b1_edifact_samples/CorruptUnb.txt", "unb_missing", "messages without a UNB", "corrupt_tag"},
      {"b1_edifact_samples/CorruptUnh.txt", "count_mismatch", "UNZ states 2, counted 1", "corrupt_tag"},
      {"b1_edifact_samples/MixedTransactionsNoEnvelopes.txt", "unb_missing", "messages without a UNB", ""},
      {"b1_edifact_samples/DuplicateInterchange.txt", "reference_mismatch", "opened was '131'", ""},
      {"b1_edifact_samples/PurchaseOrderMultiLine.txt", "count_mismatch", "UNT states 38, counted 72", ""},
      {"b2_edifact_php/example_multiline.edi", "count_mismatch", "UNT states 10, counted 7", ""},
      // Nine IFT segments more than the sender counted: terminators behind "??" end a segment, "?'" does not.
      {"b2_edifact_php/example_release_character.edi", "count_mismatch", "UNT states 14, counted 23", ""},
      {"b4_edifact_staedi/invoic_d97b_bad.edi", "section_repeated", "section S begins twice", "section_repeated"},
      {"b5_iftsai_port_of_rotterdam/VIFTSAI0000001.txt", "unz_missing", "no UNZ", ""},
      {"b5_iftsai_port_of_rotterdam/VIFTSAI0000002.txt", "unz_missing", "no UNZ", ""},
      {"b5_iftsai_port_of_rotterdam/VIFTSAI0000003.txt", "unz_missing", "no UNZ", ""},
      {"b5_iftsai_port_of_rotterdam/VIFTSAI0000005.txt", "unz_missing", "no UNZ", ""},
      {"b7_edifact_pydifact/hl7.lab", "unz_missing", "no UNZ", "corrupt_tag"},
      {"b7_edifact_pydifact/huge_file2.edi", "count_mismatch", "UNT states 16, counted 109619", ""},
  };
  for (const Row& row : kRows) {
    const Recorder r = decode_file(kData / row.file);
    EXPECT_TRUE(says(r, row.code, row.words)) << row.file;
    EXPECT_EQ(r.reasons(SpanKind::rejected).contains(std::string(row.rejected)), !row.rejected.empty()) << row.file;
  }
  // And what is right is not called wrong.
  for (const char* file :
       {"b5_iftsai_port_of_rotterdam/VIFTSAI0000004.txt", "b4_edifact_staedi/issue128/wrapped_invoic_d97b.edi",
        "b4_edifact_staedi/issue128/wrapped_invoic_d97b_una.edi", "b4_edifact_staedi/invoic_d93a_una.edi",
        "b1_edifact_samples/PurchaseOrders.txt", "b1_edifact_samples/DuplicateGroup.txt",
        "b7_edifact_pydifact/invoice1.edi"}) {
    const Recorder r = decode_file(kData / file);
    for (const auto& f : r.findings) EXPECT_EQ(f.code, "segment_not_mapped") << file << " " << f.message;
    EXPECT_TRUE(r.reasons(SpanKind::rejected).empty()) << file;
  }
}

// Teletype files with header lines, wraps and a disclaimer, against the clean copies: UNA line, then a segment a line.
TEST(RealEdifact, WrappedTeletypeFilesUnfoldToTheirReference) {
  SKIP_WITHOUT(kData);
  for (const char* name : {"A.txt", "B.txt", "C.txt"}) {
    const std::string original = read_file(kData / "b6_paxlst_clean/original" / name);
    std::string unfolded;
    codec::SegmentReader reader(original, {}, 0);
    reader.seek(original.find("UNA"), {});
    codec::Segment s;
    while (reader.next(s) && s.fault() == codec::SegmentFault::none) {
      for (const char c : original.substr(s.offset(), s.end() - s.offset()))
        if (c != '\r' && c != '\n') unfolded += c;
      unfolded += '\n';
    }
    EXPECT_EQ(trim(unfolded), trim(read_file(kData / "b6_paxlst_clean/reference" / name))) << name;
  }
}

TEST(RealEdifact, CodecoInsideAnEntityOfAnotherStandard) {
  SKIP_WITHOUT(kData);
  const std::string json = read_file(kData / "h3_smart_data_models/EdiCodeco_example.json");
  const std::size_t begin = json.find("UNB+");
  const Recorder r = decode(std::string_view(json).substr(begin, json.find('"', begin) - begin));
  ASSERT_EQ(r.events.size(), 1U);
  const Event& e = *r.events[0];
  EXPECT_EQ(e.type, EventType::container_gate_in);
  EXPECT_EQ(e.text(FieldId::container_number), "TESI1120274");  // fourth letter I is no equipment category
  EXPECT_EQ(count(r, "unassigned"), 1);
  EXPECT_EQ(e.text(FieldId::vehicle_plate), "993NGR");
  EXPECT_EQ(to_text(e.fields.get(FieldId::container_vgm_kg)), "27000");
  EXPECT_EQ(e.text(FieldId::booking_ref), "FUE110823");
  EXPECT_EQ(e.text(FieldId::vessel_name), "CHRISTIAN");
  EXPECT_EQ(e.facility, "ESHUV/CONCHUV");
}

std::map<std::string, int> types_of(const Recorder& r) {
  std::map<std::string, int> out;
  for (const auto& e : r.events)
    ++out[std::string(info(e->type).name) +
          (e->classifier == Classifier::actual ? "" : " " + std::string(name(e->classifier)))];
  return out;
}

TEST(RealEdifact, SchedulesOfACarrierToAPort) {
  SKIP_WITHOUT(kData);
  const fs::path folder = kData / "b5_iftsai_port_of_rotterdam";
  const struct {
    const char* file;
    int calls;
  } kRows[] = {{"VIFTSAI0000001.txt", 7}, {"VIFTSAI0000002.txt", 7}, {"VIFTSAI0000003.txt", 9},
               {"VIFTSAI0000004.txt", 14}, {"VIFTSAI0000005.txt", 8}};
  for (const auto& row : kRows) {
    const Recorder r = decode_file(folder / row.file);
    const std::map<std::string, int> expected{{"vessel.arrived estimated", row.calls},
                                              {"vessel.departed estimated", row.calls}};
    EXPECT_EQ(types_of(r), expected) << row.file;
  }
  const Recorder r = decode_file(folder / "VIFTSAI0000004.txt");
  const Event& first = *r.events.front();
  EXPECT_EQ(first.facility, "NLRTM/MVT");
  EXPECT_EQ(first.text(FieldId::berth_code), "MVT");
  EXPECT_EQ(first.text(FieldId::vessel_name), "MARGRETHE MAERSK");
  EXPECT_EQ(first.text(FieldId::vessel_call_sign), "OWYZ2");
  EXPECT_EQ(first.text(FieldId::vessel_voyage), "JRGM915W");
  EXPECT_EQ(r.events.back()->text(FieldId::location_code), "CNSHA");
  EXPECT_EQ(decode_file(folder / "VIFTSAI0000005.txt").events[0]->text(FieldId::call_ref), "NLRTM19004423");
}

TEST(RealEdifact, StatusesOfConsignmentsWithoutContainers) {
  SKIP_WITHOUT(kData);
  const Recorder r = decode_file(kData / "b1_edifact_samples/TransportStatus.txt");
  const std::map<std::string, int> expected{{"container.status_reported", 6}};
  EXPECT_EQ(types_of(r), expected);
  EXPECT_EQ(r.events[0]->text(FieldId::transport_status), "21");
  EXPECT_EQ(r.events[0]->text(FieldId::bill_ref), "4215A");
  EXPECT_EQ(r.events[2]->text(FieldId::transport_status), "17");
  EXPECT_EQ(r.events[2]->text(FieldId::event_reason), "39");
  EXPECT_TRUE(says(r, "time_unreadable", "'20020148'"));
}

TEST(RealEdifact, AnswersToInterchangesAndMessages) {
  SKIP_WITHOUT(kData);
  const Recorder received = decode_file(kData / "b1_edifact_samples/CONTRL.txt");
  ASSERT_EQ(received.events.size(), 2U);
  EXPECT_EQ(received.events[0]->type, EventType::message_acknowledged);
  EXPECT_EQ(received.events[0]->text(FieldId::message_ref), "131");
  EXPECT_EQ(format_rfc3339(received.events[0]->event_time), "2021-09-22T10:20:00Z");

  const auto contract = mapped::parse_mapping(read_file(QUAYWATCH_SOURCE_DIR "/adapters/aperak/vectors/own_codes.toml"),
                                              "own_codes.toml");
  ASSERT_TRUE(contract) << contract.error().message;
  const struct {
    const char* file;
    EventType type;
    const char *ref, *error;
  } kRows[] = {{"v3/aperak.edi", EventType::message_acknowledged, "APERAK001", "1"},
               {"v3/aperak_rejected.edi", EventType::message_refused, "APERAK002", "12"},
               {"v4/aperak.edi", EventType::message_acknowledged, "APERAK004", "1"},
               {"v4/aperak_rejected.edi", EventType::message_refused, "APERAK003", "12"}};
  for (const auto& row : kRows) {
    const std::string bytes = read_file(kData / "b7_edifact_pydifact/messages" / row.file);
    // The code that these files say yes and no with means another thing in the standard: nothing is guessed.
    const Recorder plain = decode(bytes);
    EXPECT_TRUE(plain.events.empty()) << row.file;
    EXPECT_EQ(count(plain, "unknown_code"), 1) << row.file;
    const Recorder r = decode(bytes, contract->edifact.get());
    ASSERT_EQ(r.events.size(), 1U) << row.file;
    EXPECT_EQ(r.events[0]->type, row.type) << row.file;
    EXPECT_EQ(r.events[0]->text(FieldId::document_ref), row.ref);
    EXPECT_EQ(r.events[0]->text(FieldId::message_ref), "PO123456");
    EXPECT_EQ(r.events[0]->text(FieldId::message_error), row.error);
  }
}

// Interchanges that a builder's documentation shows: which fields a sender fills.
TEST(RealEdifact, WorkedExamplesOfABuilder) {
  SKIP_WITHOUT(kData);
  const std::string page = read_file(kData / "b8_vermas_copino_coparn_doc/SAMPLES.md");
  std::map<std::string, boost::intrusive_ptr<Event>> first;
  for (std::size_t at = page.find("\nUNB+"); at != std::string::npos; at = page.find("\nUNB+", at + 1)) {
    const Recorder r = decode(std::string_view(page).substr(at + 1, page.find("```", at) - at - 1));
    for (const auto& e : r.events) first.emplace(e->feed.substr(0, e->feed.find('/')), e);
  }
  const struct {
    const char* adapter;
    EventType type;
    FieldId field;
    const char* value;
  } kRows[] = {
      {"vermas", EventType::container_weighed, FieldId::container_vgm_kg, "1212"},
      {"vermas", EventType::container_weighed, FieldId::container_vgm_method, "1"},
      {"vermas", EventType::container_weighed, FieldId::container_vgm_by, "JOHN DOE"},
      {"copino", EventType::delivery_announced, FieldId::vehicle_plate, "XA212345"},
      {"copino", EventType::delivery_announced, FieldId::driver_name, "JOHN DOE"},
      {"copino", EventType::delivery_announced, FieldId::party_code, "TRUCKER CORP."},
      {"coparn", EventType::container_announced, FieldId::container_vgm_kg, "11495.14"},
      {"coparn", EventType::container_announced, FieldId::order_ref, "TEMPORDER"},
      {"coprar", EventType::container_loaded, FieldId::location_discharge, "HKHKG"},
      {"codeco", EventType::container_gate_in, FieldId::container_weight_kg, "15400"},
  };
  for (const auto& row : kRows) {
    const auto at = first.find(row.adapter);
    ASSERT_NE(at, first.end()) << row.adapter;
    EXPECT_EQ(at->second->type, row.type) << row.adapter;
    EXPECT_EQ(to_text(at->second->fields.get(row.field)), row.value) << row.adapter;
  }
  EXPECT_EQ(first.at("copino")->facility, "ITGOA/VTE");
  EXPECT_EQ(first.at("coprar")->classifier, Classifier::requested);
}

TEST(StoryEdifact, EveryFeedIsReadWithoutAReject) {
  SKIP_WITHOUT(kFeeds);
  std::map<std::string, int> types;
  for (const auto& entry : fs::directory_iterator(kFeeds)) {
    if (entry.path().extension() != ".edi") continue;
    const Recorder r = decode_file(entry.path());
    EXPECT_TRUE(r.reasons(SpanKind::rejected).empty()) << entry.path();
    EXPECT_TRUE(r.reasons(SpanKind::ignored).empty()) << entry.path();
    for (const auto& f : r.findings) EXPECT_EQ(f.code, "segment_not_mapped") << entry.path() << " " << f.message;
    for (const auto& e : r.events) ++types[std::string(info(e->type).name)];
  }
  EXPECT_EQ(types["release.issued"], 67);
  EXPECT_EQ(types["release.replaced"], 1);
  EXPECT_EQ(types["release.cancelled"], 1);
  EXPECT_EQ(types["container.discharged"], 66);
  EXPECT_EQ(types["container.loaded"], 16);
  EXPECT_EQ(types["container.gate_in"] + types["container.gate_out"], 93);
}

TEST(StoryEdifact, AReSentInterchangeGivesTheSameEvents) {
  SKIP_WITHOUT(kFeeds);
  const Recorder a = decode_file(kFeeds / "codeco_20261023_2.edi");
  const Recorder b = decode_file(kFeeds / "codeco_20261023_2_resent.edi");
  ASSERT_EQ(a.events.size(), b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i)
    EXPECT_EQ(content_digest(*a.events[i]), content_digest(*b.events[i]));
}

TEST(StoryEdifact, TheFraudulentExitAndReturn) {
  SKIP_WITHOUT(kFeeds);
  const Recorder r = decode_file(kFeeds / "codeco_20261025_1.edi");
  const Event* out = nullptr;
  const Event* back = nullptr;
  for (const auto& e : r.events)
    if (e->text(FieldId::container_number) == "TRHU3871247")
      (e->type == EventType::container_gate_out ? out : back) = e.get();
  ASSERT_TRUE(out != nullptr && back != nullptr);
  EXPECT_EQ(out->text(FieldId::party_code), "HZ-KRAS");
  EXPECT_EQ(out->text(FieldId::vehicle_plate), "KPXQ482");
  EXPECT_EQ(out->text(FieldId::seal_number), "NLX09577002");
  EXPECT_EQ(out->time_error_s, 3600);  // 02:07 stands in the repeated hour
  EXPECT_EQ(back->text(FieldId::seal_number), "EU2288471");
  EXPECT_EQ(format_rfc3339(back->event_time), "2026-10-25T21:47:00Z");
  EXPECT_EQ(back->time_error_s, 60);  // stated to the minute
  EXPECT_EQ(
      out->fields.get(FieldId::container_weight_kg).number - back->fields.get(FieldId::container_weight_kg).number,
      640 * kDecimalOne);
}

}  // namespace
}  // namespace quaywatch::adapters
