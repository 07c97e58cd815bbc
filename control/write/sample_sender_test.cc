#include "control/write/sample_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "control/write/push_body.h"
#include "model/labels.h"

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;

// Takes what it is told to take.
class PickyIngester final : public ingest::Ingester {
 public:
  void Fail(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }
  void SetMaxBytes(size_t bytes) {
    absl::MutexLock lock(&mutex_);
    max_bytes_ = bytes;
  }
  std::string taken(const std::string& tenant) {
    absl::MutexLock lock(&mutex_);
    return taken_[tenant];
  }
  int calls() {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }
  void AwaitCalls(int calls) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ >= calls; };
    mutex_.Await(absl::Condition(&reached));
  }

  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override {
    absl::MutexLock lock(&mutex_);
    ++calls_;
    if (request.encoding != ingest::PushEncoding::kIdentity) return absl::InternalError("encoding");
    if (!failure_.ok()) return failure_;
    if (request.body.size() > max_bytes_) return absl::OutOfRangeError("too large");
    taken_[context.tenant] += request.body;
    return ingest::PushResult();
  }
  absl::Status Flush(const model::RequestContext&) override { return absl::OkStatus(); }
  storage::SeriesSource& series() override { std::abort(); }
  storage::LogSource& logs() override { std::abort(); }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    return ingest::IngesterStats();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  size_t max_bytes_ ABSL_GUARDED_BY(mutex_) = 1 << 20;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::string> taken_ ABSL_GUARDED_BY(mutex_);
};

class SampleSenderTest : public ::testing::Test {
 protected:
  void Open(SampleSenderOptions options = {}) {
    options.first_pause = absl::Milliseconds(1);
    options.max_pause = absl::Milliseconds(5);
    sender_.emplace(options, &ingester_, &registry_);
  }
  void Drain() { sender_->Drain(absl::Now() + absl::Seconds(20)); }
  // The sum of all counters of this name.
  double Value(const std::string& name) {
    for (const auto& family : registry_.Collect()) {
      if (family.name == name) return family.metric[0].counter.value;
    }
    return -1;
  }

  PickyIngester ingester_;
  prometheus::Registry registry_;
  std::optional<SampleSender> sender_;
};

TEST_F(SampleSenderTest, BodiesOfATenantArriveInTheirOrder) {
  Open();
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string body = "body " + std::to_string(i);
    expected += body;
    ASSERT_TRUE(sender_->Add("a", body, 1).ok());
    ASSERT_TRUE(sender_->Add("b", body, 1).ok());
  }
  Drain();
  EXPECT_EQ(ingester_.taken("a"), expected);
  EXPECT_EQ(ingester_.taken("b"), expected);
  EXPECT_EQ(Value("tidegate_control_samples_sent_total"), 400);
}

TEST_F(SampleSenderTest, ABusyIngesterIsAskedAgainAndLosesNothing) {
  for (const absl::Status& failure :
       {absl::UnavailableError("starting"), absl::ResourceExhaustedError("busy"),
        absl::DeadlineExceededError("slow"), absl::InternalError("odd")}) {
    PickyIngester ingester;
    prometheus::Registry registry;
    ingester.Fail(failure);
    SampleSenderOptions options;
    options.first_pause = absl::Milliseconds(1);
    options.max_pause = absl::Milliseconds(2);
    SampleSender sender(options, &ingester, &registry);
    ASSERT_TRUE(sender.Add("a", "one ", 1).ok());
    ASSERT_TRUE(sender.Add("a", "two", 1).ok());
    ingester.AwaitCalls(3);
    ingester.Fail(absl::OkStatus());
    sender.Drain(absl::Now() + absl::Seconds(20));
    EXPECT_EQ(ingester.taken("a"), "one two") << failure;
  }
}

TEST_F(SampleSenderTest, AFullQueueSaysSo) {
  SampleSenderOptions options;
  options.max_queued_bytes = 10;
  Open(options);
  ingester_.Fail(absl::UnavailableError("starting"));
  ASSERT_TRUE(sender_->Add("a", "12345678", 1).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(sender_->Add("a", "123", 7)));
  EXPECT_EQ(Value("tidegate_control_samples_refused_total"), 7);
  ingester_.Fail(absl::OkStatus());
  Drain();
  EXPECT_TRUE(sender_->Add("a", "123", 1).ok()) << "there is room again";
  Drain();
}

TEST_F(SampleSenderTest, WhatIsWrongForeverIsNotTriedForever) {
  Open();
  ingester_.Fail(absl::InvalidArgumentError("no"));
  ASSERT_TRUE(sender_->Add("a", "x", 3).ok());
  Drain();
  EXPECT_EQ(ingester_.calls(), 1);
  EXPECT_EQ(Value("tidegate_control_samples_rejected_total"), 3);
}

TEST_F(SampleSenderTest, ABodyTooLargeForTheTenantGoesInPieces) {
  Open();
  PushBody body;
  const model::Labels labels = {{"__name__", "a_metric_with_a_name"}};
  for (int i = 0; i < 64; ++i) body.AddSample(labels.bytes(), i, i);
  const std::string bytes = body.Take();
  ingester_.SetMaxBytes(bytes.size() / 5);
  ASSERT_TRUE(sender_->Add("a", bytes, 64).ok());
  Drain();
  EXPECT_EQ(ingester_.taken("a"), bytes);
  EXPECT_EQ(Value("tidegate_control_samples_sent_total"), 64);
}

}  // namespace
}  // namespace tidegate::control
