#include "sim/outbox.h"

#include <gtest/gtest.h>

#include <map>

namespace quaywatch::sim {
namespace {

// The clock shows 02:00 twice on 25 October 2026.
TEST(Outbox, HourThatComesTwiceHasTwoFiles) {
  std::map<std::string, std::string> files;
  const Deliver deliver = [&](const std::string& path, std::string_view bytes, Timestamp) {
    EXPECT_TRUE(files.emplace(path, bytes).second) << path;
  };
  Outbox out(deliver, "feeds/gate", "T1", "PCS", "G");
  for (const char* at : {"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"}) {
    out.open(*parse_rfc3339(at) - minutes(40)).begin("CODECO:D:95B:UN:ITG14");
    out.open(*parse_rfc3339(at)).end();
    out.send(*parse_rfc3339(at));
    out.send(*parse_rfc3339(at));  // nothing in hand
  }
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files.begin()->first, "feeds/gate_202610250200_000001.edi");
  EXPECT_TRUE(files.begin()->second.starts_with("UNB+UNOA:2+T1+PCS+261025:0200+G000001'")) << files.begin()->second;
  EXPECT_NE(files.begin()->second.find("UNZ+1+G000001'"), std::string::npos) << files.begin()->second;
}

}  // namespace
}  // namespace quaywatch::sim
