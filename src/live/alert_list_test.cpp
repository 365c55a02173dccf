#include "live/alert_list.h"

#include <gtest/gtest.h>

#include <string>

namespace quaywatch::live {
namespace {

AlertRowPtr alert(const std::string& id, int hour, const std::vector<std::string>& boxes) {
  AlertRow row;
  row.id = id;
  row.event_time = Timestamp{0} + hours(hour);
  for (const std::string& box : boxes)
    row.subjects.push_back({pipeline::SubjectRole::about, FieldId::container_number, box, box});
  return std::make_shared<const AlertRow>(std::move(row));
}

template <typename Rows>
std::string ids(const Rows& rows) {
  std::string out;
  for (const AlertRowPtr& row : rows) out += row->id;
  return out;
}

Subject box(const std::string& number) { return {SubjectKind::container, number}; }

TEST(AlertList, ListsNewestFirstThenById) {
  const AlertList list({}, {alert("c", 1, {}), alert("b", 2, {}), alert("a", 1, {})});
  EXPECT_EQ(ids(list), "bac");
  EXPECT_EQ(list.size(), 3u);
  EXPECT_EQ(list.find("c")->id, "c");
  EXPECT_EQ(list.find("d"), nullptr);
}

TEST(AlertList, ARevisionTakesThePlaceOfWhatItRevises) {
  const AlertList first({}, {alert("a", 1, {"X"}), alert("b", 2, {"X", "Y"}), alert("c", 3, {"Y"})});
  const AlertList list(first, {alert("b", 4, {"Z"}), alert("d", 0, {"X", "X"})});
  EXPECT_EQ(ids(list), "bcad");
  EXPECT_EQ(ids(list.about(box("X"))), "ad");
  EXPECT_EQ(ids(list.about(box("Y"))), "c");
  EXPECT_EQ(ids(list.about(box("Z"))), "b");
  EXPECT_EQ(ids(list.about({SubjectKind::account, "X"})), "");
  EXPECT_EQ(ids(first), "cba");
  EXPECT_EQ(ids(first.about(box("X"))), "ba");
}

}  // namespace
}  // namespace quaywatch::live
