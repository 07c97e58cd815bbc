#include "ingest/service/log_replay.h"

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::ingest {
namespace {

constexpr uint64_t kProducer = 3;

class LogReplayTest : public testing::Test {
 protected:
  LogReplayTest()
      : head_(&log_),
        metrics_(&registry_),
        identity_(TestIdentity(kProducer)),
        replay_({&log_, &head_, &store_, identity_.get(), &metrics_}, absl::Milliseconds(1)) {
    store_.SetCommitted(kProducer, {});
  }

  storage::LogPosition Log(std::string_view frame) { return *log_.Append(frame); }

  FakeLog log_;
  FakeHead head_;
  FakeStore store_;
  model::MetricsRegistry registry_;
  IngestMetrics metrics_;
  const std::unique_ptr<ProducerIdentity> identity_;
  LogReplay replay_;
};

TEST_F(LogReplayTest, AppliesEveryFrame) {
  Log("a 1");
  Log("a 20");
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 21u);
  EXPECT_EQ(metrics_.replayed_frames.Value(), 2);
  EXPECT_EQ(replay_.Progress(), "replaying the log: 7 of 7 bytes");
}

TEST_F(LogReplayTest, AnEmptyLogIsFine) {
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(replay_.Progress(), "replaying the log: 0 of 0 bytes");
}

TEST_F(LogReplayTest, WhatIsCommittedIsSkippedAndTrimmed) {
  const storage::LogPosition committed = Log("a 1");
  Log("a 20");
  store_.SetCommitted(kProducer, committed);
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 20u);
  EXPECT_EQ(log_.trimmed(), committed);
  EXPECT_EQ(store_.committed(kFirstTestId), committed) << "goes on where the last life ended";
  EXPECT_EQ(metrics_.new_identities.Value(), 0);
  EXPECT_EQ(metrics_.log_gaps.Value(), 0);
}

TEST_F(LogReplayTest, AnotherProducersCommitsDoNotCount) {
  store_.SetCommitted(kProducer + 1, Log("a 1"));
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 1u);
}

TEST_F(LogReplayTest, DamageIsCountedAndTheRestIsApplied) {
  Log("a 1");
  log_.Damage(Log("a 20"));
  Log("nonsense");
  Log("a 300");
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 301u);
  EXPECT_EQ(metrics_.damaged_stretches.Value(), 2);
}

// Collects what the program's log says while it lives.
class SpokenLog {
 public:
  SpokenLog() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::move(sink)));
  }
  ~SpokenLog() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  const std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

TEST_F(LogReplayTest, AFrameBehindAHoleIsNamedWithoutTheHole) {
  const SpokenLog spoken;
  const storage::LogPosition first = Log("a 1");
  const storage::LogPosition hole = Log("a 20");
  log_.Damage(hole);
  const storage::LogPosition last = Log("nonsense");
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_NE(spoken.text().find(fmt::format("from {} to {}", first.value, hole.value)),
            std::string::npos)
      << spoken.text();
  EXPECT_NE(spoken.text().find(fmt::format("from {} to {}", hole.value, last.value)),
            std::string::npos)
      << spoken.text();
}

TEST_F(LogReplayTest, ALogThatEndsBeforeTheCommitIsReplayedUnderANewId) {
  const storage::LogPosition end = Log("a 1");
  store_.SetCommitted(kProducer, {end.value + 1});
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 1u) << "it may be another log than the store's";
  EXPECT_EQ(log_.trimmed(), storage::LogPosition{});
  EXPECT_EQ(identity_->id(), kFirstTestId + 1);
  EXPECT_EQ(store_.committed(kFirstTestId + 1), storage::LogPosition{});
  EXPECT_EQ(metrics_.new_identities.Value(), 1);
}

TEST_F(LogReplayTest, AnIngesterWhosePlaceIsTakenReplaysItsWholeLog) {
  Log("a 1");
  Log("a 20");
  store_.Forget(kProducer);
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 21u);
  EXPECT_EQ(identity_->id(), kFirstTestId + 1);
  EXPECT_EQ(metrics_.new_identities.Value(), 1);
  EXPECT_EQ(metrics_.log_gaps.Value(), 0) << "nobody can know";
}

TEST_F(LogReplayTest, AnEmptyLogNeedsNoWarning) {
  store_.Forget(kProducer);
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(metrics_.new_identities.Value(), 0);
}

TEST_F(LogReplayTest, AStoreThatIsOlderThanTheLogIsTold) {
  const storage::LogPosition older = Log("a 1");
  ASSERT_TRUE(log_.Trim(Log("a 20")).ok());
  Log("a 300");
  store_.SetCommitted(kProducer, older);
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 300u);
  EXPECT_EQ(metrics_.log_gaps.Value(), 1);
}

TEST_F(LogReplayTest, AFullDiskKeepsNobodyFromReading) {
  const storage::LogPosition committed = Log("a 1");
  Log("a 20");
  store_.SetCommitted(kProducer, committed);
  store_.Fail(absl::ResourceExhaustedError("the disk is full"));
  ASSERT_TRUE(replay_.Run().ok());
  EXPECT_EQ(head_.replayed_samples(), 21u);
  EXPECT_EQ(log_.trimmed(), storage::LogPosition{});
}

TEST_F(LogReplayTest, WaitsForTheStore) {
  store_.Fail(absl::UnavailableError("away"));
  Log("a 1");
  EXPECT_EQ(replay_.Progress(), "asking the store which part of the log it has");
  std::thread replaying([&] { EXPECT_TRUE(replay_.Run().ok()); });
  store_.Fail(absl::OkStatus());
  replaying.join();
  EXPECT_EQ(head_.replayed_samples(), 1u);
}

TEST_F(LogReplayTest, StopEndsTheWait) {
  store_.Fail(absl::UnavailableError("away"));
  std::thread replaying([&] { EXPECT_TRUE(absl::IsCancelled(replay_.Run())); });
  replay_.Stop();
  replay_.Stop();
  replaying.join();
}

TEST_F(LogReplayTest, StopEndsTheReplay) {
  Log("a 1");
  replay_.Stop();
  EXPECT_TRUE(absl::IsCancelled(replay_.Run()));
  EXPECT_EQ(head_.replayed_samples(), 0u);
}

}  // namespace
}  // namespace tidegate::ingest
