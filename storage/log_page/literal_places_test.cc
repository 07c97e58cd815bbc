#include "storage/log_page/literal_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr VariableShape kShapes[] = {{kDigitClass, 3}, {kTextClasses, 8}};

// "took <1 to 3 digits>ms for <a text of 1 to 8 bytes>!"
const LineTemplate kLines = {
    .kind = TemplateKind::kPattern, .text = "took \x01ms for \x03!", .variables = kShapes};

// "0=12 1^ab": variable 0 equals 12, and variable 1 begins with ab.
std::vector<std::string> Places(std::string_view literal) {
  std::vector<LiteralPlace> places;
  EXPECT_TRUE(FindLiteralPlaces(kLines, literal, &places));
  std::vector<std::string> spelled;
  for (const LiteralPlace& place : places) {
    std::string& one = spelled.emplace_back();
    for (const LiteralPiece& piece : place) {
      if (!one.empty()) one += ' ';
      one += std::to_string(piece.variable) + "=^$~"[static_cast<size_t>(piece.kind)];
      one += piece.text;
    }
  }
  return spelled;
}

TEST(LiteralPlacesTest, TheTemplateItself) {
  EXPECT_THAT(Places("ms for"), ElementsAre(""));
  EXPECT_THAT(Places("took"), UnorderedElementsAre("", "1~took"));
}

TEST(LiteralPlacesTest, InsideAVariable) {
  EXPECT_THAT(Places("12"), UnorderedElementsAre("0~12", "1~12"));
  EXPECT_THAT(Places("needle"), UnorderedElementsAre("1~needle"));
}

TEST(LiteralPlacesTest, AcrossVariables) {
  EXPECT_THAT(Places("k 12ms for x"), ElementsAre("0=12 1^x"));
  EXPECT_THAT(Places("k 12"), ElementsAre("0^12"));
  EXPECT_THAT(Places("2ms for x!"), ElementsAre("0$2 1=x", "0$2 1^x!"));
  EXPECT_THAT(Places("abc!"), UnorderedElementsAre("1$abc", "1~abc!"));
}

TEST(LiteralPlacesTest, WhatCannotStandThere) {
  EXPECT_THAT(Places("k 1234ms"), IsEmpty());
  EXPECT_THAT(Places("took ms for"), IsEmpty());
  EXPECT_THAT(Places("123456789"), IsEmpty());
}

TEST(LiteralPlacesTest, TooManyAreNotTold) {
  const std::vector<VariableShape> shapes(200, {kDigitClass, 3});
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\x01 ";
  std::vector<LiteralPlace> places;
  const LineTemplate lines = {.kind = TemplateKind::kPattern, .text = text, .variables = shapes};
  EXPECT_FALSE(FindLiteralPlaces(lines, "7", &places));
}

}  // namespace
}  // namespace tidegate::storage
