// One test per line of the guides' tables, over the routes as a client sees them.
#include "api/workspaces/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "api/testing/recorded_response.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;
using ::testing::MatchesRegex;

constexpr char kUuid[] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

// What the scraper knows: one target, by its id.
class OneTarget final : public control::Targets {
 public:
  absl::StatusOr<control::TargetList> List(const model::RequestContext& context) override {
    control::TargetList list;
    if (context.tenant != "p1" || id.empty()) return list;
    control::TargetStatus status;
    status.labels = model::Labels{{"openmetrics_id", id}};
    status.scraped = true;
    status.result = result;
    status.last_error = error;
    list.active.push_back(status);
    return list;
  }
  absl::StatusOr<std::vector<control::TargetMetadata>> Metadata(const model::RequestContext&,
                                                                const std::string&) override {
    return std::vector<control::TargetMetadata>();
  }
  absl::StatusOr<std::vector<control::RelabelStep>> RelabelSteps(const model::RequestContext&,
                                                                 const std::string&,
                                                                 const model::Labels&) override {
    return std::vector<control::RelabelStep>();
  }

  std::string id;
  control::ScrapeResult result = control::ScrapeResult::kSuccess;
  std::string error;
};

model::ConfigFile TwoProjects() {
  auto config = model::ParseConfig(
      "tenants:\n"
      "- {name: p1, keys: [{id: k1, sha256: " +
      model::ToHex(model::DigestOf("key-1")) +
      ", permissions: [read, write]},"
      " {id: r1, sha256: " +
      model::ToHex(model::DigestOf("read-1")) +
      ", permissions: [read]}]}\n"
      "- {name: p2, keys: [{id: k2, sha256: " +
      model::ToHex(model::DigestOf("key-2")) + ", permissions: [read, write]}]}\n");
  EXPECT_TRUE(config.ok()) << config.status();
  return *std::move(config);
}

struct Answer {
  int status = 0;
  json::value whole;

  const json::value& header() const { return whole.at("header"); }
  const json::value& body() const { return whole.at("body"); }
  int64_t code() const { return header().at("resultCode").as_int64(); }
  std::string message() const {
    return std::string(header().at("resultMessage").as_string().c_str());
  }
};

class WorkspacesTest : public ::testing::Test {
 protected:
  WorkspacesTest() {
    clock_.SetMs(1'629'196'329'000);  // 2021-08-17T10:32:09Z
    AddWorkspaceRoutes(&resolver_, {workspaces_.get(), hosts_.get(), &targets_}, nullptr, &router_);
    hosts_->SetConfigured({{"p1", "h1", "web-1", "192.168.0.5", "i-1", "kr"},
                           {"p1", "h2", "web-2", "192.168.0.6", "", ""},
                           {"p2", "h3", "other", "192.168.0.7", "", ""}},
                          {});
  }

