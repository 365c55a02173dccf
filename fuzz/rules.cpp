// The rule loader: each document becomes a rule or a refusal with a reason, and a rule judges an event and a log
// record.
#include "fuzz/fuzz.h"
#include "rules/rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quaywatch;
  auto loaded = rules::Pack::load({{"fuzz.yml", std::string(fuzz::text_of(data, size))}});
  for (const rules::Refusal& refusal : loaded.refused) fuzz::require(!refusal.reason.empty());
  static const Record kFacts;
  Event event;
  for (std::size_t i = 0; i < loaded.pack.rules().size(); ++i) {
    const rules::Rule& rule = loaded.pack.rules()[i];
    if (!rule.types.empty()) event.type = rule.types.front();
    static constexpr rules::LogField kRecord[] = {{"EventID", "4624"}, {"Image", "C:\\a.exe"}};
    loaded.pack.match_log(i, kRecord);
    loaded.pack.evaluate({&event, &kFacts}, [](std::size_t, const rules::Verdict&) {});
  }
  return 0;
}
