#include "adapters/canonical/canonical.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "adapter/recorder.h"

namespace quaywatch::adapters::canonical {
namespace {

using adapter::Recorder;
using adapter::SpanKind;

adapter::Source source() {
  adapter::Source s;
  s.feed = "vectors";
  s.owner = "test";
  s.received_at = *parse_rfc3339("2026-12-01T00:00:00Z");
  return s;
}

std::string vector_file(const std::string& name) {
  std::ifstream in(std::string(QUAYWATCH_SOURCE_DIR "/adapters/canonical/vectors/") + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Recorder decode(std::string_view bytes) {
  Recorder r;
  decode_canonical(bytes, source(), r);
  EXPECT_TRUE(r.accounts_for(bytes.size()));
  return r;
}

TEST(Canonical, ReadsEveryFormOfLine) {
  const Recorder r = decode(vector_file("all_forms.jsonl"));
  ASSERT_EQ(r.events.size(), 3U);
  ASSERT_EQ(r.coverages.size(), 1U);
  ASSERT_EQ(r.expectations.size(), 1U);
  ASSERT_EQ(r.ticks.size(), 1U);
  EXPECT_EQ(format_rfc3339(r.ticks[0]), "2026-10-25T01:10:00Z");
  EXPECT_EQ(r.coverages[0].feed, "pcs");
  EXPECT_EQ(r.coverages[0].types, (std::vector{EventType::release_viewed, EventType::pickup_announced}));
  EXPECT_EQ(r.expectations[0].lateness, hours(36));
  EXPECT_EQ(r.reasons(SpanKind::ignored), (std::map<std::string, int>{{"blank", 1}}));

  const Event& announced = *r.events[0];
  EXPECT_EQ(announced.natural_key, make_natural_key("pcs", "A88172"));
  EXPECT_EQ(announced.text(FieldId::party_code), "HZ-KRAS");
  EXPECT_EQ(announced.owner, "test");

  const Event& out = *r.events[1];
  EXPECT_EQ(format_rfc3339(out.event_time), "2026-10-25T01:07:44Z");
  EXPECT_EQ(out.reported_at, out.event_time);
  EXPECT_EQ(format_rfc3339(out.received_at), "2026-10-25T01:08:44Z");
  EXPECT_EQ(to_text(out.fields.get(FieldId::container_weight_kg)), "28377.5");
  std::vector<std::string> seals;
  out.fields.each(FieldId::seal_number, [&](const Value& v) { seals.emplace_back(v.text); });
  EXPECT_EQ(seals, (std::vector<std::string>{"NLX09577002", "B2"}));

  const Event& roster = *r.events[2];
  EXPECT_EQ(roster.op, Op::correct);
  EXPECT_EQ(roster.classifier, Classifier::planned);
  EXPECT_EQ(roster.natural_key.hex(), "000102030405060708090a0b0c0d0e0f");
  EXPECT_EQ(roster.time_error_s, 60);
  EXPECT_EQ(roster.fields.get(FieldId::credential_serial).number, 2);
  EXPECT_FALSE(roster.fields.has(FieldId::roster_until));
}

std::string told(const std::string& line) {
  const Recorder r = decode(line);
  std::string out;
  for (const auto& e : r.events) write_canonical(*e, out, {});
  for (const auto& s : r.spans) out += std::string(s.reason) + " " + s.message;
  for (const auto& f : r.findings) out += f.message;
  return out;
}

// With an escape in its first key a line is not plain and takes the long way, which must end in the same event, reject
// and findings, whichever byte is changed.
TEST(Canonical, PlainLinesBecomeTheSameAsOthers) {
  const std::string head = "{\"type\"", escaped = "{\"\\u0074ype\"";
  const std::string rest =
      R"(:"container.weighed","key":"7","event_time":"2027-02-28T10:00:00Z","marking":"TLP:RED","time_error_s":60,)"
      R"("container.weight_kg":28377.5,"seal.number":"A","seal.number":"B","release.ref":null,"event_id":"x"})";
  ASSERT_NE(told(head + rest).find("\"seal.number\":[\"A\",\"B\"]"), std::string::npos) << told(head + rest);
  for (std::size_t at = 0; at < rest.size(); ++at)
    for (const char c : {'"', '\\', ',', '0', ' ', '\x80'}) {
      std::string changed = rest;
      changed[at] = c;
      const std::string plain = told(head + changed), careful = told(escaped + changed);
      // Where the JSON itself is broken the message states the byte, which the escape has moved.
      if (plain.starts_with("bad_json") && careful.starts_with("bad_json")) continue;
      ASSERT_EQ(plain, careful) << changed;
    }
}

struct Refused {
  const char* reason;
  const char* message;  // a part that names the thing
};

TEST(Canonical, NamesWhatIsWrongInEachMalformedLine) {
  static constexpr Refused kWanted[] = {
      {"bad_json", "not valid JSON"},
      {"not_an_object", "one {...} per line"},
      {"unknown_type", "there is no event type 'container.gate_oot'; the nearest is 'container.gate_out'"},
      {"missing_key", "the key 'event_time' is missing"},
      {"missing_key", "the key 'type' is missing"},
      {"bad_time", "'event_time' must be an RFC 3339 time with offset"},
      {"unknown_key", "unknown key 'container.numbr'; the nearest is 'container.number'"},
      {"bad_value", "'container.weight_kg' must be a number, not 'heavy'"},
      {"repeated_key", "'container.number' holds one value"},
      {"fact_stated", "'container.inside' is a fact"},
      {"bad_value", "'op' must be one of assert correct void, not 'undo'"},
      {"bad_json", "not valid JSON"},
      {"bad_value", "'until' lies before 'from'"},
      {"bad_value", "'lateness' must be a timespan such as \"6h\", not 'soon'"},
      {"unknown_key", "unknown key 'zone'"},
      {"bad_json", "not valid JSON"},
      {"repeated_key", "'type' holds one value"},
      {"unknown_key", "'event.facility' is how rules name the header key 'facility'"},
  };
  const Recorder r = decode(vector_file("malformed.jsonl"));
  EXPECT_TRUE(r.events.empty());
  ASSERT_EQ(r.spans.size(), std::size(kWanted));
  for (std::size_t i = 0; i < r.spans.size(); ++i) {
    EXPECT_EQ(r.spans[i].kind, SpanKind::rejected) << i;
    EXPECT_EQ(r.spans[i].reason, kWanted[i].reason) << i << ": " << r.spans[i].message;
    EXPECT_NE(r.spans[i].message.find(kWanted[i].message), std::string::npos) << i << ": " << r.spans[i].message;
  }
}

TEST(Canonical, WrittenEventsReadBackWithTheSameId) {
  const Recorder first = decode(vector_file("all_forms.jsonl"));
  std::string written;
  for (const auto& e : first.events) {
    seal_event_id(*e, 0);
    write_canonical(*e, written, {});
  }
  const Recorder second = decode(written);
  ASSERT_EQ(second.events.size(), first.events.size());
  for (std::size_t i = 0; i < first.events.size(); ++i) {
    seal_event_id(*second.events[i], 0);
    EXPECT_EQ(second.events[i]->id.hex(), first.events[i]->id.hex());
    EXPECT_EQ(second.events[i]->received_at, first.events[i]->received_at);
  }
}

TEST(Canonical, WriterShowsPseudonymsAndStaysValidJson) {
  Event e;
  e.type = EventType::access_granted;
  e.feed = "badge \"x\"\n";
  e.event_time = e.reported_at = e.received_at = *parse_rfc3339("2026-10-25T01:07:44Z");
  e.fields.add_text(FieldId::credential_id, "B-1042");
  e.fields.add_text(FieldId::access_zone, "K\xF6nig");  // Latin-1, not UTF-8
  std::string line;
  write_canonical(e, line, [](PersonalClass c, std::string_view v) {
    return c == PersonalClass::credential ? "pseudonym-of-" + std::to_string(v.size()) : std::string(v);
  });
  EXPECT_EQ(line,
            "{\"type\":\"access.granted\",\"feed\":\"badge \\\"x\\\"\\u000a\",\"marking\":\"TLP:AMBER\","
            "\"event_time\":\"2026-10-25T01:07:44Z\",\"reported_at\":\"2026-10-25T01:07:44Z\",\"received_at\":\"2026-"
            "10-25T01:07:44Z\","
            "\"credential.id\":\"pseudonym-of-6\",\"access.zone\":\"K\\u00f6nig\"}\n");
  ASSERT_EQ(decode(line).events.size(), 1U);
}

TEST(Canonical, EventDatedAfterTheImportIsPlacedAtItAndSaysSo) {
  const Recorder r = decode("{\"type\":\"container.moved\",\"event_time\":\"2026-12-01T00:00:10Z\"}\n");
  ASSERT_EQ(r.events.size(), 1U);
  EXPECT_EQ(format_rfc3339(r.events[0]->event_time), "2026-12-01T00:00:00Z");
  EXPECT_EQ(r.events[0]->time_error_s, 10);
  ASSERT_EQ(r.findings.size(), 1U);
  EXPECT_EQ(r.findings[0].code, "future");
}

TEST(Canonical, ByteOrderMarkAndMissingLastLineEndAreFine) {
  const Recorder r = decode(
      "\xEF\xBB\xBF{\"type\":\"clock.tick\",\"at\":\"2026-10-25T01:10:00Z\"}\r\n{\"type\":\"clock.tick\",\"at\":\"2026-"
      "10-25T01:10:10Z\"}");
  EXPECT_EQ(r.ticks.size(), 2U);
}

// Bytes changed, dropped, doubled and cut at random: whatever comes, every byte is accounted for.
TEST(Canonical, MutatedInputIsAlwaysAccountedFor) {
  const std::string seed_text = vector_file("all_forms.jsonl") + vector_file("malformed.jsonl");
  ASSERT_FALSE(seed_text.empty());
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = seed_text;
    for (int i = 0; i < 12 && !bytes.empty(); ++i) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 40);
          break;
        case 2:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 60));
          break;
        default:
          bytes.resize(at);
          break;
      }
    }
    bytes.shrink_to_fit();
    Recorder r;
    decode_canonical(bytes, source(), r);
    ASSERT_TRUE(r.accounts_for(bytes.size())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace quaywatch::adapters::canonical
