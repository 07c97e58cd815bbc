#include "ingest/service/local_ingester.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "ingest/service/fakes.h"
#include "ingest/service/push_body.h"
#include "model/clock.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::ingest {
namespace {

constexpr model::TimestampMs kNow = 1'700'000'000'000;
constexpr uint64_t kProducer = 3;

class LocalIngesterTest : public testing::Test {
 protected:
  LocalIngesterTest() {
    clock_.SetMs(kNow);
    tenants_.Add("a");
    options_.directory = testing::TempDir() + "/local_ingester";
    options_.head_cut_interval = absl::InfiniteDuration();
    std::filesystem::create_directories(options_.directory);
    auto log = std::make_unique<FakeLog>();
    log_ = log.get();
    auto head = std::make_unique<FakeHead>(log_);
    head_ = head.get();
    parts_.log = std::move(log);
    parts_.head = std::move(head);
    parts_.store = &store_;
    parts_.tenants = &tenants_;
    parts_.clock = &clock_;
    parts_.metrics = &registry_;
    parts_.identity = TestIdentity(kProducer);
    store_.SetCommitted(kProducer, {});
    parts_.cut_poll = absl::InfiniteDuration();
    parts_.store_retry = absl::Milliseconds(1);
  }

  void Start() { ingester_ = CreateIngesterFromParts(options_, std::move(parts_)); }
  void StartAndWait() {
    Start();
    while (!ingester_->Ready().ok()) absl::SleepFor(absl::Milliseconds(1));
  }

  absl::Status Push(model::TimestampMs timestamp) {
    model::RequestContext context;
    context.tenant = "a";
    const std::string body = PushBody().Metric("up", {{timestamp, 1}}).Compressed();
    PushRequest request;
    request.body = body;
    return ingester_->Push(context, request).status();
  }

  FakeStore store_;
  FakeTenants tenants_;
  model::ManualClock clock_;
  model::MetricsRegistry registry_;
  IngesterOptions options_;
  IngesterParts parts_;
  FakeLog* log_ = nullptr;
  FakeHead* head_ = nullptr;
  std::unique_ptr<LocalIngester> ingester_;
};

TEST_F(LocalIngesterTest, StoresAndTellsWhatItHolds) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  const auto stats = ingester_->Stats({});
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->series, 1u);
  EXPECT_EQ(stats->samples, 1u);
  EXPECT_GT(stats->log_bytes, 0u);
}

TEST_F(LocalIngesterTest, WhileItWaitsForTheStoreItSaysSoAndRefuses) {
  store_.Fail(absl::UnavailableError("away"));
  Start();
  const absl::Status expected =
      absl::UnavailableError("asking the store which part of the log it has");
  EXPECT_EQ(ingester_->Ready(), expected);
  EXPECT_EQ(Push(kNow), expected);
  EXPECT_EQ(ingester_->Flush({}), expected);
  EXPECT_EQ(ingester_->series().Series({}, {}).status(), expected);
  store_.Fail(absl::OkStatus());
  while (!ingester_->Ready().ok()) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(Push(kNow).ok());
  EXPECT_TRUE(ingester_->series().Series({}, {}).ok());
}

TEST_F(LocalIngesterTest, ReplaysBeforeItIsReady) {
  ASSERT_TRUE(log_->Append("a 7").ok());
  StartAndWait();
  EXPECT_EQ(head_->replayed_samples(), 7u);
}

TEST_F(LocalIngesterTest, FlushSealsEverything) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  ASSERT_TRUE(ingester_->Flush({}).ok());
  EXPECT_EQ(store_.committed_samples(), 1u);
  EXPECT_EQ(ingester_->Stats({})->log_bytes, 0u);
  EXPECT_TRUE(Push(kNow + 1).ok()) << "it goes on";
}

TEST_F(LocalIngesterTest, AFlushGivesBackTheLogsSpaceOnceAllIsSealed) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  EXPECT_EQ(log_->releases(), 0);
  ASSERT_TRUE(ingester_->Flush({}).ok());
  EXPECT_EQ(log_->releases(), 1);
  log_->FailAppends(absl::UnavailableError("the disk failed"));
  EXPECT_TRUE(ingester_->Flush({}).ok()) << "all is in the store, whatever the log says";
  EXPECT_EQ(log_->releases(), 2);
}

TEST_F(LocalIngesterTest, AShorterLogThanTheStoreKnowsTakesANewId) {
  store_.SetCommitted(kProducer, {1000});
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  ASSERT_TRUE(ingester_->Flush({}).ok());
  EXPECT_EQ(store_.committed_samples(), 1u) << "not taken for a cut that is known";
  EXPECT_EQ(store_.committed(kFirstTestId + 1), log_->bounds().end);
}

TEST_F(LocalIngesterTest, AFullDiskIsSaidByReadyAndGoesAwayByItself) {
  StartAndWait();
  log_->FailAppends(absl::ResourceExhaustedError("the disk is full"));
  EXPECT_EQ(ingester_->Ready(), absl::UnavailableError("the disk is full"));
  EXPECT_EQ(Push(kNow), absl::UnavailableError("the disk is full"));
  EXPECT_TRUE(ingester_->series().Series({}, {}).ok()) << "reads go on";
  log_->FailAppends(absl::OkStatus());
  EXPECT_TRUE(Push(kNow).ok());
}

TEST_F(LocalIngesterTest, ShutdownSealsClosesAndRefuses) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  ASSERT_TRUE(ingester_->Shutdown(absl::InfiniteFuture()).ok());
  EXPECT_EQ(store_.committed_samples(), 1u);
  EXPECT_TRUE(log_->closed());
  EXPECT_EQ(Push(kNow + 1), absl::UnavailableError("the ingester is shutting down"));
  EXPECT_EQ(ingester_->Ready(), absl::UnavailableError("the ingester is shutting down"));
  EXPECT_TRUE(ingester_->Shutdown(absl::InfiniteFuture()).ok()) << "once more does nothing";
}

TEST_F(LocalIngesterTest, ShutdownWithoutAStoreLeavesTheRestInTheLog) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  store_.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(ingester_->Shutdown(absl::InfiniteFuture())));
  EXPECT_TRUE(log_->closed());
  EXPECT_GT(log_->SizeBytes(), 0u);
}

TEST_F(LocalIngesterTest, ShutdownDuringTheReplayDoesNotWaitForTheStore) {
  store_.Fail(absl::UnavailableError("away"));
  Start();
  EXPECT_TRUE(absl::IsUnavailable(ingester_->Shutdown(absl::InfiniteFuture())));
  EXPECT_TRUE(log_->closed());
}

TEST_F(LocalIngesterTest, DestructionWithoutShutdownSealsNothing) {
  StartAndWait();
  ASSERT_TRUE(Push(kNow).ok());
  ingester_.reset();
  EXPECT_EQ(store_.committed_samples(), 0u);
}

TEST_F(LocalIngesterTest, PushesComeInParallelWithFlushes) {
  StartAndWait();
  std::vector<std::thread> pushers;
  for (int thread = 0; thread < 4; ++thread) {
    pushers.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) EXPECT_TRUE(Push(kNow - thread * 1000 - i).ok());
    });
  }
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(ingester_->Flush({}).ok());
  for (std::thread& pusher : pushers) pusher.join();
  ASSERT_TRUE(ingester_->Flush({}).ok());
  EXPECT_EQ(store_.committed_samples(), 200u);
}

}  // namespace
}  // namespace tidegate::ingest
