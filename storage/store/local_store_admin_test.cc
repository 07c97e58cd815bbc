#include <filesystem>
#include <string>
#include <vector>

#include "storage/store/store_fixture.h"
#include "storage/store_admin.h"

namespace tidegate::storage {
namespace {

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;

class LocalStoreAdminTest : public StoreFixture {
 protected:
  void Delete(std::vector<model::Matcher> matchers, model::TimeRange range = {},
              const std::string& tenant = "default") {
    const absl::Status status =
        store_->Delete(ContextOf(tenant), {{Matchers(std::move(matchers)), range}});
    ASSERT_TRUE(status.ok()) << status;
  }

  std::vector<std::string> Names() {
    auto values = store_->LabelValues(ContextOf("default"), "__name__", {});
    EXPECT_TRUE(values.ok()) << values.status();
    return *values;
  }
};

const model::Matcher kUp = {model::MatchType::kEqual, "__name__", "up"};

Samples Without(Samples samples, const model::TimeRange& range) {
  std::erase_if(samples, [&](const auto& sample) { return range.Contains(sample.first); });
  return samples;
}

TEST_F(LocalStoreAdminTest, HidesARangeOfTheSelectedSeriesAtOnceAndAfterARestart) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 100)}, {Metric("down"), Ramp(kRecent, 100)}});
  const model::TimeRange range{.min = kRecent + 150'000, .max = kRecent + 300'000};
  Delete({kUp}, range);
  const Samples left = Without(Ramp(kRecent, 100), range);
  EXPECT_EQ(left.size(), 89u);
  for (int restart = 0; restart < 2; ++restart) {
    EXPECT_EQ(Ask().at("up"), left);
    EXPECT_EQ(Ask().at("down"), Ramp(kRecent, 100));
    EXPECT_TRUE(Ask({kUp}, range).empty());
    Reopen();
  }
}

TEST_F(LocalStoreAdminTest, WhatIsStoredLaterIsSeen) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  Delete({kUp});
  EXPECT_TRUE(Ask().empty());
  Commit(200, {{Metric("up"), Ramp(kRecent, 10, 15'000, 50)}});
  EXPECT_EQ(Ask().at("up"), Ramp(kRecent, 10, 15'000, 50));
  Reopen();
  EXPECT_EQ(Ask().at("up"), Ramp(kRecent, 10, 15'000, 50));
}

TEST_F(LocalStoreAdminTest, AMergeOfOldAndNewKeepsThemApart) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  Delete({kUp});
  for (uint64_t cut = 0; cut < 20; ++cut) {
    Commit(200 + cut, {{Metric("up"), Ramp(kRecent + 5 * 15'000, 10, 15'000, 50)},
                       {Metric("other"), Ramp(kRecent, 10)}});
  }
  const Answer before = Ask();
  EXPECT_EQ(before.at("up"), Ramp(kRecent + 5 * 15'000, 10, 15'000, 50));
  ASSERT_TRUE(store_->RunMaintenance().ok());
  EXPECT_LT(StatsOf(*store_).segments, 21u);
  EXPECT_EQ(Ask(), before);
  Reopen();
  EXPECT_EQ(Ask(), before);
}

TEST_F(LocalStoreAdminTest, TenantsAreApart) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}}, "a");
  Commit(200, {{Metric("up"), Ramp(kRecent, 10)}}, "b");
  Delete({kUp}, {}, "a");
  EXPECT_TRUE(Ask({}, {}, "a").empty());
  EXPECT_EQ(Ask({}, {}, "b").at("up"), Ramp(kRecent, 10));
}

TEST_F(LocalStoreAdminTest, WhollyDeletedSeriesLeaveTheLabelApis) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}, {Metric("down"), Ramp(kRecent, 10)}});
  Delete({kUp});
  EXPECT_EQ(Names(), std::vector<std::string>{"down"});
  EXPECT_EQ(store_->Series(ContextOf("default"), {})->size(), 1u);
}

TEST_F(LocalStoreAdminTest, CleaningFreesWhatIsHiddenAndChangesNoAnswer) {
  std::vector<CutSeries> series;
  for (int i = 0; i < 50; ++i) {
    series.push_back({Metric("up", {{"i", std::to_string(i)}}), Ramp(kRecent, 200)});
  }
  series.push_back({Metric("down"), Ramp(kRecent, 200)});
  Commit(100, std::move(series));
  const StoreStats before = StatsOf(*store_);
  Delete({kUp}, {.min = kRecent + 15'000, .max = kTestNow});
  const Answer hidden = Ask();
  EXPECT_EQ(StatsOf(*store_).samples, before.samples);
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  EXPECT_EQ(StatsOf(*store_).samples, 50u + 200u);
  EXPECT_LT(StatsOf(*store_).bytes, before.bytes);
  EXPECT_EQ(Ask(), hidden);
  Reopen();
  EXPECT_EQ(Ask(), hidden);
}

TEST_F(LocalStoreAdminTest, CleaningASegmentOfWhichNothingIsLeft) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  Delete({kUp});
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  EXPECT_EQ(StatsOf(*store_).segments, 0u);
  EXPECT_TRUE(Ask().empty());
  // The replayed cut is still known as committed.
  EXPECT_TRUE(absl::IsAlreadyExists(TryCommit(1, 100, {})));
}

TEST_F(LocalStoreAdminTest, ADeletionWithoutMatchersIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Delete(ContextOf("default"), {{{}, {}}})));
}

TEST_F(LocalStoreAdminTest, ASnapshotIsADirectoryOfItsOwn) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 100)}, {Metric("down"), Ramp(kRecent, 100)}});
  Delete({kUp}, {.min = kRecent, .max = kRecent + 150'000});
  const Answer then = Ask();
  const auto name = store_->Snapshot(ContextOf("default"));
  ASSERT_TRUE(name.ok()) << name.status();
  Commit(200, {{Metric("later"), Ramp(kRecent, 10)}});
  Delete({{model::MatchType::kEqual, "__name__", "down"}});
  ASSERT_TRUE(store_->CleanTombstones(ContextOf("default")).ok());
  store_.reset();
  options_.directory = directory_.path() + "/snapshots/" + *name + "/store";
  Open();
  EXPECT_EQ(Ask(), then);
  EXPECT_EQ(Register(1), 100u);
}

TEST_F(LocalStoreAdminTest, SnapshotsLeaveNoDraftsAndHaveNamesOfTheirOwn) {
  Commit(100, {{Metric("up"), Ramp(kRecent, 10)}});
  const std::string parent = directory_.path() + "/snapshots";
  std::filesystem::create_directories(parent + "/unfinished/store/rocks");  // A crash left it.
  const auto first = store_->Snapshot(ContextOf("default"));
  const auto second = store_->Snapshot(ContextOf("default"));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(*first, *second);
  EXPECT_FALSE(std::filesystem::exists(parent + "/unfinished"));
}

}  // namespace
}  // namespace tidegate::storage
