#include "ingest/decode/otlp/otlp_record.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using Kind = OtlpValue::Kind;

OtlpValue Of(Kind kind) {
  OtlpValue value;
  value.kind = kind;
  return value;
}

OtlpValue Text(std::string_view text, Kind kind = Kind::kString) {
  OtlpValue value = Of(kind);
  value.text = text;
  return value;
}

OtlpValue Number(double number) {
  OtlpValue value = Of(Kind::kDouble);
  value.number = number;
  return value;
}

TEST(OtlpText, Scalars) {
  EXPECT_EQ(OtlpText({}), "");
  EXPECT_EQ(OtlpText(Text("a\nb")), "a\nb");
  OtlpValue truth = Of(Kind::kBool);
  truth.truth = true;
  EXPECT_EQ(OtlpText(truth), "true");
  OtlpValue integer = Of(Kind::kInt);
  integer.integer = -7;
  EXPECT_EQ(OtlpText(integer), "-7");
  EXPECT_EQ(OtlpText(Text("abc", Kind::kBytes)), "YWJj");
}

TEST(OtlpText, NumbersAsGoPrintsThem) {
  EXPECT_EQ(OtlpText(Number(1)), "1");
  EXPECT_EQ(OtlpText(Number(0.25)), "0.25");
  EXPECT_EQ(OtlpText(Number(1e20)), "100000000000000000000");
  EXPECT_EQ(OtlpText(Number(1e21)), "1e+21");
  EXPECT_EQ(OtlpText(Number(2.5e-7)), "2.5e-7");
}

TEST(OtlpText, ArraysAndMapsAreJson) {
  OtlpValue array = Of(Kind::kArray);
  array.items = {Number(1.5), {}, Text("\x01")};
  OtlpValue map = Of(Kind::kMap);
  map.members.push_back({"z", Text("<\"x\">")});
  map.members.push_back({"a", array});
  EXPECT_EQ(OtlpText(map), R"({"a":[1.5,null,"\u0001"],"z":"\u003c\"x\"\u003e"})");
}

}  // namespace
}  // namespace tidegate::ingest
