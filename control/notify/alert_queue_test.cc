#include "control/notify/alert_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace tidegate::control {
namespace {

using testing::ElementsAre;

OutgoingAlert Named(const std::string& name) {
  OutgoingAlert alert;
  alert.labels = model::Labels{{"alertname", name}};
  return alert;
}

std::vector<OutgoingAlert> Many(int count) {
  std::vector<OutgoingAlert> alerts;
  for (int i = 0; i < count; ++i) alerts.push_back(Named(std::to_string(i)));
  return alerts;
}

// Takes batches as it is told to, and remembers them.
class Receiver {
 public:
  DeliverAlerts deliver() {
    return [this](const std::string& tenant, const std::vector<OutgoingAlert>& alerts,
                  const std::atomic<bool>& stop) {
      while (closed_ && !stop) absl::SleepFor(absl::Milliseconds(1));
      absl::MutexLock lock(&mutex_);
      ++attempts_;
      if (!failures_.empty()) {
        const absl::Status failure = failures_.back();
        failures_.pop_back();
        return failure;
      }
      std::string batch = tenant + ":";
      for (const OutgoingAlert& alert : alerts) {
        batch += " " + std::string(alert.labels.Get("alertname"));
      }
      batches_.push_back(batch);
      return absl::OkStatus();
    };
  }
  AlertCounts counts() {
    return {[this](size_t count) { sent += count; }, [this](size_t count) { lost += count; },
            [this] { ++failed; }};
  }

  void Close(bool closed) { closed_ = closed; }
  void FailNext(absl::Status status, int times = 1) {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < times; ++i) failures_.push_back(status);
  }
  // Once there are as many.
  std::vector<std::string> Batches(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return batches_.size() >= count; };
    mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(30));
    return batches_;
  }

  std::atomic<size_t> sent{0}, lost{0}, failed{0};

 private:
  std::atomic<bool> closed_{false};
  absl::Mutex mutex_;
  int attempts_ = 0;
  std::vector<absl::Status> failures_;
  std::vector<std::string> batches_;
};

AlertQueueOptions Quick() {
  AlertQueueOptions options;
  options.capacity = 6;
  options.batch = 2;
  options.first_pause = absl::Milliseconds(1);
  options.max_pause = absl::Milliseconds(2);
  return options;
}

TEST(AlertQueue, SendsInOrderInBatches) {
  Receiver receiver;
  receiver.Close(true);
  AlertQueue queue(Quick(), receiver.deliver(), receiver.counts());
  queue.Add("a", {Named("1")});
  queue.Add("a", {Named("2"), Named("3")});
  queue.Add("b", {Named("4")});
  receiver.Close(false);
  const std::vector<std::string> batches = receiver.Batches(3);
  std::string all;
  for (const std::string& batch : batches) all += batch + "|";
  // The first may have left before the second came.
  EXPECT_TRUE(all == "a: 1 2|a: 3|b: 4|" || all == "a: 1|a: 2 3|b: 4|") << all;
}

TEST(AlertQueue, TriesAgain) {
  Receiver receiver;
  receiver.FailNext(absl::UnavailableError("away"), 3);
  AlertQueue queue(Quick(), receiver.deliver(), receiver.counts());
  queue.Add("a", {Named("1")});
  EXPECT_THAT(receiver.Batches(1), ElementsAre("a: 1"));
  EXPECT_EQ(receiver.failed, 3u);
  EXPECT_EQ(receiver.lost, 0u);
}

TEST(AlertQueue, GivesUpWhatIsRefused) {
  Receiver receiver;
  receiver.FailNext(absl::InvalidArgumentError("bad request"));
  AlertQueue queue(Quick(), receiver.deliver(), receiver.counts());
  queue.Add("a", {Named("1")});
  while (receiver.lost == 0) absl::SleepFor(absl::Milliseconds(1));
  queue.Add("a", {Named("2")});
  EXPECT_THAT(receiver.Batches(1), ElementsAre("a: 2"));
  EXPECT_EQ(receiver.lost, 1u);
}

TEST(AlertQueue, LosesTheOldestWhenItIsFull) {
  Receiver receiver;
  receiver.Close(true);
  AlertQueue queue(Quick(), receiver.deliver(), receiver.counts());
  queue.Add("a", Many(9));
  EXPECT_EQ(receiver.lost, 3u);
  receiver.Close(false);
  const auto batches = receiver.Batches(3);
  EXPECT_THAT(batches, ElementsAre("a: 3 4", "a: 5 6", "a: 7 8"));
}

TEST(AlertQueue, EndsWhileNobodyAnswers) {
  Receiver receiver;
  receiver.Close(true);
  AlertQueue queue(Quick(), receiver.deliver(), receiver.counts());
  queue.Add("a", Many(2));
}

}  // namespace
}  // namespace tidegate::control
