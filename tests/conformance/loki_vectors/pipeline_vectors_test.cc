#include "tests/conformance/loki_vectors/pipeline_vectors.h"

#include <gtest/gtest.h>

namespace tidegate::conformance {
namespace {

std::string Outcome(const char* vector) {
  return RunPipelineVector(boost::json::parse(vector).as_object()).value_or("");
}

TEST(RunPipelineVector, EveryKindCanPassAndFail) {
  EXPECT_EQ(Outcome(R"q({"kind":"pipeline","pipeline":"| logfmt | keep","stream_labels":{"a":"b"},
                    "line":"c=d","expect":{"kept":true,"labels":{"a":"b","c":"d"},"line":"c=d"}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"pipeline","pipeline":"| logfmt","stream_labels":{"a":"b"},
                    "line":"c=d","expect":{"kept":true,"labels":{"a":"b"}}})q"),
            "");
  EXPECT_EQ(Outcome(R"q({"kind":"pipeline","pipeline":"|= \"x\"","line":"y",
                    "expect":{"kept":false}})q"),
            "");
  EXPECT_EQ(Outcome(R"q({"kind":"filter_lines","query":"{a=\"b\"} |= \"x\"",
                    "lines":[{"line":"x","kept":true},{"line":"y","kept":false}]})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"filter_lines","query":"{a=\"b\"} |= \"x\"",
                    "lines":[{"line":"x","kept":false}]})q"),
            "");
  EXPECT_EQ(Outcome(R"q({"kind":"pipeline_error","pipeline":"|~ ip(\"::1\")",
                    "expect":{
    "error_contains" : "ip: invalid operation"}
})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"pipeline_error","pipeline":"| json","expect":{}})q"), "");
}

TEST(RunPipelineVector, Samples) {
  EXPECT_EQ(Outcome(R"q({"kind":"extract","pipeline":"| unwrap a","grouping":{"by":["b"]},
                    "stream_labels":{"a":"2","b":"c"},"line":"",
                    "expect":{"sample":true,"value":2,"labels":{"b":"c"}}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"extract","pipeline":"| unwrap a","grouping":null,
                    "stream_labels":{"a":"2","b":"c"},"line":"",
                    "expect":{"sample":true,"value":2,"labels":{}}})q"),
            "");
  EXPECT_EQ(Outcome(R"q({"kind":"extract","pipeline":"| unwrap a","grouping":null,
                    "stream_labels":{},"line":"","expect":{"sample":false}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"extract"})q"), "");
}

}  // namespace
}  // namespace tidegate::conformance