  Answer Call(HttpMethod method, const std::string& path, const std::string& body = "") {
    HttpRequest request;
    request.method = method;
    request.body = body;
    if (!key_.empty()) request.headers.Add("x-tc-app-key", key_);
    if (!region_.empty()) request.headers.Add("X-SYSMON-REGION", region_);
    for (size_t at = 0; at < path.size();) {
      const size_t slash = path.find('/', at + 1);
      request.segments.push_back(path.substr(at + 1, slash == path.npos ? slash : slash - at - 1));
      at = slash == path.npos ? path.size() : slash;
    }
    const RouteMatch match = router_.Find(method, request.segments);
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << path;
      return {};
    }
    request.path = match.path;
    RecordedResponse response;
    match.route->handler(request, response);
    EXPECT_EQ(response.content_type, "application/json");
    return {response.status, json::parse(response.body)};
  }
  Answer Get(const std::string& path) { return Call(HttpMethod::kGet, path); }
  Answer Post(const std::string& path, const std::string& body) {
    return Call(HttpMethod::kPost, path, body);
  }
  Answer Put(const std::string& path, const std::string& body) {
    return Call(HttpMethod::kPut, path, body);
  }
  Answer Delete(const std::string& path) { return Call(HttpMethod::kDelete, path); }

  static std::string Text(const json::value& value) {
    return value.is_string() ? std::string(value.as_string().c_str()) : json::serialize(value);
  }
  // The id of a new job.
  std::string NewJob(const std::string& name = "web") {
    const Answer answer = Post(
        kJobs, R"({"jobName":")" + name + R"(","metricsPath":"/metricPath","description":"d"})");
    EXPECT_EQ(answer.code(), 0);
    return Text(answer.body().at("jobId"));
  }
  std::string NewTarget(const std::string& job) {
    const Answer answer = Post(kJobs + "/" + job + "/targets", R"({"hostId":"h1","port":9100})");
    EXPECT_EQ(answer.code(), 0);
    return Text(answer.body());
  }
  std::string ReservedJob() {
    const Answer jobs = Get(kJobs);
    return Text(jobs.body().at(0).at("jobId"));
  }
  void ExpectCode(const Answer& answer, int code, const std::string& message) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.code(), code);
    EXPECT_EQ(answer.message(), message);
    EXPECT_EQ(answer.header().at("isSuccessful").as_bool(), code == 0);
  }
  // The store is away from now on.
  void BreakStore() { documents_.Fail(absl::UnavailableError("away")); }

  const std::string kJobs = "/v1.0/projects/p1/jobs";
  std::string key_ = "key-1";
  std::string region_ = "kr";

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  std::unique_ptr<control::Workspaces> workspaces_ = control::OpenWorkspaces(&documents_, &clock_);
  std::unique_ptr<control::ConfiguredHosts> hosts_ = control::OpenHosts(&documents_);
  OneTarget targets_;
  model::ConfigTenantRegistry tenants_{TwoProjects()};
  TenantResolver resolver_{&tenants_, false};
  Router router_;
};

// --- Common error codes ---

TEST_F(WorkspacesTest, NoKeyIs401) {
  key_ = "";
  for (const std::string& path :
       {kJobs, kJobs + "/x", kJobs + "/x/targets", std::string("/v1.0/projects/p1/servers")}) {
    const Answer answer = Get(path);
    EXPECT_EQ(answer.status, 401);
    EXPECT_FALSE(answer.header().at("isSuccessful").as_bool());
    EXPECT_EQ(answer.code(), 401);
    EXPECT_EQ(answer.message(), "UNAUTHORIZED");
    EXPECT_TRUE(answer.body().is_null());
  }
}

TEST_F(WorkspacesTest, AnInvalidKeyIs401) {
  key_ = "guess";
  EXPECT_EQ(Get(kJobs).status, 401);
  EXPECT_EQ(Post(kJobs + "/x/targets", "{}").status, 401);
}

TEST_F(WorkspacesTest, AnotherProjectIs403) {
  key_ = "key-2";
  for (const std::string& path :
       {kJobs, kJobs + "/x", kJobs + "/x/targets/y", std::string("/v1.0/projects/p1/servers")}) {
    const Answer answer = Get(path);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), 403);
    EXPECT_EQ(answer.message(), "FORBIDDEN");
  }
  EXPECT_EQ(Delete(kJobs + "/x").status, 403);
}

TEST_F(WorkspacesTest, AKeyThatMayOnlyReadIs403ForChanges) {
  key_ = "read-1";
  EXPECT_EQ(Get(kJobs).status, 200);
  EXPECT_EQ(Post(kJobs, "{}").status, 403);
  EXPECT_EQ(Put(kJobs + "/x", "{}").status, 403);
}

// --- Jobs: list ---

TEST_F(WorkspacesTest, AListOfJobsHasTheirFields) {
  const std::string id = NewJob("jobName");
  const Answer answer = Get(kJobs);
  ExpectCode(answer, 0, "SUCCESS");
  ASSERT_EQ(answer.body().as_array().size(), 2u);
  const json::value& job = answer.body().at(1);
  EXPECT_EQ(json::serialize(job),
            R"({"jobId":")" + id +
                R"(","projectId":"p1","jobName":"jobName","metricsPath":"/metricPath",)"
                R"("description":"d","lstModifier":null,"lstModYmdt":"2021-08-17T10:32:09",)"
                R"("reservedJobCd":null})");
}

