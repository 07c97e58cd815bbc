// Every transition of a reported check, in simulated time.
#include "control/monitors/reports/check_state.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

class CheckStateTest : public ::testing::Test {
 protected:
  // What follows from a report a minute later: "open WARNING", ...
  std::string Report(AlertLevel level, int64_t attempts = 1,
                     std::optional<int64_t> interval = std::nullopt) {
    now_ += absl::Minutes(1);
    CheckReport report;
    report.level = level;
    report.occurred_at = absl::ToUnixSeconds(now_);
    report.max_check_attempts = attempts;
    report.notification_interval = interval;
    const AlertStep step = StepOfReport(report, open_ ? &alert_ : nullptr, now_, &state_);
    const std::string name(AlertLevelName(step.level));
    switch (step.action) {
      case AlertAction::kNone:
        return "";
      case AlertAction::kOpen:
        open_ = true;
        state_.alert = "a";
        alert_.level = step.level;
        alert_.notified_at = now_;
        return "open " + name;
      case AlertAction::kChange:
        alert_.level = step.level;
        alert_.notified_at = now_;
        return "change " + name;
      case AlertAction::kRemind:
        alert_.notified_at = now_;
        return "remind " + name;
      case AlertAction::kClose:
        open_ = false;
        return "close " + name;
    }
    return "?";
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  bool open_ = false;
  MonitorAlert alert_;
  CheckState state_;
};

constexpr AlertLevel kOk = AlertLevel::kOk;
constexpr AlertLevel kUnknown = AlertLevel::kUnknown;
constexpr AlertLevel kWarning = AlertLevel::kWarning;
constexpr AlertLevel kCritical = AlertLevel::kCritical;

TEST_F(CheckStateTest, OkStaysQuiet) {
  EXPECT_EQ(Report(kOk), "");
  EXPECT_EQ(Report(kOk), "");
  EXPECT_EQ(state_.bad, 0);
}

TEST_F(CheckStateTest, EachLevelOpens) {
  for (const AlertLevel level : {kUnknown, kWarning, kCritical}) {
    EXPECT_EQ(Report(level), "open " + std::string(AlertLevelName(level)));
    EXPECT_EQ(Report(level), "");
    EXPECT_EQ(Report(kOk), "close OK");
    EXPECT_EQ(state_.alert, "");
  }
}

TEST_F(CheckStateTest, AnOpenAlertFollowsEveryReport) {
  EXPECT_EQ(Report(kWarning), "open WARNING");
  EXPECT_EQ(Report(kCritical), "change CRITICAL");
  EXPECT_EQ(Report(kUnknown), "change UNKNOWN");
  EXPECT_EQ(Report(kWarning), "change WARNING");
  EXPECT_EQ(Report(kOk), "close OK");
}

TEST_F(CheckStateTest, AttemptsInARow) {
  EXPECT_EQ(Report(kWarning, 3), "");
  EXPECT_EQ(Report(kWarning, 3), "");
  EXPECT_EQ(Report(kOk, 3), "");
  EXPECT_EQ(Report(kWarning, 3), "");
  EXPECT_EQ(Report(kUnknown, 3), "");
  EXPECT_EQ(Report(kCritical, 3), "open CRITICAL") << "of the level of the last one";
}

TEST_F(CheckStateTest, OneThatWasClosedBySomebodyCountsAnew) {
  EXPECT_EQ(Report(kWarning, 2), "");
  EXPECT_EQ(Report(kWarning, 2), "open WARNING");
  open_ = false;
  EXPECT_EQ(Report(kWarning, 2), "");
  EXPECT_EQ(Report(kWarning, 2), "open WARNING");
  open_ = false;
  EXPECT_EQ(Report(kOk, 2), "");
}

TEST_F(CheckStateTest, Reminders) {
  EXPECT_EQ(Report(kWarning, 1, 10), "open WARNING");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Report(kWarning, 1, 10), "");
  EXPECT_EQ(Report(kWarning, 1, 10), "remind WARNING");
  for (int i = 0; i < 30; ++i) EXPECT_EQ(Report(kWarning), "") << "nobody wants one";
}

TEST_F(CheckStateTest, WhatIsNews) {
  CheckReport report;
  report.occurred_at = absl::ToUnixSeconds(now_);
  CheckState state;
  EXPECT_TRUE(IsNews(report, state, now_));
  EXPECT_TRUE(IsNews(report, state, now_ + kReportTooLate - absl::Seconds(1)));
  EXPECT_FALSE(IsNews(report, state, now_ + kReportTooLate));
  state.occurred_at = report.occurred_at - 1;
  EXPECT_TRUE(IsNews(report, state, now_));
  state.occurred_at = report.occurred_at;
  EXPECT_FALSE(IsNews(report, state, now_)) << "the same again";
  state.occurred_at = report.occurred_at + 1;
  EXPECT_FALSE(IsNews(report, state, now_)) << "a newer one was there";
}

TEST_F(CheckStateTest, IsStoredAndRead) {
  const CheckState state{"m", "check \"x\"", kUnknown, "text", 12, 3, "a"};
  const auto again = DecodeCheckState({"k", EncodeCheckState(state), 1});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, state);
}

}  // namespace
}  // namespace tidegate::control
