#include "ingest/decode/loki/structured_metadata.h"

#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Normal(std::string_view name) {
  ByteArena arena;
  return std::string(NormalizedName(name, &arena));
}

TEST(NormalizedName, OtlptranslatorsRules) {
  EXPECT_EQ(Normal("trace_id"), "trace_id");
  EXPECT_EQ(Normal("http.status.code"), "http_status_code");
  EXPECT_EQ(Normal("a..b--c"), "a_b_c");
  EXPECT_EQ(Normal("a__b"), "a_b");
  EXPECT_EQ(Normal("5xx"), "key_5xx");
  EXPECT_EQ(Normal("_private"), "_private");
  EXPECT_EQ(Normal("größe"), "gr_e");
  EXPECT_EQ(Normal("..."), "");
  EXPECT_EQ(Normal("__"), "");
  EXPECT_EQ(Normal(""), "");
}

TEST(ValidText, ReplacesWhatIsNoText) {
  ByteArena arena;
  EXPECT_EQ(ValidText("größe", &arena), "größe");
  EXPECT_EQ(ValidText("a\xff\xfe"
                      "b",
                      &arena),
            "a  b");
  EXPECT_EQ(ValidText("a\xEF\xBF\xBD"
                      "b",
                      &arena),
            "a b");
}

TEST(StructuredMetadata, CanonicalBytes) {
  ByteArena arena;
  StructuredMetadata metadata(&arena);
  EXPECT_EQ(metadata.Finish(), "");
  metadata.Add("z", "1");
  metadata.Add("a.b", "2");
  metadata.Add("z", "3");
  metadata.Add("empty", "");
  EXPECT_EQ(metadata.Finish(), (model::Labels{{"a_b", "2"}, {"z", "3"}}.bytes()));
  EXPECT_TRUE(metadata.empty());
}

}  // namespace
}  // namespace tidegate::ingest