TEST_F(WorkspacesTest, EachRegionIsBornWithAReservedJob) {
  for (const char* region : {"kr", "kr2", "jp", "us"}) {
    region_ = region;
    const Answer answer = Get(kJobs);
    ASSERT_EQ(answer.body().as_array().size(), 1u);
    EXPECT_TRUE(answer.body().at(0).at("reservedJobCd").is_string());
  }
}

TEST_F(WorkspacesTest, TheRegionScopesTheList) {
  NewJob();
  region_ = "jp";
  EXPECT_EQ(Get(kJobs).body().as_array().size(), 1u);
}

TEST_F(WorkspacesTest, AMissingOrUnknownRegionOfAListIsBadInput) {
  for (const char* region : {"", "eu"}) {
    region_ = region;
    ExpectCode(Get(kJobs), -40002, "BAD_INPUT_VALUE");
  }
}

// --- Jobs: create ---

TEST_F(WorkspacesTest, ACreatedJobIsAnswered) {
  const Answer answer = Post(
      kJobs, R"({"jobName": "jobName", "metricsPath": "/metricsPath", "description": "text"})");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_THAT(Text(answer.body().at("jobId")), MatchesRegex(kUuid));
  EXPECT_EQ(Text(answer.body().at("projectId")), "p1");
  EXPECT_EQ(Text(answer.body().at("jobName")), "jobName");
  EXPECT_EQ(Text(answer.body().at("metricsPath")), "/metricsPath");
  EXPECT_EQ(Text(answer.body().at("description")), "text");
  EXPECT_TRUE(answer.body().at("lstModifier").is_null());
  EXPECT_EQ(Text(answer.body().at("lstModYmdt")), "2021-08-17T10:32:09");
  EXPECT_TRUE(answer.body().at("reservedJobCd").is_null());
}

TEST_F(WorkspacesTest, ADescriptionIsOptional) {
  const Answer answer = Post(kJobs, R"({"jobName": "a", "metricsPath": "/m"})");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_TRUE(answer.body().at("description").is_null());
}

TEST_F(WorkspacesTest, ANameThatIsTakenAlreadyExists) {
  NewJob("web");
  ExpectCode(Post(kJobs, R"({"jobName": "web", "metricsPath": "/x"})"), -40001, "ALREADY_EXIST");
  region_ = "jp";
  EXPECT_EQ(Post(kJobs, R"({"jobName": "web", "metricsPath": "/x"})").code(), 0);
}

TEST_F(WorkspacesTest, BadInputOfANewJob) {
  for (const char* body :
       {"", "{}", R"({"jobName": "a"})", R"({"metricsPath": "/m"})",
        R"({"jobName": "", "metricsPath": "/m"})", R"({"jobName": "a", "metricsPath": "m"})"}) {
    ExpectCode(Post(kJobs, body), -40002, "BAD_INPUT_VALUE");
  }
}

TEST_F(WorkspacesTest, AMissingRegionOfANewJobIsBadInput) {
  region_ = "";
  ExpectCode(Post(kJobs, R"({"jobName": "a", "metricsPath": "/m"})"), -40002, "BAD_INPUT_VALUE");
}

TEST_F(WorkspacesTest, AStoreThatIsAwayIsAnInternalError) {
  BreakStore();
  ExpectCode(Get(kJobs), -50000, "INTERNAL_SERVER_ERROR");
  ExpectCode(Post(kJobs, R"({"jobName": "a", "metricsPath": "/m"})"), -50000,
             "INTERNAL_SERVER_ERROR");
}

// --- Jobs: get ---

TEST_F(WorkspacesTest, OneJob) {
  const std::string id = NewJob();
  const Answer answer = Get(kJobs + "/" + id);
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(Text(answer.body().at("jobId")), id);
  EXPECT_EQ(Text(answer.body().at("jobName")), "web");
  EXPECT_EQ(answer.body().as_object().size(), 8u);
}

