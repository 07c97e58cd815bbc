// The runner itself: it passes what is right, and says what is wrong.
#include "tests/conformance/parsertest_cases.h"

#include <string>
#include <string_view>

#include "boost/json.hpp"
#include "gtest/gtest.h"

namespace tidegate::conformance {
namespace {

// What a check says about a case, "" if it passes.
std::string Verdict(CaseResult (*check)(const boost::json::object&), std::string_view json) {
  return check(boost::json::parse(boost::json::string_view(json.data(), json.size())).as_object())
      .value_or("");
}

TEST(ParseCases, PassAndFail) {
  EXPECT_EQ(
      Verdict(CheckParseCase, R"({"input":"a","fail":false,"errors":[],"top":"VectorSelector"})"),
      "");
  EXPECT_EQ(Verdict(CheckParseCase, R"({"input":"a","fail":false,"errors":[],"top":"Call"})"),
            "parses as VectorSelector, expected Call");
  EXPECT_NE(
      Verdict(CheckParseCase, R"({"input":"a+","fail":false,"errors":[],"top":"BinaryExpr"})"), "");
}

TEST(ParseCases, CompareTheFirstError) {
  EXPECT_EQ(Verdict(CheckParseCase,
                    R"({"input":"a +","fail":true,"errors":[[3,3,"unexpected end of input"]],)"
                    R"("top":null})"),
            "");
  EXPECT_NE(Verdict(CheckParseCase,
                    R"({"input":"a +","fail":true,"errors":[[2,3,"unexpected end of input"]],)"
                    R"("top":null})"),
            "");
  EXPECT_NE(
      Verdict(CheckParseCase, R"({"input":"a +","fail":true,"errors":[[3,3,"no"]],"top":null})"),
      "");
  EXPECT_NE(
      Verdict(CheckParseCase, R"({"input":"a","fail":true,"errors":[[0,0,"no"]],"top":null})"), "");
  EXPECT_EQ(
      Verdict(CheckParseCase,
              R"({"input":"a +","fail":true,"errors":[[null,null,"unexpected end of input"]],)"
              R"("top":null})"),
      "");
}

TEST(ParseCases, SeriesDescriptions) {
  EXPECT_EQ(Verdict(CheckParseCase, R"({"input":"a 1 2","fail":false,"errors":[],"top":null})"),
            "");
  EXPECT_NE(Verdict(CheckParseCase, R"({"input":"a 1 2","fail":true,"errors":[],"top":null})"), "");
  EXPECT_NE(Verdict(CheckParseCase, R"({"input":"a ]","fail":false,"errors":[],"top":null})"), "");
  EXPECT_EQ(Verdict(CheckParseCase, R"({"input":"a ]","fail":true,"errors":[],"top":null})"), "");
}

TEST(LexCases, AllInputsOfACase) {
  constexpr std::string_view kCase =
      R"({"input":"a","fail":false,"seriesDesc":false,)"
      R"("tokens":[["IDENTIFIER",0,"a"],["NUMBER",0,"1"],["ADD",2,"+"]]})";
  EXPECT_EQ(Verdict(CheckLexCase, kCase), "");
  EXPECT_NE(
      Verdict(CheckLexCase,
              R"({"input":"a","fail":false,"tokens":[["IDENTIFIER",0,"a"],["NUMBER",0,"x"]]})"),
      "");
  EXPECT_NE(Verdict(CheckLexCase, R"({"input":"5","fail":false,"tokens":[["IDENTIFIER",0,"a"]]})"),
            "");
}

TEST(LexCases, InputsThatDoNotLex) {
  EXPECT_EQ(Verdict(CheckLexCase, R"({"input":"?","fail":true,"tokens":[]})"), "");
  EXPECT_NE(Verdict(CheckLexCase, R"({"input":"?","fail":false,"tokens":[]})"), "");
}

TEST(LexCases, SeriesDescriptions) {
  EXPECT_EQ(Verdict(CheckLexCase,
                    R"({"input":"{} {{sum:1}}","fail":false,"seriesDesc":true,"tokens":)"
                    R"([["LEFT_BRACE",0,"{"],["RIGHT_BRACE",1,"}"],["SPACE",2," "],)"
                    R"(["OPEN_HIST",3,"{{"],["SUM_DESC",5,"sum"],["COLON",8,":"],["NUMBER",9,"1"],)"
                    R"(["CLOSE_HIST",10,"}}"]]})"),
            "");
}

TEST(TextCases, CompareTheWholeText) {
  EXPECT_EQ(Verdict(CheckPrinterCase, R"({"in":"a+b","out":"a + b"})"), "");
  EXPECT_NE(Verdict(CheckPrinterCase, R"({"in":"a+b","out":"a+b"})"), "");
  EXPECT_NE(Verdict(CheckPrinterCase, R"({"in":"a+","out":"a+"})"), "");
  EXPECT_EQ(Verdict(CheckPrettierCase, R"J({"in":"abs(aaaaaaaa)","out":"abs(\n  aaaaaaaa\n)"})J"),
            "");
}

TEST(MalformedCases, AreFailures) {
  EXPECT_NE(Verdict(CheckParseCase, "{}"), "");
  EXPECT_NE(Verdict(CheckParseCase, R"({"input":"a+","fail":true,"errors":[["x"]]})"), "");
  EXPECT_NE(Verdict(CheckLexCase, R"({"input":"a","tokens":[["IDENTIFIER"]]})"), "");
  EXPECT_NE(Verdict(CheckLexCase, "{}"), "");
  EXPECT_NE(Verdict(CheckPrinterCase, R"({"in":5})"), "");
}

}  // namespace
}  // namespace tidegate::conformance
