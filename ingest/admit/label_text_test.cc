#include "ingest/admit/label_text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Framed(const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string bytes;
  for (const auto& [name, value] : labels) model::AppendLabelBytes(name, value, &bytes);
  return bytes;
}

TEST(LabelTextTest, ReadsLikePrometheus) {
  EXPECT_EQ(LabelText(Framed({{"__name__", "up"}, {"job", "a\"b"}})),
            "{__name__=\"up\", job=\"a\\\"b\"}");
  EXPECT_EQ(LabelText(""), "{}");
}

TEST(LabelTextTest, ShowsWhatIsNoLabelSet) {
  EXPECT_EQ(LabelText(Framed({{"b", "1"}, {"a", ""}, {"b", "2"}})), "{a=\"\", b=\"1\", b=\"2\"}");
  EXPECT_EQ(LabelText(Framed({{"a", "\xff"}})), "{a=\"\\xff\"}");
}

TEST(LabelTextTest, MalformedBytesHaveNoText) {
  EXPECT_EQ(LabelText(std::string("\x0a\x7f")), "{}");
  EXPECT_TRUE(LabelsAsSent(Framed({{"a", "1"}}) + "\x0a").empty());
  EXPECT_TRUE(LabelsAsSent(std::string("\x12\x00", 2)).empty());
}

TEST(LabelTextTest, LabelsComeSortedAndEqualNamesAsTheyWereSent) {
  const std::string bytes = Framed({{"z", "1"}, {"a", "2"}, {"a", "1"}});
  EXPECT_EQ(LabelsAsSent(bytes), (std::vector<model::Label>{{"a", "2"}, {"a", "1"}, {"z", "1"}}));
}

}  // namespace
}  // namespace tidegate::ingest
