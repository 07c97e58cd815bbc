#include "control/push_groups/group_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "absl/time/clock.h"
#include "control/limits/limit_guard.h"
#include "control/push_groups/group_duty.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;

constexpr model::TimestampMs kNow = 1'700'000'000'000;
const PushLabels kA = {{"job", "a"}};

class CountingIngester final : public ingest::Ingester {
 public:
  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    ++pushes_[context.tenant];
    last_ = request.body;
    ingest::PushResult result;
    result.rejected = rejection_;
    return result;
  }
  absl::Status Flush(const model::RequestContext&) override { return absl::OkStatus(); }
  storage::SeriesSource& series() override { std::abort(); }
  storage::LogSource& logs() override { std::abort(); }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    return ingest::IngesterStats();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

  int pushes(const std::string& tenant) {
    absl::MutexLock lock(&mutex_);
    return pushes_[tenant];
  }
  std::string last() {
    absl::MutexLock lock(&mutex_);
    return last_;
  }

  absl::Mutex mutex_;
  std::map<std::string, int> pushes_;
  std::string last_;
  absl::Status failure_;
  absl::Status rejection_;
};

class GroupDocumentsTest : public testing::Test {
 protected:
  GroupDocumentsTest() {
    clock_.SetMs(kNow);
    context_.tenant = "t";
  }
  absl::Status Push(std::string_view body, bool replace_all, const PushLabels& labels = kA) {
    return groups_.Push(context_, labels, PushGroupFormat::kText, body, replace_all);
  }
  std::vector<PushGroup> List() { return *groups_.List(context_); }
  std::vector<std::string> Families() {
    std::vector<std::string> names;
    for (const PushGroup& group : List()) {
      for (const auto& [name, family] : group.families) names.push_back(name);
    }
    return names;
  }
  // Whether the last body has the series and a stale marker.
  bool LastHas(std::string_view name) { return ingester_.last().find(name) != std::string::npos; }
  bool LastHasMarker() {
    const double stale = model::StaleNan();
    const std::string_view bytes(reinterpret_cast<const char*>(&stale), sizeof(stale));
    return ingester_.last().find(bytes) != std::string::npos;
  }

  storage::DocumentsInMemory documents_;
  CountingIngester ingester_;
  model::ManualClock clock_;
  model::RequestContext context_;
  GroupDocuments groups_{&documents_, &ingester_, &clock_, nullptr};
};

