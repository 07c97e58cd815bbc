#include "ingest/service/hand_over.h"

#include <functional>
#include <memory>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"

namespace tidegate::ingest {
namespace {

constexpr uint64_t kProducer = 3;

// Two segments, and what they are asked for.
class TwoSegments final : public storage::HeadCut {
 public:
  storage::LogPosition position() const override { return {100}; }
  bool empty() const override { return false; }
  absl::Status Seal(
      uint64_t producer, model::TimestampMs now,
      const std::function<absl::Status(storage::SealedSegment)>& segment_fn) const override {
    EXPECT_EQ(producer, kProducer);
    EXPECT_EQ(now, 5);
    for (const uint64_t samples : {10, 20}) {
      storage::SealedSegment segment;
      segment.samples = samples;
      if (absl::Status status = segment_fn(std::move(segment)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

absl::Status HandOver(FakeStore* store, const model::RequestContext& context = {}) {
  (void)store->RegisterProducer(context, kProducer, {});
  return HandOverCut(context, TwoSegments(), kProducer, 5, store);
}

TEST(HandOverTest, AddsEverySegmentAndCommits) {
  FakeStore store;
  ASSERT_TRUE(HandOver(&store).ok());
  EXPECT_EQ(store.committed_samples(), 30u);
  EXPECT_EQ(store.committed(kProducer), storage::LogPosition{100});
}

TEST(HandOverTest, WhatTheStoreHasIsDone) {
  FakeStore store;
  store.SetCommitted(kProducer, {100});
  ASSERT_TRUE(HandOver(&store).ok());
  EXPECT_EQ(store.committed_samples(), 0u);
}

TEST(HandOverTest, AStoreThatIsAwayIsToldToTheCaller) {
  FakeStore store;
  store.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(HandOver(&store)));
  store.Fail(absl::OkStatus());
  EXPECT_TRUE(HandOver(&store).ok());
}

TEST(HandOverTest, ALostAnswerIsFoundOutByRepeating) {
  FakeStore store;
  store.LoseNextAnswer(absl::UnavailableError("connection reset"));
  EXPECT_TRUE(absl::IsUnavailable(HandOver(&store)));
  EXPECT_TRUE(HandOver(&store).ok());
  EXPECT_EQ(store.committed_samples(), 30u) << "once, not twice";
}

TEST(HandOverTest, AnUnknownProducerIsTold) {
  FakeStore store;
  EXPECT_TRUE(absl::IsNotFound(HandOverCut({}, TwoSegments(), kProducer, 5, &store)));
}

TEST(HandOverTest, StopsWhenItIsCancelled) {
  FakeStore store;
  const model::RequestContext context;
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(HandOver(&store, context)));
  EXPECT_EQ(store.committed_samples(), 0u);
}

}  // namespace
}  // namespace tidegate::ingest
