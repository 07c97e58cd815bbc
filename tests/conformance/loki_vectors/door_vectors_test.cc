#include "tests/conformance/loki_vectors/door_vectors.h"

#include <gtest/gtest.h>

namespace tidegate::conformance {
namespace {

std::string Outcome(const char* vector) {
  return RunDoorVector(boost::json::parse(vector).as_object()).value_or("");
}

TEST(RunDoorVector, EveryKindCanPassAndFail) {
  EXPECT_EQ(Outcome(R"({"kind":"stream_labels","input":"{b=\"1\",a=\"2\"}",
                    "expect":{"labels":{"a":"2","b":"1"}}})"),
            "");
  EXPECT_NE(
      Outcome(R"({"kind":"stream_labels","input":"{b=\"1\"}","expect":{"labels":{"b":"2"}}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"time_param","input":"5","expect":{"ns":"5000000000"}})"), "");
  EXPECT_NE(Outcome(R"({"kind":"time_param","input":"5","expect":{"error":true}})"), "");
  EXPECT_EQ(Outcome(R"({"kind":"detect_level_plain_line","line":"an error",
                    "expect":{"detected_level":"error"}})"),
            "");
  EXPECT_NE(Outcome(R"({"kind":"detect_level_plain_line","line":"an error",
                    "expect":{"detected_level":"info"}})"),
            "");
  EXPECT_EQ(
      Outcome(
          R"({"kind":"push_json","body":"{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"1\",\"x\"]]}]}",
                    "expect":{"streams":[{"labels":{"a":"b"},"entries":[["1","x"]]}]}})"),
      "");
  EXPECT_NE(
      Outcome(
          R"({"kind":"push_json","body":"{}","expect":{"streams":[{"labels":{},"entries":[]}]}})"),
      "");
  EXPECT_EQ(Outcome(R"({"kind":"validate_labels","labels_string":"{}","limits":{},
                    "expect":{"error":"error at least one label pair is required per stream"}})"),
            "");
  EXPECT_NE(
      Outcome(
          R"({"kind":"validate_labels","labels_string":"{}","limits":{},"expect":{"valid":true}})"),
      "");
  EXPECT_NE(Outcome(R"({"kind":"nothing"})"), "");
  EXPECT_NE(Outcome(R"({"kind":"bounds"})"), "");
}

}  // namespace
}  // namespace tidegate::conformance