TEST_F(WorkspacesTest, OneJobNeedsNoRegion) {
  const std::string id = NewJob();
  region_ = "";
  EXPECT_EQ(Get(kJobs + "/" + id).code(), 0);
}

TEST_F(WorkspacesTest, AJobThatIsNotThere) {
  ExpectCode(Get(kJobs + "/none"), -40006, "NOT_FOUND_JOB");
  ExpectCode(Get(kJobs + "/none/targets"), -40006, "NOT_FOUND_JOB");
  ExpectCode(Get(kJobs + "/none/targets/x"), -40006, "NOT_FOUND_JOB");
}

TEST_F(WorkspacesTest, AJobOfAnotherProjectIsNotThere) {
  const std::string id = NewJob();
  key_ = "key-2";
  ExpectCode(Get("/v1.0/projects/p2/jobs/" + id), -40006, "NOT_FOUND_JOB");
  ExpectCode(Delete("/v1.0/projects/p2/jobs/" + id), -40006, "NOT_FOUND_JOB");
}

// --- Jobs: update ---

TEST_F(WorkspacesTest, AnUpdatedJobIsAnswered) {
  const std::string id = NewJob();
  clock_.Advance(absl::Seconds(176));
  const Answer answer =
      Put(kJobs + "/" + id, R"({"metricsPath": "/updated", "description": "updateddescription"})");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(Text(answer.body().at("jobName")), "web");
  EXPECT_EQ(Text(answer.body().at("metricsPath")), "/updated");
  EXPECT_EQ(Text(answer.body().at("description")), "updateddescription");
  EXPECT_EQ(Text(answer.body().at("lstModYmdt")), "2021-08-17T10:35:05");
  EXPECT_EQ(Text(Get(kJobs + "/" + id).body().at("metricsPath")), "/updated");
}

TEST_F(WorkspacesTest, ADescriptionThatIsNotMentionedStays) {
  const std::string id = NewJob();
  EXPECT_EQ(Text(Put(kJobs + "/" + id, R"({"metricsPath": "/m"})").body().at("description")), "d");
}

TEST_F(WorkspacesTest, BadInputOfAnUpdate) {
  const std::string id = NewJob();
  for (const char* body : {"", R"({"description": "x"})", R"({"metricsPath": ""})"}) {
    ExpectCode(Put(kJobs + "/" + id, body), -40002, "BAD_INPUT_VALUE");
  }
}

TEST_F(WorkspacesTest, AnUpdateOfAJobThatIsNotThereComesBeforeItsInput) {
  ExpectCode(Put(kJobs + "/none", "nonsense"), -40006, "NOT_FOUND_JOB");
}

TEST_F(WorkspacesTest, AReservedJobCannotBeUpdated) {
  ExpectCode(Put(kJobs + "/" + ReservedJob(), "nonsense"), -40012, "SYSTEM_RESERVED_JOB");
}

TEST_F(WorkspacesTest, AnUpdateWithoutAStoreIsAnInternalError) {
  const std::string id = NewJob();
  BreakStore();
  ExpectCode(Put(kJobs + "/" + id, R"({"metricsPath": "/m"})"), -50000, "INTERNAL_SERVER_ERROR");
}

// --- Jobs: delete ---

TEST_F(WorkspacesTest, ADeletedJobIsAnsweredWithItsId) {
  const std::string id = NewJob();
  const Answer answer = Delete(kJobs + "/" + id);
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(Text(answer.body()), id);
  ExpectCode(Delete(kJobs + "/" + id), -40006, "NOT_FOUND_JOB");
}

TEST_F(WorkspacesTest, AReservedJobCannotBeDeleted) {
  ExpectCode(Delete(kJobs + "/" + ReservedJob()), -40012, "SYSTEM_RESERVED_JOB");
}

TEST_F(WorkspacesTest, ADeletionWithoutAStoreIsAnInternalError) {
  const std::string id = NewJob();
  BreakStore();
  ExpectCode(Delete(kJobs + "/" + id), -50000, "INTERNAL_SERVER_ERROR");
}

