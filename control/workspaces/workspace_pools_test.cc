#include "control/workspaces/workspace_pools.h"

#include <gtest/gtest.h>

#include "control/hosts/host_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

class WorkspacePoolsTest : public ::testing::Test {
 protected:
  WorkspacePoolsTest() {
    WorkspaceJob job;
    job.name = "web";
    job.region = "kr";
    job.metrics_path = "/m";
    job_ = workspaces_.CreateJob("a", job)->id;
    EXPECT_TRUE(hosts_.Put({"a", "h1", "one", "10.0.0.1", "", ""}).ok());
  }
  std::string Add(const std::string& host, uint16_t port) {
    WorkspaceTarget target;
    target.job_id = job_;
    target.host_id = host;
    target.port = port;
    return workspaces_.AddTarget("a", target)->id;
  }

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  WorkspaceDocuments workspaces_{&documents_, &clock_};
  HostRegistry hosts_{&documents_};
  WorkspacePools pools_{&workspaces_, &hosts_, &clock_};
  std::string job_;
};

TEST_F(WorkspacePoolsTest, ATargetIsScrapedWhereItsHostIs) {
  const std::string id = Add("h1", 9100);
  EXPECT_TRUE(pools_.Refresh());
  ASSERT_EQ(pools_.pools().size(), 1u);
  const Pool& pool = *pools_.pools()[0];
  EXPECT_EQ(pool.tenant, "a");
  EXPECT_EQ(pool.name, "web");
  ASSERT_EQ(pool.active.size(), 1u);
  EXPECT_EQ(pool.active[0]->url, "http://10.0.0.1:9100/m");
  EXPECT_EQ(pool.active[0]->interval, absl::Seconds(15));
  EXPECT_EQ(pool.active[0]->labels,
            (model::Labels{{"instance", "10.0.0.1:9100"}, {"job", "web"}, {"openmetrics_id", id}}));
}

TEST_F(WorkspacePoolsTest, FollowsJobsTargetsAndHosts) {
  Add("h1", 9100);
  EXPECT_TRUE(pools_.Refresh());
  const auto config = pools_.pools()[0]->active[0]->job;
  EXPECT_FALSE(pools_.Refresh());
  const std::string second = Add("h1", 9101);
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_EQ(pools_.pools()[0]->active.size(), 2u);
  EXPECT_EQ(pools_.pools()[0]->active[0]->job, config) << "the same settings";
  ASSERT_TRUE(hosts_.Put({"a", "h1", "one", "::1", "", ""}).ok());
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_EQ(pools_.pools()[0]->active[0]->url.substr(0, 12), "http://[::1]");
  WorkspaceJob job = *workspaces_.Job("a", job_);
  job.metrics_path = "/n";
  ASSERT_TRUE(workspaces_.UpdateJob("a", job).ok());
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_NE(pools_.pools()[0]->active[0]->job, config);
  ASSERT_TRUE(hosts_.Remove("a", "h1").ok());
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_TRUE(pools_.pools()[0]->active.empty());
  ASSERT_TRUE(workspaces_.DeleteJob("a", job_).ok());
  EXPECT_TRUE(pools_.Refresh());
  EXPECT_TRUE(pools_.pools().empty());
}

TEST_F(WorkspacePoolsTest, AStoreThatIsAwayChangesNothing) {
  Add("h1", 9100);
  pools_.Refresh();
  documents_.Fail(absl::UnavailableError("away"));
  clock_.Advance(absl::Hours(1));
  EXPECT_FALSE(pools_.Refresh());
  EXPECT_EQ(pools_.pools().size(), 1u);
}

}  // namespace
}  // namespace tidegate::control
