#include "storage/maintenance/merge_executor.h"

#include <atomic>
#include <memory>
#include <set>

#include "gtest/gtest.h"
#include "storage/rocks/rocks.h"
#include "storage/store/damage_log.h"
#include "storage/store/segment_hand_over.h"
#include "storage/store/store_fixture.h"

namespace tidegate::storage {
namespace {

class MergeExecutorTest : public testing::Test {
 protected:
  void SetUp() override {
    RocksOptions options;
    options.directory = directory_.path();
    auto rocks = OpenRocks(options);
    ASSERT_TRUE(rocks.ok()) << rocks.status();
    rocks_ = *std::move(rocks);
    auto store = SegmentStore::Open(rocks_.get(), &damage_, "");
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    ASSERT_TRUE(store_->RegisterProducer(1, {}).ok());
    for (const uint64_t position : {100, 200}) Commit(position);
    for (const SegmentEntry& entry : store_->Entries()) {
      plan_.target = entry.partition;
      plan_.inputs.push_back(entry.id);
    }
    ASSERT_EQ(plan_.inputs.size(), 2u);
  }

  void Commit(uint64_t position) {
    SegmentHandOver hand_over(store_.get(), 1, {position});
    const Samples samples = {{kTestNow - static_cast<model::TimestampMs>(position), 1}};
    for (SealedSegment& segment :
         Seal("default", 1, position, {{Metric("up"), samples}}, kTestNow)) {
      ASSERT_TRUE(hand_over.Add(std::move(segment)).ok());
    }
    ASSERT_TRUE(hand_over.Commit().ok());
  }

  const TemporaryDirectory directory_;
  DamageLog damage_;
  std::unique_ptr<Rocks> rocks_;
  std::unique_ptr<SegmentStore> store_;
  MergePlan plan_;
  std::set<SegmentId> damaged_;
  std::atomic<bool> stop_{false};
};

TEST_F(MergeExecutorTest, TheOutputReplacesTheInputs) {
  const auto result = ExecuteMerge(plan_, MergeTimes(), stop_, store_.get(), &damaged_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->samples_read, 2u);
  EXPECT_EQ(result->samples_written, 2u);
  EXPECT_EQ(store_->Entries().size(), 1u);
  EXPECT_TRUE(damaged_.empty());
}

TEST_F(MergeExecutorTest, AStopLeavesEverythingAsItWas) {
  stop_ = true;
  const auto result = ExecuteMerge(plan_, MergeTimes(), stop_, store_.get(), &damaged_);
  EXPECT_TRUE(absl::IsCancelled(result.status())) << result.status();
  EXPECT_EQ(store_->Entries().size(), 2u);
}

TEST_F(MergeExecutorTest, AnInputThatIsGoneIsTold) {
  ASSERT_TRUE(store_->Remove({plan_.inputs[0]}).ok());
  EXPECT_TRUE(
      absl::IsAborted(ExecuteMerge(plan_, MergeTimes(), stop_, store_.get(), &damaged_).status()));
}

}  // namespace
}  // namespace tidegate::storage
