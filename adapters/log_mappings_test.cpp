// Log lines read by mapping files: every NAME.log in adapters/mapped/vectors with its NAME.toml.
#include <gtest/gtest.h>

#include "adapters/formats.h"
#include "adapters/mapped/mapped.h"
#include "adapters/vector_files.h"

namespace quaywatch::adapters {
namespace {

namespace fs = std::filesystem;
using adapter::Recorder;

struct LogVector {
  fs::path file;
  std::string bytes;
  mapped::Mapping mapping;
};

std::vector<LogVector> log_vectors() {
  std::vector<LogVector> out;
  for (const fs::path& file : vector_inputs(QUAYWATCH_SOURCE_DIR "/adapters/mapped/vectors")) {
    if (file.extension() != ".log") continue;
    const fs::path toml = fs::path(file).replace_extension(".toml");
    auto mapping = mapped::parse_mapping(read_file(toml), toml.filename().string(), format_ids());
    EXPECT_TRUE(mapping) << mapping.error().context << ": " << mapping.error().message;
    if (mapping) out.push_back({file, read_file(file), std::move(*mapping)});
  }
  return out;
}

TEST(LogMappings, EventsFindingsAndRejectsAreAsWritten) {
  const auto vectors = log_vectors();
  EXPECT_GE(vectors.size(), 5U);
  for (const LogVector& v : vectors) {
    Recorder r;
    mapped::decode_mapped(v.bytes, v.mapping, vector_source(), r);
    EXPECT_TRUE(r.accounts_for(v.bytes.size())) << v.file;
    expect_vector(v.file, r);
  }
}

TEST(LogMappings, DamagedFilesNeverLoseAByte) {
  std::uint32_t seed = 0;
  for (const LogVector& v : log_vectors())
    for (int round = 0; round < 100; ++round) {
      const std::string bytes = damaged(v.bytes, "<>[]{}\"\\|=:;\n 19", ++seed);
      Recorder r;
      mapped::decode_mapped(bytes, v.mapping, vector_source(), r);
      ASSERT_TRUE(r.accounts_for(bytes.size())) << v.file << " seed " << seed;
    }
}

// The same word is a contract of the self-describing adapter where no [[event]] stands.
TEST(LogMappings, WithoutEventsTheFileIsAContract) {
  for (const std::string format : {"syslog", "cef", "ocsf"}) {
    const auto contract = mapped::parse_mapping("feed=\"f\"\nformat=\"" + format + "\"", "m.toml", format_ids());
    ASSERT_TRUE(contract) << contract.error().message;
    EXPECT_EQ(contract->layout, mapped::Layout::described) << format;
  }
}

TEST(LogMappings, RefuseWhatCannotBeMeant) {
  struct Case {
    std::string text, message;
  };
  const std::string event =
      "\n[[event]]\ntype=\"access.denied\"\ntime={column=\"syslog.timestamp\",format=\"rfc3339\"}\n";
  const std::string syslog = "feed=\"f\"\nformat=\"syslog\"\n";
  const Case kCases[] = {
      {syslog + event + "fields=[{to=\"log.host\",from=\"syslog.hosts\"}]",
       "there is no column 'syslog.hosts'; the nearest is 'syslog.host'"},
      {syslog + "payload=\"csv\"" + event + "fields=[]",
       "payload = \"csv\" needs 'columns': the names of the fields of a message"},
      {syslog + "payload=\"xml\"" + event + "fields=[]",
       "'payload' is 'xml'; it must be one of: json, csv, keyvalue, cef"},
      {"feed=\"f\"\nformat=\"cef\"\npayload=\"cef\"" + event + "fields=[]",
       "'payload' is for format = \"syslog\" with [[event]] tables: what its messages are read as"},
      {syslog + event + "fields=[{to=\"access.reason\",from=\"syslog.msgid\",words=\"bacnet\"}]",
       "there is no word list 'bacnet'; it must be one of: bacnet_access"},
      {syslog + event + "when={\"syslog.msgid\"={}}\nfields=[]", "a condition in braces needs 'match' or 'words'"},
      {syslog + event + "when={\"syslog.msgid\"={match=\"(\"}}\nfields=[]",
       "'match' is not a regular expression (RE2): missing ): ("},
      {"feed=\"f\"\nformat=\"syslog\"\n[[event]]\ntype=\"log.recorded\"\ntime={column=\"syslog.timestamp\","
       "format=\"syslog\"}\nfields=[]",
       "time format 'syslog' states no offset: say time_zone (\"UTC\" is allowed)"},
  };
  for (const Case& c : kCases) {
    const auto mapping = mapped::parse_mapping(c.text, "m.toml", format_ids());
    ASSERT_FALSE(mapping) << c.text;
    EXPECT_EQ(mapping.error().message, c.message);
  }
}

}  // namespace
}  // namespace quaywatch::adapters
