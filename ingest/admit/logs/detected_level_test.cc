#include "ingest/admit/logs/detected_level.h"

#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Added(const model::Labels& stream, std::string_view line,
                  const model::Labels& metadata = {}) {
  ByteArena arena;
  const std::string_view bytes = DetectedLevel(stream, &arena).Add(line, metadata.bytes());
  EXPECT_TRUE(model::CheckLabelBytes(bytes).ok());
  return model::ToString(model::LabelsView(bytes));
}

TEST(DetectedLevel, OfTheLine) {
  const model::Labels stream{{"app", "a"}};
  EXPECT_EQ(Added(stream, "an error"), R"({detected_level="error"})");
  EXPECT_EQ(Added(stream, "nothing"), R"({detected_level="unknown"})");
  EXPECT_EQ(Added(stream, "an error", {{"a", "1"}, {"z", "2"}}),
            R"({a="1", detected_level="error", z="2"})");
}

TEST(DetectedLevel, LabelsAndMetadataComeFirst) {
  EXPECT_EQ(Added({{"level", "WARNING"}}, "an error"), R"({detected_level="warn"})");
  EXPECT_EQ(Added({{"level", "notice"}}, "an error"), R"({detected_level="notice"})");
  EXPECT_EQ(Added({{"app", "a"}}, "an error", {{"severity_text", "DEBUG"}}),
            R"({detected_level="debug", severity_text="DEBUG"})");
  EXPECT_EQ(Added({{"app", "a"}}, "an error", {{"severity_number", "9"}}),
            R"({detected_level="info", severity_number="9"})");
}

TEST(DetectedLevel, WhatIsThereStays) {
  EXPECT_EQ(Added({{"app", "a"}}, "an error", {{"detected_level", "info"}}),
            R"({detected_level="info"})");
  EXPECT_EQ(Added({{"app", "a"}}, "an error", {{"detected_level", "Information"}, {"x", "1"}}),
            R"({detected_level="info", x="1"})");
}

}  // namespace
}  // namespace tidegate::ingest
