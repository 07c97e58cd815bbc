#include "api/export/export_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "api/http/target.h"
#include "api/testing/fake_series_source.h"
#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    const double infinity = std::numeric_limits<double>::infinity();
    source_.Add(model::Labels({{"__name__", "up"}, {"job", "a"}}), {1000, 2000, 3000},
                {1, 0.5, model::StaleNan()});
    source_.Add(model::Labels({{"__name__", "b"}, {"x", "\"q\""}}), {1000, 2000, 3000},
                {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()});
    AddExportRoutes(&resolver_, &source_, &router_);
  }

  RecordedResponse Export(const std::vector<std::pair<std::string, std::string>>& parameters) {
    HttpRequest request;
    request.segments = {"api", "v1", "export"};
    for (const auto& [name, value] : parameters) request.query.Add(name, value);
    RecordedResponse response;
    router_.Find(HttpMethod::kGet, request.segments).route->handler(request, response);
    return response;
  }

  FakeSeriesSource source_;
  FakeTenants tenants_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  Router router_;
};

constexpr char kB[] =
    R"({"metric":{"__name__":"b","x":"\"q\""},"values":["Infinity","-Infinity",null],)"
    R"("timestamps":[1000,2000,3000]})"
    "\n";
constexpr char kUp[] = R"({"metric":{"__name__":"up","job":"a"},"values":[1,0.5,"StaleNaN"],)"
                       R"("timestamps":[1000,2000,3000]})"
                       "\n";

TEST_F(ExportTest, LinesComeMetricByMetricAndOnce) {
  const RecordedResponse response = Export({{"match[]", "{__name__!=\"\"}"}, {"match[]", "up"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, std::string(kB) + kUp);
}

TEST_F(ExportTest, LinesAreCutAndResumed) {
  EXPECT_EQ(Export({{"match[]", "up"}, {"max_rows_per_line", "2"}}).body,
            R"({"metric":{"__name__":"up","job":"a"},"values":[1,0.5],"timestamps":[1000,2000]})"
            "\n"
            R"({"metric":{"__name__":"up","job":"a"},"values":["StaleNaN"],"timestamps":[3000]})"
            "\n");
  EXPECT_EQ(Export({{"match[]", "{__name__!=\"\"}"}, {"resume_from", "up"}}).body, kUp);
  EXPECT_EQ(Export({{"match[]", "up"}, {"start", "2"}, {"end", "2"}}).body,
            R"({"metric":{"__name__":"up","job":"a"},"values":[0.5],"timestamps":[2000]})"
            "\n");
}

TEST_F(ExportTest, MistakesAreNamedBeforeTheStreamBegins) {
  EXPECT_EQ(Export({}).status, 400);
  EXPECT_EQ(Export({{"match[]", "{"}}).status, 400);
  EXPECT_EQ(Export({{"match[]", "up"}, {"max_rows_per_line", "-1"}}).status, 400);
  source_.Fail(absl::UnavailableError("away"));
  EXPECT_EQ(Export({{"match[]", "up"}}).status, 503);
}

}  // namespace
}  // namespace tidegate::api
