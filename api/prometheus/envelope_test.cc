#include "api/prometheus/envelope.h"

#include <gtest/gtest.h>

#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

TEST(Envelope, WrapsData) {
  RecordedResponse response;
  Envelope envelope(&response);
  envelope.data().String("x");
  envelope.Finish();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"status":"success","data":"x"})");
  EXPECT_EQ(response.answers, 1);
}

TEST(Envelope, ListsWarningsAndInfos) {
  RecordedResponse response;
  Envelope envelope(&response);
  envelope.data().BeginArray();
  envelope.data().EndArray();
  envelope.Finish({"w1", "w2"}, {"i"});
  EXPECT_EQ(response.body,
            R"({"status":"success","data":[],"warnings":["w1","w2"],"infos":["i"]})");
}

class GoneClient : public RecordedResponse {
 public:
  bool Write(std::string_view) override { return false; }
};

TEST(Envelope, StaysUnfinishedWhenTheClientHasGone) {
  GoneClient response;
  Envelope envelope(&response);
  envelope.data().String(std::string(1'000'000, 'x'));
  EXPECT_FALSE(envelope.data().ok());
  envelope.Finish();
  EXPECT_EQ(response.answers, 0);
}

}  // namespace
}  // namespace tidegate::api