// --- Targets: list, get ---

TEST_F(WorkspacesTest, AListOfTargetsHasTheirFields) {
  const std::string job = NewJob();
  const std::string id = NewTarget(job);
  const Answer answer = Get(kJobs + "/" + job + "/targets");
  ExpectCode(answer, 0, "SUCCESS");
  ASSERT_EQ(answer.body().as_array().size(), 1u);
  EXPECT_EQ(json::serialize(answer.body().at(0)),
            R"({"targetId":")" + id + R"(","jobId":")" + job +
                R"(","hostId":"h1","port":9100,"resultCd":null,"failReason":null,)"
                R"("mntrnStatCd":null,"lstModifier":null,"lstModYmdt":"2021-08-17T10:32:09",)"
                R"("hostNm":"web-1","svrIp":"192.168.0.5"})");
  EXPECT_EQ(Get(kJobs + "/" + job + "/targets/" + id).body(), answer.body().at(0));
}

TEST_F(WorkspacesTest, ATargetThatAnswersHasResultZero) {
  const std::string job = NewJob();
  targets_.id = NewTarget(job);
  const json::value target = Get(kJobs + "/" + job + "/targets/" + targets_.id).body();
  EXPECT_EQ(target.at("resultCd").as_int64(), 0);
  EXPECT_TRUE(target.at("failReason").is_null());
}

TEST_F(WorkspacesTest, ATargetThatFailsSaysWhy) {
  const std::string job = NewJob();
  targets_.id = NewTarget(job);
  targets_.result = control::ScrapeResult::kTimeout;
  targets_.error = "no complete answer within 10s";
  for (const json::value& target : {Get(kJobs + "/" + job + "/targets/" + targets_.id).body(),
                                    Get(kJobs + "/" + job + "/targets").body().at(0)}) {
    EXPECT_EQ(target.at("resultCd").as_int64(), 2);
    EXPECT_EQ(Text(target.at("failReason")), "no complete answer within 10s");
  }
}

TEST_F(WorkspacesTest, ATargetWhoseHostIsGoneSaysSo) {
  const std::string job = NewJob();
  const std::string id = NewTarget(job);
  hosts_->SetConfigured({}, {});
  const json::value target = Get(kJobs + "/" + job + "/targets/" + id).body();
  EXPECT_EQ(target.at("resultCd").as_int64(), 1);
  EXPECT_EQ(Text(target.at("failReason")), "the host is not registered any more");
  EXPECT_TRUE(target.at("hostNm").is_null());
  EXPECT_TRUE(target.at("svrIp").is_null());
}

TEST_F(WorkspacesTest, AReservedJobHasNoTargets) {
  const Answer answer = Get(kJobs + "/" + ReservedJob() + "/targets");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_TRUE(answer.body().as_array().empty());
}

TEST_F(WorkspacesTest, ATargetThatIsNotThere) {
  ExpectCode(Get(kJobs + "/" + NewJob() + "/targets/none"), -40007, "NOT_FOUND_TARGET");
}

// --- Servers ---

TEST_F(WorkspacesTest, ServersOfAProjectAndRegion) {
  const Answer answer = Get("/v1.0/projects/p1/servers");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(json::serialize(answer.body()),
            R"([{"hostId":"h1","hostNm":"web-1","svrIp":"192.168.0.5","projectId":"p1",)"
            R"("instanceId":"i-1"},{"hostId":"h2","hostNm":"web-2","svrIp":"192.168.0.6",)"
            R"("projectId":"p1","instanceId":null}])");
  region_ = "jp";
  EXPECT_EQ(Get("/v1.0/projects/p1/servers").body().as_array().size(), 1u) << "h2 is everywhere";
}

TEST_F(WorkspacesTest, AMissingOrUnknownRegionOfServersIsBadInput) {
  for (const char* region : {"", "eu"}) {
    region_ = region;
    ExpectCode(Get("/v1.0/projects/p1/servers"), -40002, "BAD_INPUT_VALUE");
  }
}

// --- Targets: create ---

