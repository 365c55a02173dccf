// The shipped JSON adapters beside simdjson On-Demand and nlohmann, one thread, on the same bytes in memory.
//
// usage: json_peers [MB of each text, default 100] [rounds, default 5] [name of a text, default all]
//
// Ours makes typed events of bytes. simdjson (iterate_many, one thread, built for this machine's instructions) and
// nlohmann (one parse per line) find the same seven fields as text and build nothing. The answers (count, sums over
// container numbers and times) are compared first; then rounds take turns and the least time of each counts.
// Exit status 1: the answers differ.
#include <fmt/format.h>
#include <simdjson.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "adapter/format.h"
#include "adapters/canonical/canonical.h"
#include "base/time.h"
#include "model/identifiers.h"

namespace quaywatch::adapters::dcsa {
extern const adapter::FormatAdapter kFormat;
}

namespace {

using namespace quaywatch;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t kFields = 7;
using Names = std::array<const char*, kFields>;
using Texts = std::array<std::string_view, kFields>;
constexpr std::size_t kTime = 1, kContainer = 2;  // their places in Names
constexpr Names kFlat{"type",         "event_time", "container.number", "release.ref", "party.code",
                      "account.id", "facility"};
// Below `payload`, where version 3 of DCSA has the business values.
constexpr Names kDcsa{"equipmentEventTypeCode", "eventDateTime",      "equipmentReference", "ISOEquipmentCode",
                      "emptyIndicatorCode",     "eventClassifierCode", "reason"};

// --- texts ----------------------------------------------------------------------------------------------------------

std::string container(int n) {
  const std::string head = fmt::format("QXBU{:06}", n % 1'000'000);
  return head + std::to_string(container_check_digit(head).value_or(0));
}

constexpr const char* kTypes[] = {"pickup.announced", "release.viewed", "container.gate_out", "order.issued"};

std::string flat_line(int n, bool is_mixed) {
  const std::string time = format_rfc3339({1'767'225'600'000'000 + n * 37'000'000LL});
  const int kind = is_mixed ? n * 7 / 5 % 4 : 0;
  std::string out = fmt::format(
      R"({{"type":"{}","event_time":"{}","container.number":"{}","release.ref":"QBT{:08}",)"
      R"("party.code":"HZ-{:04}","account.id":"user.{:03}","facility":"SIKOP/QBT")",
      kTypes[kind], time, container(n * 7919), n, n % 1009, n % 499);
  if (kind == 1) out += R"(,"feed":"pcs")";
  if (kind == 2) out += fmt::format(R"(,"received_at":"{}","container.weight_kg":{})", time, 12'000 + n % 9000);
  if (kind == 3) out += R"(,"location.to":"B12-3","equipment.id":"SC07")";
  return out + "}\n";
}
std::string plain_line(int n) { return flat_line(n, false); }
std::string mixed_line(int n) { return flat_line(n, true); }

std::string dcsa_event(int n, int kind) {
  constexpr const char* kSeals[] = {R"([{{"number":"{:06}","source":"CUS"}}])", "[]",
                                    R"([{{"number":"{:06}","source":"CAR"}},{{"number":"Q7","source":"SHI"}}])",
                                    R"([{{"number":"{:06}","source":"CUS"}}])"};
  constexpr const char* kCalls[] = {
      R"("modeOfTransport":"VESSEL","location":{"UNLocationCode":"NLRTM","facilityCode":"APM"},)"
      R"("vessel":{"vesselIMONumber":"9074729","name":"EXAMPLE SHIP"})",
      R"("modeOfTransport":"TRUCK","location":{"UNLocationCode":"NLRTM","facilityCode":"APM"},"licencePlate":"QX-1-Y")",
      R"("modeOfTransport":"VESSEL","carrierImportVoyageNumber":"014W","location":{"UNLocationCode":"NLRTM"},)"
      R"("vessel":{"vesselIMONumber":"9074729"})",
      R"("modeOfTransport":"RAIL","UNLocationCode":"NLRTM")"};
  const std::string time = format_rfc3339({1'767'225'600'000'000 + n * 37'000'000LL});
  return fmt::format(
             R"({{"metadata":{{"eventID":"e-{}","eventCreatedDateTime":"{}","eventType":"EQUIPMENT","publisher":)"
             R"({{"partyName":"Example Carrier","carrierCode":"ZZC"}}}},"payload":{{"equipmentEventTypeCode":"LOAD",)"
             R"("eventDateTime":"{}","equipmentReference":"{}","ISOEquipmentCode":"22R1","emptyIndicatorCode":"LADEN",)"
             R"("eventClassifierCode":"ACT","reason":"stowed","transportCall":{{"transportCallReference":"TC{}",{}}},)"
             R"("documentReferences":[{{"type":"BKG","value":"BKG{}"}}],"seals":)",
             n, time, time, container(n * 7919), n % 97, kCalls[kind], n % 5003) +
         fmt::format(fmt::runtime(kSeals[kind]), n % 1'000'000) + "}}\n";
}
std::string dcsa_line(int n) { return dcsa_event(n, 0); }
std::string dcsa_mixed_line(int n) { return dcsa_event(n, n * 7 / 5 % 4); }

simdjson::padded_string text_of(std::string (*line)(int), std::size_t size) {
  std::string out;
  for (int n = 0; out.size() < size; ++n) out += line(n);
  return simdjson::padded_string(out);
}

// --- answers --------------------------------------------------------------------------------------------------------

// While times are taken only sizes are summed: peers need not understand what they found.
struct Answer {
  bool is_compared = false;
  std::int64_t events = 0;
  std::uint64_t containers = 0;
  std::int64_t times = 0;

  void take(const Texts& texts) {
    ++events;
    if (!is_compared) {
      for (const std::string_view t : texts) containers += t.size();
      return;
    }
    const auto time = parse_rfc3339(texts[kTime]);
    add(texts[kContainer], time ? *time : Timestamp{});
  }
  void add(std::string_view number, Timestamp time) {
    for (const char c : number) containers = containers * 31 + static_cast<unsigned char>(c);
    times += time.us % 1'000'000'007;
  }
};

class Taker final : public adapter::Sink {
 public:
  explicit Taker(Answer& answer) : answer_(answer) {}
  void event(boost::intrusive_ptr<Event> e) override {
    ++answer_.events;
    if (answer_.is_compared) answer_.add(e->text(FieldId::container_number), e->event_time);
  }
  void span(adapter::SpanReport) override {}
  void finding(adapter::Finding) override {}
  void coverage(CoverageStatement) override {}
  void expectation(FeedExpectation) override {}
  void tick(Timestamp) override {}

 private:
  Answer& answer_;
};

// --- contenders -----------------------------------------------------------------------------------------------------

using Decode = void (*)(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink);
struct Case {
  const char* name;
  std::string (*line)(int);
  Decode decode;
  const char* part;  // the object inside the line that holds the fields; null: the line itself
  const Names& names;
};

void ours(const Case& s, const simdjson::padded_string& text, Answer& answer) {
  Taker sink(answer);
  adapter::Source source;
  source.received_at = Timestamp::max();
  s.decode(text, source, sink);
}

template <typename Object>
void find(Object&& object, const Names& names, Texts& texts) {
  for (std::size_t i = 0; i < kFields; ++i)
    if (object.find_field(names[i]).get_string().get(texts[i])) texts[i] = {};
}

void with_simdjson(const Case& s, const simdjson::padded_string& text, Answer& answer) {
  ondemand::parser parser;
  parser.threaded = false;
  ondemand::document_stream documents;
  if (parser.iterate_many(text).get(documents)) return;
  for (auto document : documents) {
    Texts texts;
    ondemand::object object;
    if (s.part == nullptr) {
      if (document.get_object().get(object)) return;
    } else if (document.find_field(s.part).get_object().get(object)) {
      return;
    }
    find(object, s.names, texts);
    answer.take(texts);
  }
}

void with_nlohmann(const Case& s, const simdjson::padded_string& text, Answer& answer) {
  const std::string_view bytes = text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const auto document = nlohmann::json::parse(bytes.data() + at, bytes.data() + end);
    const auto& object = s.part == nullptr ? document : document.at(s.part);
    Texts texts;
    for (std::size_t i = 0; i < kFields; ++i)
      if (const auto it = object.find(s.names[i]); it != object.end()) texts[i] = it->get_ref<const std::string&>();
    answer.take(texts);
    at = end + 1;
  }
}

struct Contender {
  const char* name;
  void (*run)(const Case&, const simdjson::padded_string&, Answer&);
};
constexpr Contender kContenders[] = {
    {"quaywatch", ours}, {"simdjson On-Demand", with_simdjson}, {"nlohmann", with_nlohmann}};

double now(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

bool answers_agree(const Case& s, const simdjson::padded_string& text) {
  std::array<Answer, std::size(kContenders)> answers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers[i].is_compared = true;
    kContenders[i].run(s, text, answers[i]);
  }
  const Answer& first = answers[0];
  fmt::print("{}: {:.0f} MB, {} events of {:.0f} bytes, containers {:x}, times {:x}\n", s.name,
             static_cast<double>(text.size()) / 1e6, first.events,
             static_cast<double>(text.size()) / static_cast<double>(first.events), first.containers, first.times);
  return std::all_of(answers.begin(), answers.end(), [&](const Answer& a) {
    return a.events == first.events && a.containers == first.containers && a.times == first.times;
  });
}

void compare_times(const Case& s, const simdjson::padded_string& text, int rounds) {
  struct Least {
    double wall = std::numeric_limits<double>::max(), processor = wall;
  };
  std::array<Least, std::size(kContenders)> least;
  std::int64_t events = 0;
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < least.size(); ++i) {
      Answer answer;
      const double wall = now(CLOCK_MONOTONIC), processor = now(CLOCK_THREAD_CPUTIME_ID);
      kContenders[i].run(s, text, answer);
      least[i].wall = std::min(least[i].wall, now(CLOCK_MONOTONIC) - wall);
      least[i].processor = std::min(least[i].processor, now(CLOCK_THREAD_CPUTIME_ID) - processor);
      events = answer.events;
    }
  for (std::size_t i = 0; i < least.size(); ++i)
    fmt::print("  {:20} {:7.0f} MB/s {:6.2f} M events/s   ours is {:5.2f}x (wall) {:5.2f}x (processor)\n",
               kContenders[i].name, static_cast<double>(text.size()) / 1e6 / least[i].processor,
               static_cast<double>(events) / 1e6 / least[i].processor, least[i].wall / least[0].wall,
               least[i].processor / least[0].processor);
}

// The number that the n-th argument states; `otherwise` when there is none.
int number(int argc, char** argv, int n, int otherwise) {
  if (argc <= n) return otherwise;
  const std::string_view text = argv[n];
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  const auto size = static_cast<std::size_t>(number(argc, argv, 1, 100)) * 1'000'000;
  const int rounds = number(argc, argv, 2, 5);
  const Case cases[] = {
      {"canonical, one layout", plain_line, adapters::canonical::decode_canonical, nullptr, kFlat},
      {"canonical, four layouts", mixed_line, adapters::canonical::decode_canonical, nullptr, kFlat},
      {"dcsa 3", dcsa_line, adapters::dcsa::kFormat.decode, "payload", kDcsa},
      {"dcsa 3, four layouts", dcsa_mixed_line, adapters::dcsa::kFormat.decode, "payload", kDcsa},
  };
  for (const Case& s : cases) {
    if (argc > 3 && !std::string_view(s.name).starts_with(argv[3])) continue;
    const simdjson::padded_string text = text_of(s.line, size);
    if (!answers_agree(s, text)) {
      fmt::print("  the answers differ\n");
      return 1;
    }
    compare_times(s, text, rounds);
  }
}
