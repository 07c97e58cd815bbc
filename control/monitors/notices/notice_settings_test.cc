#include "control/monitors/notices/notice_settings.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

class ChannelsForTest : public ::testing::Test {
 protected:
  ChannelsForTest() {
    for (const char* id : {"a", "b", "c"})
      settings_.channels[id] = {id, "webhook", "", {}, true, {}};
    Group("default").is_default = true;
    Group("default").channels = {"a"};
  }
  NoticeGroup& Group(const std::string& id) {
    settings_.groups[id].id = id;
    return settings_.groups[id];
  }
  std::string Told() {
    std::string told;
    for (const NoticeChannel* channel : ChannelsFor(settings_, occasion_)) told += channel->id;
    return told;
  }

  NoticeSettings settings_;
  NoticeOccasion occasion_{"m", {"s"}, AlertLevel::kWarning, AlertLevel::kWarning};
};

TEST_F(ChannelsForTest, TheDefaultGroupHearsOfEverything) { EXPECT_EQ(Told(), "a"); }

TEST_F(ChannelsForTest, OthersHearOfWhatTheyName) {
  Group("x").channels = {"b"};
  EXPECT_EQ(Told(), "a");
  Group("x").services = {"s"};
  EXPECT_EQ(Told(), "ab");
  Group("x").services = {"t"};
  Group("x").monitors["m"] = false;
  EXPECT_EQ(Told(), "ab");
  Group("x").monitors["m"] = true;
  EXPECT_EQ(Told(), "b") << "and nobody else";
}

TEST_F(ChannelsForTest, GroupsBelowHearWhatTheGroupHears) {
  Group("default").groups = {"x"};
  Group("x").channels = {"b", "a"};
  Group("x").groups = {"default", "y", "gone"};
  Group("y").channels = {"c"};
  EXPECT_EQ(Told(), "abc");
  Group("x").critical_only = true;
  EXPECT_EQ(Told(), "a");
}

TEST_F(ChannelsForTest, CriticalOnly) {
  Group("default").critical_only = true;
  EXPECT_EQ(Told(), "");
  occasion_.level = AlertLevel::kCritical;
  EXPECT_EQ(Told(), "a");
  occasion_.level = AlertLevel::kOk;
  EXPECT_EQ(Told(), "") << "it never was critical";
  occasion_.worst = AlertLevel::kCritical;
  EXPECT_EQ(Told(), "a");
}

TEST_F(ChannelsForTest, ChannelsThatWantOtherEvents) {
  settings_.channels["a"].wants_alerts = false;
  EXPECT_EQ(Told(), "");
}

}  // namespace
}  // namespace tidegate::control
