#include "query/logql/detect/field_detector.h"

#include <gtest/gtest.h>

namespace tidegate::logql {
namespace {

query::LogResultEntry Entry(std::string line, model::Labels metadata = {},
                            model::Labels parsed = {}) {
  return {0, std::move(line), std::move(metadata), std::move(parsed)};
}

// label:type:cardinality[parsers][path]; of every field.
std::string Text(const FieldDetector& detector, size_t limit = 100) {
  std::string text;
  for (const query::DetectedField& field : detector.Fields(limit)) {
    text += field.label + ":" + field.type + ":" + std::to_string(field.cardinality);
    for (const std::string& parser : field.parsers) text += " " + parser;
    for (const std::string& key : field.json_path) text += "/" + key;
    text += "; ";
  }
  return text;
}

TEST(FieldDetector, ReadsJsonThenLogfmt) {
  FieldDetector detector({});
  const model::Labels stream{{"app", "a"}};
  detector.Add(stream, Entry(R"({"app":"x","n":{"my key":1},"list":[1],"d":"5ms"})"));
  detector.Add(stream, Entry(R"({"n":{"my key":2}})"));
  detector.Add(stream, Entry("d=6ms level=info and words"));
  detector.Add(stream, Entry("only words"));
  EXPECT_EQ(Text(detector),
            "app_extracted:string:1 json/app; d:duration:2 json logfmt/d; level:string:1 logfmt; "
            "n_my_key:int:2 json/n/my key; ");
  EXPECT_EQ(Text(detector, 1), "app_extracted:string:1 json/app; ");
}

TEST(FieldDetector, MetadataHasNoParser) {
  FieldDetector detector({});
  detector.Add({}, Entry("x", {{"trace", "7"}}));
  EXPECT_EQ(Text(detector), "trace:int:1; ");
}

TEST(FieldDetector, FieldsOfTheQueryAreNotReadAgain) {
  FieldDetector detector({"pattern"});
  detector.Add({}, Entry("a=1", {}, {{"ip", "::1"}, {"__error__", "x"}}));
  EXPECT_EQ(Text(detector), "ip:string:1 pattern; ");
}

TEST(FieldDetector, Values) {
  FieldDetector detector({});
  for (const char* line : {"a=2", "a=1", "a=2", "b=3"}) detector.Add({}, Entry(line));
  EXPECT_EQ(detector.ValuesOf("a", 10), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(detector.ValuesOf("a", 1), (std::vector<std::string>{"1"}));
  EXPECT_TRUE(detector.ValuesOf("c", 10).empty());
}

}  // namespace
}  // namespace tidegate::logql
