#include "control/monitors/checks/anomaly_check.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "control/monitors/alerts/alert_step.h"

namespace tidegate::control {
namespace {

TEST(TrainTest, MedianAndMedianDistance) {
  std::vector<double> values;
  for (int i = 0; i < 999; ++i) values.push_back(i % 5);
  const auto usual = Train(values);
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->median, 2);
  EXPECT_NEAR(usual->spread, 1.4826, 1e-9);
  EXPECT_NEAR(Strangeness(*usual, 2 + 10 * 1.4826), 10, 1e-9);
  EXPECT_NEAR(Strangeness(*usual, 2 - 10 * 1.4826), 10, 1e-9);
}

TEST(TrainTest, OutliersDoNotMove) {
  std::vector<double> values(1000, 10.0);
  for (int i = 0; i < 400; ++i) values[static_cast<size_t>(i)] = 1e9;
  EXPECT_EQ(Train(values)->median, 10);
}

TEST(TrainTest, ConstantsHaveASpread) {
  EXPECT_EQ(Train(std::vector<double>(1000, 0.0))->spread, kSmallestSpread);
  EXPECT_EQ(Train(std::vector<double>(1000, -500.0))->spread, 10);
}

TEST(TrainTest, TooFewValuesAreNoTraining) {
  EXPECT_FALSE(Train(std::vector<double>(kMinTrainingValues - 1, 1.0)).has_value());
  EXPECT_TRUE(Train(std::vector<double>(kMinTrainingValues, 1.0)).has_value());
}

// A role of web servers: days and nights, quiet weekends, noise that lasts for minutes, now and
// then a burst, a nightly job. No host is broken.
class Fleet {
 public:
  static constexpr int kHosts = 20;
  static constexpr int kMetrics = 5;
  static constexpr int kMinutesPerWeek = 7 * 24 * 60;

  explicit Fleet(uint32_t seed) : dice_(seed) {}

  // The values of a minute, host by host and metric by metric.
  const std::array<std::array<double, kMetrics>, kHosts>& Minute(int minute) {
    const double day = minute / 1440.0;
    const bool weekend = static_cast<int>(day) % 7 >= 5;
    const double busy = (1 + 0.7 * std::sin(2 * M_PI * (day - 0.3))) * (weekend ? 0.5 : 1);
    const bool job = minute % 1440 >= 180 && minute % 1440 < 190;
    for (size_t host = 0; host < kHosts; ++host) {
      slow_[host] = 0.9 * slow_[host] + 0.1 * 3 * normal_(dice_);
      if (burst_[host] > 0) --burst_[host];
      if (uniform_(dice_) < 1.0 / 2000) burst_[host] = 2;
      const double noise = std::exp(0.15 * slow_[host] + 0.1 * normal_(dice_));
      const double load = busy * noise * (burst_[host] > 0 ? 2.5 : 1) + (job ? 1.5 : 0);
      values_[host] = {load, 18 * load + 2 * normal_(dice_), 4 * load + normal_(dice_),
                       std::abs(normal_(dice_)) + (job ? 6 : 0),
                       4e9 + 3e8 * slow_[host] + 5e8 * busy};
    }
    return values_;
  }

 private:
  std::mt19937 dice_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  std::array<double, kHosts> slow_ = {};
  std::array<int, kHosts> burst_ = {};
  std::array<std::array<double, kMetrics>, kHosts> values_;
};

// How many alerts a week of a fleet raises that is trained on the two weeks before.
int FalseAlarms(Sensitivity sensitivity, uint32_t seed, int break_at = -1,
                int* detected = nullptr) {
  Fleet fleet(seed);
  std::array<std::vector<double>, Fleet::kMetrics> training;
  for (int minute = 0; minute < 2 * Fleet::kMinutesPerWeek; ++minute) {
    const auto& values = fleet.Minute(minute);
    if (minute % 10 != 0) continue;
    for (const auto& host : values) {
      for (size_t metric = 0; metric < Fleet::kMetrics; ++metric) {
        training[metric].push_back(host[metric]);
      }
    }
  }
  std::array<UsualRange, Fleet::kMetrics> usual;
  for (size_t metric = 0; metric < Fleet::kMetrics; ++metric) {
    usual[metric] = *Train(training[metric]);
  }
  Monitor monitor;
  monitor.check = AnomalyCheck();
  monitor.max_check_attempts = 3;
  std::array<TargetState, Fleet::kHosts> states;
  std::array<bool, Fleet::kHosts> open = {};
  MonitorAlert alert;
  alert.id = "a";
  alert.level = AlertLevel::kWarning;
  alert.opened_at = absl::UnixEpoch();
  std::array<std::array<std::array<double, 3>, Fleet::kMetrics>, Fleet::kHosts> last = {};
  int alarms = 0;
  for (int minute = 0; minute < Fleet::kMinutesPerWeek; ++minute) {
    const auto& values = fleet.Minute(2 * Fleet::kMinutesPerWeek + minute);
    for (size_t host = 0; host < Fleet::kHosts; ++host) {
      double strangest = 0;
      for (size_t metric = 0; metric < Fleet::kMetrics; ++metric) {
        auto& recent = last[host][metric];
        const bool broken = host == 0 && break_at >= 0 && minute >= break_at;
        recent[static_cast<size_t>(minute % 3)] = values[host][metric] * (broken ? 12 : 1);
        const double mean = (recent[0] + recent[1] + recent[2]) / 3;
        if (minute >= 3) strangest = std::max(strangest, Strangeness(usual[metric], mean));
      }
      CheckResult result;
      result.level = strangest > AnomalyBound(sensitivity) ? AlertLevel::kWarning : AlertLevel::kOk;
      result.observed = (minute + 1) * 60'000;
      const AlertStep step = NextStep(monitor, result, open[host] ? &alert : nullptr,
                                      absl::UnixEpoch(), &states[host]);
      if (step.action == AlertAction::kOpen) {
        ++alarms;
        open[host] = true;
        states[host].alert = "a";
        if (host == 0 && detected != nullptr && minute >= break_at) *detected = minute - break_at;
      }
      if (step.action == AlertAction::kClose) open[host] = false;
      if (detected != nullptr && *detected >= 0) return alarms;
    }
  }
  return alarms;
}

TEST(AnomalyRateTest, FalseAlarmsOfAWeek) {
  const std::array<std::pair<Sensitivity, int>, 3> bounds = {
      {{Sensitivity::kSensitive, 20}, {Sensitivity::kNormal, 10}, {Sensitivity::kInsensitive, 0}}};
  for (const auto& [sensitivity, most] : bounds) {
    const int alarms = FalseAlarms(sensitivity, 1);
    std::printf("%s: %d false alarms in a week of %d hosts, %.3f per host and week\n",
                std::string(SensitivityName(sensitivity)).c_str(), alarms, Fleet::kHosts,
                static_cast<double>(alarms) / Fleet::kHosts);
    EXPECT_LE(alarms, most);
  }
}

TEST(AnomalyRateTest, ABrokenHostIsFound) {
  for (const Sensitivity sensitivity :
       {Sensitivity::kSensitive, Sensitivity::kNormal, Sensitivity::kInsensitive}) {
    int detected = -1;
    FalseAlarms(sensitivity, 2, 3 * 1440 + 600, &detected);
    std::printf("%s: twelve times the usual is found after %d minutes\n",
                std::string(SensitivityName(sensitivity)).c_str(), detected);
    EXPECT_GE(detected, 0);
    EXPECT_LE(detected, 10);
  }
}

}  // namespace
}  // namespace tidegate::control