TEST_F(WorkspacesTest, ACreatedTargetIsAnsweredWithItsId) {
  const std::string job = NewJob();
  const Answer answer = Post(kJobs + "/" + job + "/targets", R"({"hostId": "h1", "port": "9100"})");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_THAT(Text(answer.body()), MatchesRegex(kUuid));
}

TEST_F(WorkspacesTest, ATargetCanBePostedToTheJobItself) {
  const std::string job = NewJob();
  const Answer answer = Post(kJobs + "/" + job, R"({"hostId": "h1", "port": 9100})");
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(Get(kJobs + "/" + job + "/targets/" + Text(answer.body())).code(), 0);
}

TEST_F(WorkspacesTest, BadInputOfANewTarget) {
  const std::string job = NewJob();
  for (const char* body :
       {"", "{}", R"({"hostId": "h1"})", R"({"port": 9100})",
        R"({"hostId": "h1", "port": "post number"})", R"({"hostId": "h1", "port": 0})",
        R"({"hostId": "none", "port": 70000})"}) {
    ExpectCode(Post(kJobs + "/" + job + "/targets", body), -40002, "BAD_INPUT_VALUE");
  }
}

TEST_F(WorkspacesTest, AHostThatIsNotThereOrOfAnotherProject) {
  const std::string job = NewJob();
  for (const char* host : {"none", "h3"}) {
    ExpectCode(Post(kJobs + "/" + job + "/targets",
                    R"({"hostId": ")" + std::string(host) + R"(", "port": 1})"),
               -40004, "INVALID_HOST_OR_PROJECT");
  }
}

TEST_F(WorkspacesTest, ATargetForAJobThatIsNotThereComesBeforeItsInput) {
  ExpectCode(Post(kJobs + "/none/targets", "nonsense"), -40006, "NOT_FOUND_JOB");
}

TEST_F(WorkspacesTest, AReservedJobTakesNoTargets) {
  ExpectCode(Post(kJobs + "/" + ReservedJob() + "/targets", "nonsense"), -40012,
             "SYSTEM_RESERVED_JOB");
}

TEST_F(WorkspacesTest, ATargetThatIsThereAlreadyExists) {
  const std::string job = NewJob();
  NewTarget(job);
  ExpectCode(Post(kJobs + "/" + job + "/targets", R"({"hostId": "h1", "port": 9100})"), -40001,
             "ALREADY_EXIST");
}

TEST_F(WorkspacesTest, ATargetWithoutAStoreIsAnInternalError) {
  const std::string job = NewJob();
  BreakStore();
  ExpectCode(Post(kJobs + "/" + job + "/targets", R"({"hostId": "h1", "port": 1})"), -50000,
             "INTERNAL_SERVER_ERROR");
}

// --- Targets: delete ---

TEST_F(WorkspacesTest, ADeletedTargetIsAnsweredWithItsId) {
  const std::string job = NewJob();
  const std::string id = NewTarget(job);
  const Answer answer = Delete(kJobs + "/" + job + "/targets/" + id);
  ExpectCode(answer, 0, "SUCCESS");
  EXPECT_EQ(Text(answer.body()), id);
  ExpectCode(Delete(kJobs + "/" + job + "/targets/" + id), -40007, "NOT_FOUND_TARGET");
}

TEST_F(WorkspacesTest, ADeletionFromAJobThatIsNotThere) {
  ExpectCode(Delete(kJobs + "/none/targets/x"), -40006, "NOT_FOUND_JOB");
}

TEST_F(WorkspacesTest, ADeletionFromAReservedJob) {
  ExpectCode(Delete(kJobs + "/" + ReservedJob() + "/targets/x"), -40012, "SYSTEM_RESERVED_JOB");
}

TEST_F(WorkspacesTest, ADeletionOfATargetWithoutAStoreIsAnInternalError) {
  const std::string job = NewJob();
  const std::string id = NewTarget(job);
  BreakStore();
  ExpectCode(Delete(kJobs + "/" + job + "/targets/" + id), -50000, "INTERNAL_SERVER_ERROR");
}

}  // namespace
}  // namespace tidegate::api
