#include "tests/conformance/loki_vectors/field_vectors.h"

#include <gtest/gtest.h>

namespace tidegate::conformance {
namespace {

std::string Outcome(const char* vector) {
  return RunFieldVector(boost::json::parse(vector).as_object()).value_or("");
}

TEST(RunFieldVector, Patterns) {
  EXPECT_EQ(Outcome(R"({"kind":"pattern_match","expression":"a <b>","line":"a c",
                    "expect":{"captures":["c"],"full_match":true}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"pattern_match","expression":"a <b>","line":"a c",
                    "expect":{"captures":["c"],"full_match":false}})"),
            "");
  EXPECT_EQ(Outcome(R"({"kind":"pattern_parse","expression":"<_>",
                    "expect":{"error":"at least one capture"}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"pattern_parse","expression":"<a>","expect":{"error":"x"}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"pattern_line_filter_parse","expression":"<_>",
                    "expect":{"accept":true}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"pattern_line_filter_parse","expression":"<a>",
                    "expect":{"accept":true}})"),
            "");
  EXPECT_EQ(Outcome(R"({"kind":"pattern_literals","expression":"a<_>",
                    "expect":{"literals":["a"]}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"pattern_literals","expression":"a","expect":{"literals":[]}})"),
            "");
  EXPECT_EQ(Outcome(R"({"kind":"pattern_nodes","expression":"a<b>",
                    "expect":{"nodes":[{"literal":"a"},{"capture":"b"}]}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"pattern_nodes","expression":"a","expect":{"nodes":[]}})"), "");
}

TEST(RunFieldVector, PathsAndNames) {
  EXPECT_EQ(Outcome(R"({"kind":"json_path","expression":"a[1]","expect":{"path":["a",1]}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"json_path","expression":"a[1]","expect":{"path":["a"]}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"logfmt_path","expression":"a","expect":{"path":["a"]}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"logfmt_path","expression":"","expect":{"path":null}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"logfmt_path","expression":"a b","expect":{"path":["a"]}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"sanitize_label","key":"a.b","want":"a_b"})"), "");
  EXPECT_NE(Outcome(R"({"kind":"sanitize_label","key":"a.b","want":"a"})"), "");
  EXPECT_NE(Outcome(R"({"kind":"json_path"})"), "");
}

}  // namespace
}  // namespace tidegate::conformance
