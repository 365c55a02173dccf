#include "pipeline/reproduce.h"

#include <gtest/gtest.h>

namespace quaywatch::pipeline {
namespace {

using timeline::Cover;

Evidence search(EventType type, int from, int until, std::string facility, Cover cover) {
  Evidence e{nullptr, {}, type, Timestamp{} + hours(from), Timestamp{} + hours(until), std::move(facility), cover, {}};
  if (cover == Cover::covered) e.feeds = {{"tos", e.facility, Timestamp{} + hours(until)}};
  return e;
}

TEST(Retell, EachSearchIsAnsweredAsItWasAndNothingElseIs) {
  const std::vector<Evidence> evidence = {
      search(EventType::order_issued, 0, 4, "T1", Cover::covered),
      search(EventType::order_issued, 6, 8, "T1", Cover::pending),
      search(EventType::task_opened, 0, 4, "", Cover::hole),
      search(EventType::container_sealed, 0, 4, "T1", Cover::no_provider),
  };
  const auto retold = retell({}, evidence);
  struct Row {
    EventType type;
    const char* facility;
    int from, until;
    Cover cover;
  };
  for (const Row& row : std::vector<Row>{
           {EventType::order_issued, "T1", 0, 4, Cover::covered},
           {EventType::order_issued, "T1", 1, 2, Cover::covered},
           {EventType::order_issued, "T1", 6, 8, Cover::pending},
           {EventType::order_issued, "T2", 0, 4, Cover::no_provider},
           {EventType::task_opened, "T1", 0, 4, Cover::hole},
           {EventType::container_sealed, "T1", 0, 4, Cover::no_provider},
       })
    EXPECT_EQ(name(retold->coverage()
                       .ask(row.type, row.facility, Timestamp{} + hours(row.from), Timestamp{} + hours(row.until))
                       .cover),
              name(row.cover))
        << info(row.type).name << " at " << row.facility << " from " << row.from;
}

TEST(Retell, AFeedAnswersUnderItsNameAndKnowsWhenItKnew) {
  const auto retold = retell({}, {search(EventType::order_issued, 0, 4, "T1", Cover::covered)});
  const auto by =
      retold->coverage().answerers(EventType::order_issued, "T1", Timestamp{} + hours(1), Timestamp{} + hours(4));
  ASSERT_EQ(by.size(), 1u);
  EXPECT_EQ(by[0].feed, "tos");
  EXPECT_EQ(by[0].known_at, Timestamp{} + hours(4));
  EXPECT_TRUE(retold->coverage().answerers(EventType::order_issued, "T1", Timestamp{}, Timestamp{} + hours(5)).empty());
}

}  // namespace
}  // namespace quaywatch::pipeline
