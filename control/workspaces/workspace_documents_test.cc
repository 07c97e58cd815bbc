#include "control/workspaces/workspace_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class WorkspaceDocumentsTest : public ::testing::Test {
 protected:
  static WorkspaceJob Named(const std::string& name, const std::string& region = "kr") {
    WorkspaceJob job;
    job.name = name;
    job.region = region;
    job.metrics_path = "/metrics";
    job.description = "What.";
    return job;
  }
  static WorkspaceTarget On(const std::string& job, const std::string& host, uint16_t port) {
    WorkspaceTarget target;
    target.job_id = job;
    target.host_id = host;
    target.port = port;
    return target;
  }
  std::vector<std::string> Names(const std::string& tenant, const std::string& region = "kr") {
    std::vector<std::string> names;
    const auto jobs = workspaces_.Jobs(tenant, region);
    EXPECT_TRUE(jobs.ok()) << jobs.status();
    for (const WorkspaceJob& job : *jobs) names.push_back(job.name);
    return names;
  }

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  WorkspaceDocuments workspaces_{&documents_, &clock_};
};

TEST_F(WorkspaceDocumentsTest, AProjectIsBornWithAReservedJobPerRegion) {
  clock_.SetMs(5000);
  for (const char* region : {"kr", "kr2", "jp", "us"}) {
    const auto jobs = workspaces_.Jobs("a", region);
    ASSERT_EQ(jobs->size(), 1u);
    EXPECT_EQ((*jobs)[0].reserved, "DEFAULT");
    EXPECT_EQ((*jobs)[0].region, region);
    EXPECT_EQ((*jobs)[0].modified, absl::FromUnixMillis(5000));
    clock_.SetMs(9000);
    EXPECT_EQ(workspaces_.Job("a", (*jobs)[0].id)->modified, absl::FromUnixMillis(5000));
    EXPECT_TRUE(absl::IsFailedPrecondition(workspaces_.UpdateJob("a", (*jobs)[0]).status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(workspaces_.DeleteJob("a", (*jobs)[0].id)));
  }
  const std::string id = workspaces_.Jobs("a", "kr")->front().id;
  storage::DocumentsInMemory empty;
  WorkspaceDocuments fresh(&empty, &clock_);
  EXPECT_TRUE(fresh.Job("a", id).ok()) << "its id is known before it is asked for a list";
  EXPECT_TRUE(absl::IsNotFound(fresh.Job("b", id).status()));
}

TEST_F(WorkspaceDocumentsTest, JobsAreMadeChangedAndDeleted) {
  clock_.SetMs(1000);
  const auto job = workspaces_.CreateJob("a", Named("web"));
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_THAT(job->id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
  EXPECT_EQ(job->modified, absl::FromUnixMillis(1000));
  EXPECT_THAT(Names("a"), ElementsAre("default", "web"));
  EXPECT_THAT(Names("a", "jp"), ElementsAre("default"));
  EXPECT_THAT(Names("b"), ElementsAre("default"));
  clock_.SetMs(2000);
  WorkspaceJob changed = *job;
  changed.metrics_path = "/other";
  changed.description = "";
  changed.name = "a name is not changed";
  EXPECT_TRUE(workspaces_.UpdateJob("a", changed).ok());
  const auto read = workspaces_.Job("a", job->id);
  EXPECT_EQ(read->name, "web");
  EXPECT_EQ(read->metrics_path, "/other");
  EXPECT_EQ(read->description, "");
  EXPECT_EQ(read->modified, absl::FromUnixMillis(2000));
  EXPECT_TRUE(absl::IsNotFound(workspaces_.Job("b", job->id).status()));
  EXPECT_TRUE(workspaces_.DeleteJob("a", job->id).ok());
  EXPECT_TRUE(absl::IsNotFound(workspaces_.DeleteJob("a", job->id)));
  EXPECT_TRUE(workspaces_.CreateJob("a", Named("web")).ok()) << "the name is free again";
}

TEST_F(WorkspaceDocumentsTest, NamesAreUniqueInARegion) {
  ASSERT_TRUE(workspaces_.CreateJob("a", Named("web")).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(workspaces_.CreateJob("a", Named("web")).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(workspaces_.CreateJob("a", Named("default")).status()));
  EXPECT_TRUE(workspaces_.CreateJob("a", Named("web", "jp")).ok());
  EXPECT_TRUE(workspaces_.CreateJob("b", Named("web")).ok());
  EXPECT_TRUE(workspaces_.CreateJob("a", Named("web/..\n")).ok()) << "a name is any text";
}

TEST_F(WorkspaceDocumentsTest, TargetsAreMadeAndDeleted) {
  const std::string job = workspaces_.CreateJob("a", Named("web"))->id;
  const auto first = workspaces_.AddTarget("a", On(job, "h1", 9100));
  ASSERT_TRUE(first.ok()) << first.status();
  clock_.Advance(absl::Seconds(1));
  const auto second = workspaces_.AddTarget("a", On(job, "h1", 9101));
  EXPECT_TRUE(absl::IsAlreadyExists(workspaces_.AddTarget("a", On(job, "h1", 9100)).status()));
  std::vector<std::string> ids;
  const auto targets = workspaces_.TargetsOf("a", job);
  for (const auto& target : *targets) ids.push_back(target.id);
  EXPECT_THAT(ids, ElementsAre(first->id, second->id));
  EXPECT_EQ(workspaces_.Target("a", job, first->id)->port, 9100);
  EXPECT_EQ(workspaces_.Target("a", job, first->id)->host_id, "h1");
  EXPECT_TRUE(absl::IsNotFound(workspaces_.Target("b", job, first->id).status()));
  EXPECT_TRUE(absl::IsNotFound(workspaces_.Target("a", "other", first->id).status()));
  EXPECT_TRUE(workspaces_.DeleteTarget("a", job, first->id).ok());
  EXPECT_TRUE(absl::IsNotFound(workspaces_.DeleteTarget("a", job, first->id)));
  EXPECT_TRUE(workspaces_.AddTarget("a", On(job, "h1", 9100)).ok());
  EXPECT_TRUE(workspaces_.DeleteJob("a", job).ok());
  EXPECT_THAT(*workspaces_.TargetsOf("a", job), IsEmpty());
}

TEST_F(WorkspaceDocumentsTest, IdsOfRequestsDoNotLeaveTheirPlace) {
  const std::string job = workspaces_.CreateJob("a", Named("web"))->id;
  for (const std::string& id :
       {std::string("../jobs/") + job, std::string(""), std::string("X"), std::string(1000, 'a')}) {
    EXPECT_TRUE(absl::IsNotFound(workspaces_.Job("a", id).status())) << id;
    EXPECT_TRUE(absl::IsNotFound(workspaces_.Target("a", job, id).status())) << id;
    EXPECT_THAT(*workspaces_.TargetsOf("a", id), IsEmpty());
  }
}

TEST_F(WorkspaceDocumentsTest, EverythingAndItsVersion) {
  EXPECT_EQ(*workspaces_.Version(), 0u);
  const std::string job = workspaces_.CreateJob("a", Named("web"))->id;
  const uint64_t version = *workspaces_.Version();
  ASSERT_TRUE(workspaces_.AddTarget("a", On(job, "h1", 9100)).ok());
  ASSERT_TRUE(workspaces_.AddTarget("a", On("no-such-job", "h1", 9100)).ok());
  EXPECT_NE(*workspaces_.Version(), version);
  size_t targets = 0;
  const auto everything = workspaces_.Everything();
  for (const auto& one : *everything) {
    EXPECT_EQ(one.tenant, "a");
    targets += one.targets.size();
  }
  EXPECT_EQ(targets, 1u);
}

TEST_F(WorkspaceDocumentsTest, AStoreThatIsAwayIsNotAnEmptyProject) {
  documents_.Fail(absl::UnavailableError("away"));
  EXPECT_TRUE(absl::IsUnavailable(workspaces_.Jobs("a", "kr").status()));
  EXPECT_TRUE(absl::IsUnavailable(workspaces_.Job("a", "x").status()));
  EXPECT_TRUE(absl::IsUnavailable(workspaces_.CreateJob("a", Named("web")).status()));
}

TEST_F(WorkspaceDocumentsTest, ATenantHasSoManyJobsAndTargets) {
  model::ConfigTenantRegistry tenants(*model::ParseConfig(
      "tenants: [{name: a, limits: {max_scrape_jobs: 5, max_scrape_targets: 1}}, {name: b}]"));
  LimitGuard limits(&tenants, nullptr);
  WorkspaceDocuments limited(&documents_, &clock_, &limits);
  const auto job = limited.CreateJob("a", Named("one"));  // Four are reserved.
  ASSERT_TRUE(job.ok()) << job.status();
  const absl::Status second = limited.CreateJob("a", Named("two")).status();
  EXPECT_TRUE(absl::IsResourceExhausted(second));
  EXPECT_EQ(second.message(), "there are 5 already: max_scrape_jobs");
  EXPECT_TRUE(limited.CreateJob("b", Named("two")).ok());
  EXPECT_TRUE(limited.AddTarget("a", On(job->id, "h", 1)).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(limited.AddTarget("a", On(job->id, "h", 2)).status()));
  tenants.Replace(*model::ParseConfig(
      "tenants: [{name: a, limits: {max_scrape_jobs: 6, max_scrape_targets: 0}}]"));
  EXPECT_TRUE(limited.CreateJob("a", Named("two")).ok());
  EXPECT_TRUE(limited.AddTarget("a", On(job->id, "h", 2)).ok());
}

}  // namespace
}  // namespace tidegate::control