TEST_F(GroupDocumentsTest, PutReplacesTheGroupAndPostItsFamilies) {
  ASSERT_TRUE(Push("a 1\nb 2\n", true).ok());
  EXPECT_EQ(Families(), (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(LastHasMarker());
  ASSERT_TRUE(Push("b{x=\"1\"} 3\nc 4\n", false).ok());
  EXPECT_EQ(Families(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(LastHasMarker());  // b without x has gone.
  ASSERT_TRUE(Push("c 4\n", true).ok());
  EXPECT_EQ(Families(), (std::vector<std::string>{"c"}));
  ASSERT_TRUE(Push("d 4\n", true, {{"job", "other"}}).ok());
  EXPECT_EQ(List().size(), 2u);
}

TEST_F(GroupDocumentsTest, AnEmptyPutLeavesAnEmptyGroup) {
  ASSERT_TRUE(Push("a 1\n", true).ok());
  ASSERT_TRUE(Push("", true).ok());
  ASSERT_EQ(List().size(), 1u);
  EXPECT_TRUE(List()[0].families.empty());
}

TEST_F(GroupDocumentsTest, DeletedGroupsBecomeStale) {
  ASSERT_TRUE(groups_.Delete(context_, kA).ok());
  EXPECT_EQ(ingester_.pushes("t"), 0);
  ASSERT_TRUE(Push("a 1\n", true).ok());
  ASSERT_TRUE(groups_.Delete(context_, kA).ok());
  EXPECT_TRUE(LastHasMarker());
  EXPECT_TRUE(LastHas("push_time_seconds"));
  EXPECT_TRUE(List().empty());
}

TEST_F(GroupDocumentsTest, WhatIsRefusedChangesOnlyTheTimeOfTheFailure) {
  ASSERT_TRUE(Push("a 1\n", true).ok());
  clock_.SetMs(kNow + 1000);
  EXPECT_TRUE(absl::IsInvalidArgument(Push("b 1 1000\n", true)));
  ASSERT_EQ(Families(), (std::vector<std::string>{"a"}));
  EXPECT_EQ(List()[0].pushed, kNow);
  EXPECT_EQ(List()[0].failed, kNow + 1000);
  ingester_.failure_ = absl::UnavailableError("away");
  EXPECT_TRUE(absl::IsUnavailable(Push("b 1\n", true)));
  ingester_.failure_ = absl::OkStatus();
  ingester_.rejection_ = absl::InvalidArgumentError("label limit");
  EXPECT_TRUE(absl::IsInvalidArgument(Push("b 1\n", true)));
  EXPECT_EQ(Families(), (std::vector<std::string>{"a"}));
}

TEST_F(GroupDocumentsTest, LimitsOfTheTenantHold) {
  context_.tenant = model::kDefaultTenant;
  model::ConfigFile config;
  config.default_limits.control.max_push_groups = 1;
  config.default_limits.control.max_push_group_bytes = 200;
  model::ConfigTenantRegistry tenants(config);
  prometheus::Registry metrics;
  LimitGuard guard(&tenants, &metrics);
  GroupDocuments groups(&documents_, &ingester_, &clock_, &guard);
  const auto push = [&](const std::string& body, const PushLabels& labels) {
    return groups.Push(context_, labels, PushGroupFormat::kText, body, true);
  };
  EXPECT_TRUE(push("a 1\n", kA).ok());
  EXPECT_THAT(push("a 1\n", {{"job", "other"}}).ToString(), HasSubstr("max_push_groups is 1"));
  EXPECT_TRUE(push("b 1\n", kA).ok());  // It is there already.
  EXPECT_THAT(push(std::string(300, 'a') + " 1\n", kA).ToString(),
              HasSubstr("max_push_group_bytes is 200"));
  const std::string counted = prometheus::TextSerializer().Serialize(metrics.Collect());
  EXPECT_THAT(counted, HasSubstr("{reason=\"max_push_groups\",tenant=\"default\"} 1"));
  EXPECT_THAT(counted, HasSubstr("{reason=\"max_push_group_bytes\",tenant=\"default\"} 1"));
}

TEST_F(GroupDocumentsTest, GroupsOfOneTenantAreCounted) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(Push("a 1\n", true, {{"job", std::to_string(i)}}).ok());
  }
  EXPECT_EQ(*groups_.Count(context_), 100u);
  context_.tenant = "u";
  EXPECT_EQ(*groups_.Count(context_), 0u);
}

TEST_F(GroupDocumentsTest, TheDutyRepeatsGroupsUntilTheyAreDeleted) {
  prometheus::Registry registry;
  SampleSender sender({}, &ingester_, &registry);
  GroupDuty duty(&groups_, &sender, &clock_);
  EXPECT_FALSE(duty.HasWork());
  ASSERT_TRUE(Push("a 1\n", true).ok());
  EXPECT_TRUE(duty.HasWork());
  duty.Begin();
  const auto pushes_after = [&](model::TimestampMs ms) {
    clock_.SetMs(kNow + ms);
    duty.Continue();
    sender.Drain(absl::Now() + absl::Seconds(10));
    return ingester_.pushes("t");
  };
  EXPECT_EQ(pushes_after(1000), 2);
  EXPECT_EQ(pushes_after(2000), 2);
  EXPECT_EQ(pushes_after(31'000), 3);
  ASSERT_TRUE(groups_.Delete(context_, kA).ok());
  EXPECT_EQ(ingester_.pushes("t"), 4);
  EXPECT_EQ(pushes_after(62'000), 4);
  EXPECT_FALSE(duty.HasWork());
}

}  // namespace
}  // namespace tidegate::control
