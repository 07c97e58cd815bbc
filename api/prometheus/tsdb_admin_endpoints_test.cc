#include "api/prometheus/tsdb_admin_endpoints.h"

#include <gtest/gtest.h>

#include "api/testing/api_call.h"

namespace tidegate::api {
namespace {

class TsdbAdminEndpointsTest : public testing::Test {
 protected:
  TsdbAdminEndpointsTest() {
    admin_.delete_series = [this](const model::RequestContext& context,
                                  const TsdbAdmin::Selections& selections, model::TimeRange range) {
      tenant_ = context.tenant;
      selections_ = selections.size();
      range_ = range;
      return answer_;
    };
    admin_.clean_tombstones = [this](const model::RequestContext&) { return answer_; };
    admin_.snapshot = [this](const model::RequestContext&,
                             bool skip_head) -> absl::StatusOr<std::string> {
      if (!answer_.ok()) return answer_;
      return skip_head ? "sealed" : "all";
    };
  }

  TsdbAdmin admin_;
  absl::Status answer_;
  std::string tenant_;
  size_t selections_ = 0;
  model::TimeRange range_;
};

TEST_F(TsdbAdminEndpointsTest, DeletesWhatIsSelected) {
  const RecordedResponse response = ApiCall(DeleteSeriesEndpoint(admin_))
                                        .With("match[]", "up")
                                        .With("match[]", "{job=\"a\"}")
                                        .With("start", "1")
                                        .With("end", "2.5")
                                        .Get();
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(tenant_, "default");
  EXPECT_EQ(selections_, 2u);
  EXPECT_EQ(range_, (model::TimeRange{1000, 2500}));
}

TEST_F(TsdbAdminEndpointsTest, DeletesAllTimesByDefault) {
  ApiCall(DeleteSeriesEndpoint(admin_)).With("match[]", "up").Get();
  EXPECT_EQ(range_, model::TimeRange());
}

TEST_F(TsdbAdminEndpointsTest, RefusesBadSelectors) {
  EXPECT_EQ(ApiCall(DeleteSeriesEndpoint(admin_)).Get().status, 400);
  EXPECT_EQ(ApiCall(DeleteSeriesEndpoint(admin_)).With("match[]", "{}").Get().status, 400);
  EXPECT_EQ(ApiCall(DeleteSeriesEndpoint(admin_)).With("match[]", "up{").Get().status, 400);
  EXPECT_EQ(selections_, 0u);
}

TEST_F(TsdbAdminEndpointsTest, Snapshots) {
  EXPECT_EQ(ApiCall(SnapshotEndpoint(admin_)).Body(),
            R"({"status":"success","data":{"name":"all"}})");
  EXPECT_EQ(ApiCall(SnapshotEndpoint(admin_)).With("skip_head", "true").Body(),
            R"({"status":"success","data":{"name":"sealed"}})");
  EXPECT_EQ(ApiCall(SnapshotEndpoint(admin_)).With("skip_head", "maybe").Get().status, 400);
}

TEST_F(TsdbAdminEndpointsTest, FailuresHaveTheirCodes) {
  EXPECT_EQ(ApiCall(CleanTombstonesEndpoint(admin_)).Get().status, 204);
  answer_ = absl::UnavailableError("the store is away");
  EXPECT_EQ(ApiCall(CleanTombstonesEndpoint(admin_)).Get().status, 503);
  EXPECT_EQ(ApiCall(SnapshotEndpoint(admin_)).Get().status, 503);
  EXPECT_EQ(ApiCall(DeleteSeriesEndpoint(admin_)).With("match[]", "up").Get().status, 503);
}

}  // namespace
}  // namespace tidegate::api
