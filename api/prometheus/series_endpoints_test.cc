#include "api/prometheus/series_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_call.h"
#include "api/testing/fake_query_service.h"

namespace tidegate::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SeriesEndpointsTest : public testing::Test {
 protected:
  SeriesEndpointsTest() {
    queries_.SetSeries({model::Labels({{"__name__", "up"}, {"job", "a"}}),
                        model::Labels({{"__name__", "up"}, {"job", "b"}})});
  }

  ApiCall Series() { return ApiCall(SeriesEndpoint(&queries_)); }
  ApiCall Names() { return ApiCall(LabelNamesEndpoint(&queries_)); }
  ApiCall Values() { return ApiCall(LabelValuesEndpoint(&queries_)); }

  FakeQueryService queries_;
};

TEST_F(SeriesEndpointsTest, Series) {
  EXPECT_EQ(Series().With("match[]", "up").Body(),
            R"({"status":"success","data":[{"__name__":"up","job":"a"},)"
            R"({"__name__":"up","job":"b"}]})");
}

TEST_F(SeriesEndpointsTest, ParametersArrive) {
  Series().With("match[]", "a").With("match[]", "b").With("start", "1").With("end", "2").Get();
  const query::MetadataRequest asked = queries_.asked().metadata;
  EXPECT_THAT(asked.matches, ElementsAre("a", "b"));
  EXPECT_EQ(asked.range, (model::TimeRange{1000, 2000}));
}

TEST_F(SeriesEndpointsTest, EverythingByDefault) {
  Series().With("match[]", "a").Get();
  EXPECT_EQ(queries_.asked().metadata.range, model::TimeRange());
  EXPECT_EQ(queries_.asked().metadata.limit, 0u);
}

TEST_F(SeriesEndpointsTest, SeriesNeedAMatch) {
  EXPECT_EQ(Series().Body(), R"({"status":"error","errorType":"bad_data",)"
                             R"("error":"no match[] parameter provided"})");
  EXPECT_THAT(Series().With("match[]", "{}").Body(),
              HasSubstr(R"(invalid parameter \"match[]\": match[] must contain at least one )"
                        "non-empty matcher"));
}

TEST_F(SeriesEndpointsTest, LimitsWarn) {
  EXPECT_EQ(Series().With("match[]", "up").With("limit", "1").Body(),
            R"({"status":"success","data":[{"__name__":"up","job":"a"}],)"
            R"("warnings":["results truncated due to limit"]})");
  EXPECT_EQ(Names().With("limit", "2").Body(), R"({"status":"success","data":["__name__","job"]})");
}

TEST_F(SeriesEndpointsTest, LabelNames) {
  EXPECT_EQ(Names().Body(), R"({"status":"success","data":["__name__","job"]})");
  EXPECT_EQ(Names().With("start", "x").Get().status, 400);
}

TEST_F(SeriesEndpointsTest, LabelValues) {
  EXPECT_EQ(Values().Path("name", "job").Body(), R"({"status":"success","data":["a","b"]})");
  EXPECT_EQ(Values().Path("name", "nothing").Body(), R"({"status":"success","data":[]})");
}

TEST_F(SeriesEndpointsTest, LabelValuesOfEscapedNames) {
  Values().Path("name", "U__http_2e_status").Get();
  EXPECT_EQ(queries_.asked().label_name, "http.status");
}

TEST_F(SeriesEndpointsTest, InvalidLabelNames) {
  EXPECT_EQ(
      Values().Path("name", "a\xff").Body(),
      R"({"status":"error","errorType":"bad_data","error":"invalid label name: \"a\\xff\""})");
  EXPECT_EQ(Values().Path("name", "U__").Get().status, 400);
}

TEST(UnescapeLabelName, LeavesOtherNamesAlone) {
  EXPECT_EQ(UnescapeLabelName("job"), "job");
  EXPECT_EQ(UnescapeLabelName("__name__"), "__name__");
  EXPECT_EQ(UnescapeLabelName("U_a"), "U_a");
}

TEST(UnescapeLabelName, DecodesEscapes) {
  EXPECT_EQ(UnescapeLabelName("U__a__b"), "a_b");
  EXPECT_EQ(UnescapeLabelName("U__a_2e_b"), "a.b");
  EXPECT_EQ(UnescapeLabelName("U___e9_"), "\xc3\xa9");
  EXPECT_EQ(UnescapeLabelName("U___1F600_x"), "\xf0\x9f\x98\x80x");
}

TEST(UnescapeLabelName, KeepsMalformedNames) {
  for (const char* name :
       {"U__a_", "U__a_2e", "U__a_zz_", "U___d800_", "U___1100000_", "U___110000_", "U__a_-1_"}) {
    EXPECT_EQ(UnescapeLabelName(name), name);
  }
}

}  // namespace
}  // namespace tidegate::api
