#include "api/loki/delete_endpoints.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

constexpr model::TimestampMs kNow = 1'700'000'000'000;

class DeleteEndpointsTest : public testing::Test {
 protected:
  DeleteEndpointsTest() {
    clock_.SetMs(kNow);
    admin_.delete_logs = [this](const model::RequestContext& context,
                                const LogDeletionRequest& request) -> absl::StatusOr<std::string> {
      tenant_ = context.tenant;
      asked_.push_back(request);
      if (!answer_.ok()) return answer_;
      return "0000000a";
    };
    admin_.deletions = [this](const model::RequestContext&) { return records_; };
    admin_.cancel = [this](const model::RequestContext&, const std::string& id) {
      cancelled_ = id;
      return answer_;
    };
  }

  // Of a request that is refused; empty parameters are left out.
  std::string ErrorOf(const std::string& query, const std::string& start,
                      const std::string& end = "", const std::string& interval = "") {
    ApiCall call(DeleteLogsEndpoint(admin_, &clock_));
    if (!query.empty()) call.With("query", query);
    if (!start.empty()) call.With("start", start);
    if (!end.empty()) call.With("end", end);
    if (!interval.empty()) call.With("max_interval", interval);
    const RecordedResponse response = call.Get();
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(asked_.empty());
    return response.body;
  }

  model::ManualClock clock_;
  LogAdmin admin_;
  absl::Status answer_;
  std::string tenant_;
  std::string cancelled_;
  std::vector<LogDeletionRequest> asked_;
  std::vector<LogDeletionRecord> records_;
};

TEST_F(DeleteEndpointsTest, AsksForWhatIsSelected) {
  const RecordedResponse response = ApiCall(DeleteLogsEndpoint(admin_, &clock_))
                                        .With("query", R"({app="shop"} |= "secret")")
                                        .With("start", "1600000000")
                                        .With("end", "2023-11-14T22:13:20Z")
                                        .With("max_interval", "1h")
                                        .Get();
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(tenant_, "default");
  EXPECT_EQ(asked_[0].entries.matchers.size(), 1u);
  EXPECT_EQ(asked_[0].entries.tests.size(), 1u);
  EXPECT_EQ(asked_[0].range, (model::TimeRange{1'600'000'000'000, kNow}));
  EXPECT_EQ(asked_[0].query, R"({app="shop"} |= "secret")");
  EXPECT_EQ(asked_[0].created_at, kNow);
  EXPECT_EQ(asked_[0].final_at, kNow + 24 * 3600 * 1000);
}

TEST_F(DeleteEndpointsTest, EndsNowByDefault) {
  EXPECT_EQ(ApiCall(DeleteLogsEndpoint(admin_, &clock_))
                .With("query", R"({app="a"})")
                .With("start", "1699999999")
                .Get()
                .status,
            204);
  EXPECT_EQ(asked_[0].range, (model::TimeRange{1'699'999'999'000, kNow}));
}

TEST_F(DeleteEndpointsTest, RefusesWithLokisTexts) {
  const std::string query = R"({app="a"})";
  const std::string filtered = R"({app="a"} |= "x")";
  const auto has = [](const std::string& body, std::string_view text) {
    EXPECT_NE(body.find(text), std::string::npos) << body << " lacks " << text;
  };
  has(ErrorOf("", "1600000000"), "query not set");
  has(ErrorOf("gjgjg ggj", "1600000000"), "invalid query expression");
  has(ErrorOf(query, ""), "start time not set");
  has(ErrorOf(query, "yesterday"), "invalid start time: require unix seconds or RFC3339 format");
  has(ErrorOf(query, "16"), "invalid start time: require unix seconds or RFC3339 format");
  has(ErrorOf(query, "1600000000", "x"),
      "invalid end time: require unix seconds or RFC3339 format");
  has(ErrorOf(query, "1600000000", "1700000001"), "deletes in the future are not allowed");
  has(ErrorOf(query, "1600000001", "1600000000"), "start time can't be greater than end time");
  has(ErrorOf(filtered, "1600000000", "1600000000"),
      "difference between start time and end time must be at least one second");
  has(ErrorOf(filtered, "1600000000", "1600000010", "1d"),
      "invalid max_interval: valid time units are 's', 'm', 'h'");
  has(ErrorOf(filtered, "1600000000", "1600000010", "10ms"), "invalid max_interval");
  has(ErrorOf(filtered, "1600000000", "1600000010", "1m"),
      "max_interval can't be greater than the interval to be deleted (10s)");
}

TEST_F(DeleteEndpointsTest, TheIntervalOfADeletionOfAllLinesDoesNotMatter) {
  EXPECT_EQ(ApiCall(DeleteLogsEndpoint(admin_, &clock_))
                .With("query", R"({app="a"})")
                .With("start", "1600000000")
                .With("end", "1600000000")
                .With("max_interval", "x")
                .Get()
                .status,
            204);
}

TEST_F(DeleteEndpointsTest, ListsWithStatuses) {
  EXPECT_EQ(ApiCall(LogDeletionsEndpoint(admin_, &clock_)).Get().body, "[]");
  records_ = {{"00000001", "{a=\"b\"}", {1'000, 2'500}, kNow - 10, kNow},
              {"00000002", "{a=\"c\"}", {1'000, 2'000}, kNow - 5, kNow + 1}};
  EXPECT_EQ(ApiCall(LogDeletionsEndpoint(admin_, &clock_)).Get().body,
            R"([{"request_id":"00000001","start_time":1,"end_time":2.5,"query":"{a=\"b\"}",)"
            R"("status":"processed","created_at":1699999999.99},)"
            R"({"request_id":"00000002","start_time":1,"end_time":2,"query":"{a=\"c\"}",)"
            R"("status":"received","created_at":1699999999.995}])");
}

TEST_F(DeleteEndpointsTest, Cancels) {
  const auto cancel = [this] {
    return ApiCall(CancelLogDeletionEndpoint(admin_)).With("request_id", "0000000a").Get();
  };
  EXPECT_EQ(cancel().status, 204);
  EXPECT_EQ(cancelled_, "0000000a");
  answer_ = absl::NotFoundError("gone");
  EXPECT_NE(cancel().body.find("could not find delete request with given id"), std::string::npos);
  answer_ = absl::FailedPreconditionError("final");
  EXPECT_NE(cancel().body.find(
                "deletion of request which is in process or already processed is not allowed"),
            std::string::npos);
}

}  // namespace
}  // namespace tidegate::api
