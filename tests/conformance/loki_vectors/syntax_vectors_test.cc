#include "tests/conformance/loki_vectors/syntax_vectors.h"

#include <gtest/gtest.h>

namespace tidegate::conformance {
namespace {

std::string Outcome(const char* vector) {
  return RunSyntaxVector(boost::json::parse(vector).as_object()).value_or("");
}

TEST(RunSyntaxVector, EveryKindCanPassAndFail) {
  EXPECT_EQ(Outcome(R"({"kind":"parse","query":"{a=\"b\"}","expect":{"accept":true}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"parse","query":"{a=\"b\"}","expect":{"accept":false}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"parse","query_b64":"e2E=","expect":{"accept":false}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"duration","input":"1s","expect":{"ns":"1000000000"}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"duration","input":"1s","expect":{"ns":"1"}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"duration"})"), "");
  EXPECT_EQ(Outcome(R"q({"kind":"format_query","query":"vector(1)","max_chars_per_line":20,
                    "expect":{"formatted":"vector(1.000000)"}})q"),
            "");
  EXPECT_NE(Outcome(R"q({"kind":"format_query","query":"1","max_chars_per_line":20,
                    "expect":{"formatted":"2"}})q"),
            "");
}

}  // namespace
}  // namespace tidegate::conformance
