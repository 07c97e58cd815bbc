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
}

}  // namespace
}  // namespace tidegate::conformance
