#include "tests/conformance/loki_vectors/engine_vectors.h"

#include <gtest/gtest.h>

namespace tidegate::conformance {
namespace {

std::string Outcome(const char* eval) {
  const auto streams = boost::json::parse(
      R"([{"labels":{"a":"b"},"entries":[["1000000000","x"],["2000000000","y",{"m":"1"}]]}])");
  return RunEngineVector(streams.as_array(), boost::json::parse(eval).as_object()).value_or("");
}

TEST(RunEngineVector, CanPassAndFail) {
  EXPECT_EQ(Outcome(R"q({"query":"sum(count_over_time({a=\"b\"}[1m]))",
                    "eval":{"type":"instant","time_ns":"3000000000"},
                    "expect":{
  "series" : [ {"labels" : {}, "value" : 2} ]}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"query":"sum(count_over_time({a=\"b\"}[1m]))",
                    "eval":{"type":"instant","time_ns":"3000000000"},
                    "expect":{
  "series" : [ {"labels" : {}, "value" : 3} ]}
  })q"),
            "");
  EXPECT_EQ(Outcome(R"q({"query":"sum by (m) (count_over_time({a=\"b\"} |= \"y\" [1s]))",
                    "eval":{"type":"range","start_ns":"1000000000","end_ns":"2000000000",
                            "step_ns":"1000000000"},
                    "expect":{
  "series" : [ {"labels" : {"m" : "1"}, "values" : [ null, 1 ]} ]}
  })q"),
            "");
  EXPECT_EQ(Outcome(R"q({"query":"1+","eval":{"type":"instant","time_ns":"1"},
                    "expect":{"fail":true}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"query":"1+1","eval":{"type":"instant","time_ns":"1"},
                    "expect":{"fail":true}})q"),
            "");
  EXPECT_NE(Outcome("{}"), "");
}

}  // namespace
}  // namespace tidegate::conformance
