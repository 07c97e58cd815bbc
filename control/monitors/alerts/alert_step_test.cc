#include "control/monitors/alerts/alert_step.h"

#include <gtest/gtest.h>

#include <string>

namespace tidegate::control {
namespace {

// Feeds one target, a result a minute, and shows what happens: . nothing, O opened, U worse,
// D better, R reminded, X closed.
class AlertStepTest : public ::testing::Test {
 protected:
  AlertStepTest() {
    monitor_.check = HostCheck();
    monitor_.id = "m";
  }

  // Results: o ok, w warning, c critical, = the same value again.
  std::string Run(const std::string& results) {
    std::string seen;
    for (const char c : results) seen += Feed(c);
    return seen;
  }

  char Feed(char c) {
    now_ += absl::Minutes(1);
    if (c != '=') {
      result_.observed += 60'000;
      result_.level = c == 'c'   ? AlertLevel::kCritical
                      : c == 'w' ? AlertLevel::kWarning
                                 : AlertLevel::kOk;
    }
    const AlertStep step = NextStep(monitor_, result_, open_ ? &alert_ : nullptr, now_, &state_);
    const AlertLevel before = alert_.level;
    if (step.action == AlertAction::kOpen) {
      open_ = true;
      alert_ = MonitorAlert();
      alert_.id = "a";
      state_.alert = "a";
    }
    alert_.level = step.level;
    if (step.action != AlertAction::kNone) alert_.notified_at = now_;
    if (step.action == AlertAction::kClose) open_ = false;
    switch (step.action) {
      case AlertAction::kOpen:
        return 'O';
      case AlertAction::kChange:
        return step.level > before ? 'U' : 'D';
      case AlertAction::kRemind:
        return 'R';
      case AlertAction::kClose:
        return 'X';
      case AlertAction::kNone:
        break;
    }
    return '.';
  }

  Monitor monitor_;
  CheckResult result_;
  TargetState state_;
  MonitorAlert alert_;
  bool open_ = false;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(AlertStepTest, OpensAndCloses) {
  EXPECT_EQ(Run("owo"), ".OX");
  EXPECT_TRUE(state_.empty());
  EXPECT_EQ(Run("cco"), "O.X");
}

TEST_F(AlertStepTest, ChangesItsLevelBothWays) { EXPECT_EQ(Run("wcwo"), "OUDX"); }

TEST_F(AlertStepTest, AttemptsInARow) {
  monitor_.max_check_attempts = 3;
  EXPECT_EQ(Run("wwowww"), ".....O");
  EXPECT_EQ(alert_.level, AlertLevel::kWarning);
  EXPECT_EQ(Run("ccc"), "..U");
  EXPECT_EQ(Run("w"), "D");
  EXPECT_EQ(Run("o"), "X");
  EXPECT_EQ(Run("wcc"), "..O");
  EXPECT_EQ(alert_.level, AlertLevel::kWarning) << "two of three were critical";
  EXPECT_EQ(Run("c"), "U");
}

TEST_F(AlertStepTest, AValueThatWasJudgedIsNoNewAttempt) {
  monitor_.max_check_attempts = 2;
  EXPECT_EQ(Run("w===="), ".....");
  EXPECT_EQ(Run("w==o="), "O..X.");
}

TEST_F(AlertStepTest, RemindsAfterTheInterval) {
  monitor_.notification_interval = 10;
  EXPECT_EQ(Run("w" + std::string(9, 'w') + "ww"), "O.........R.");
  EXPECT_EQ(Run(std::string(9, '=')), "........R") << "also without a new value";
}

TEST_F(AlertStepTest, AChangeIsToldAndRestartsTheInterval) {
  monitor_.notification_interval = 10;
  EXPECT_EQ(Run("wwwwwc" + std::string(10, 'c')), "O....U.........R");
}

TEST_F(AlertStepTest, NotRemindedWithoutAnInterval) {
  EXPECT_EQ(Run("w" + std::string(100, 'w')), "O" + std::string(100, '.'));
}

TEST_F(AlertStepTest, SomebodyClosedIt) {
  monitor_.max_check_attempts = 2;
  EXPECT_EQ(Run("ww"), ".O");
  open_ = false;
  EXPECT_EQ(Run("="), ".");
  EXPECT_EQ(Run("ww"), ".O") << "counted anew";
}

TEST_F(AlertStepTest, ConnectivityTakesANewLevelAtItsReminderOnly) {
  monitor_.check = ConnectivityCheck();
  EXPECT_EQ(Run("cc"), "O.");
  std::get<ConnectivityCheck>(monitor_.check).on_gone = AlertLevel::kWarning;
  EXPECT_EQ(Run("wwwwwwwwwwww"), "............");
  EXPECT_EQ(alert_.level, AlertLevel::kCritical) << "never, without reminders";
  monitor_.notification_interval = 60;
  alert_.notified_at = now_;
  EXPECT_EQ(Run(std::string(60, 'w')), std::string(59, '.') + "D");
  EXPECT_EQ(alert_.level, AlertLevel::kWarning);
  EXPECT_EQ(Run("o"), "X");
}

}  // namespace
}  // namespace tidegate::control
