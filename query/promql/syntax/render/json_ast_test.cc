#include "query/promql/syntax/render/json_ast.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/parser.h"

namespace tidegate::promql {
namespace {

std::string Json(std::string_view query) {
  const auto expr = ParseExpr(query);
  EXPECT_TRUE(expr.ok()) << expr.status();
  return expr.ok() ? ToJson(**expr) : "";
}

TEST(JsonAst, Literals) {
  EXPECT_EQ(Json("1e3"), R"({"type":"numberLiteral","val":"1000"})");
  EXPECT_EQ(Json("-Inf"), R"({"type":"numberLiteral","val":"-Inf"})");
  EXPECT_EQ(Json("5m"), R"({"type":"numberLiteral","val":"300"})");
  EXPECT_EQ(Json("'x'"), R"({"type":"stringLiteral","val":"x"})");
}

TEST(JsonAst, StringsAreEscaped) {
  EXPECT_EQ(Json(R"('"\\\n\t\r')"), R"({"type":"stringLiteral","val":"\"\\\n\t\r"})");
  EXPECT_EQ(Json(R"('\a<>&')"), R"({"type":"stringLiteral","val":"\u0007\u003c\u003e\u0026"})");
  EXPECT_EQ(Json(R"('\u2028\xff')"), "{\"type\":\"stringLiteral\",\"val\":\"\\u2028\uFFFD\"}");
  EXPECT_EQ(Json("'\u00e4'"), "{\"type\":\"stringLiteral\",\"val\":\"\u00e4\"}");
}

TEST(JsonAst, Selectors) {
  EXPECT_EQ(Json("a{x!~'1'} offset 5m"),
            R"({"anchored":false,"matchers":[{"name":"x","type":"!~","value":"1"},)"
            R"({"name":"__name__","type":"=","value":"a"}],"name":"a","offset":300000,)"
            R"("offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,)"
            R"("type":"vectorSelector"})");
  EXPECT_EQ(Json("{x='1'} @ 1.5 anchored"),
            R"({"anchored":true,"matchers":[{"name":"x","type":"=","value":"1"}],"name":"",)"
            R"("offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,)"
            R"("timestamp":1500,"type":"vectorSelector"})");
}

TEST(JsonAst, Ranges) {
  EXPECT_EQ(Json("a[5m] @ end() smoothed"),
            R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],)"
            R"("name":"a","offset":0,"offsetExpr":null,"range":300000,"rangeExpr":null,)"
            R"("smoothed":true,"startOrEnd":"end","timestamp":null,"type":"matrixSelector"})");
}

TEST(JsonAst, Durations) {
  EXPECT_EQ(
      Json("a[1m + (step())]"),
      R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a",)"
      R"("offset":0,"offsetExpr":null,"range":0,"rangeExpr":{"lhs":{"duration":true,)"
      R"("type":"numberLiteral","val":"60"},"op":"+","rhs":{"lhs":null,"op":"step","rhs":null,)"
      R"("type":"durationExpr","wrapped":true},"type":"durationExpr","wrapped":false},)"
      R"("smoothed":false,"startOrEnd":null,"timestamp":null,"type":"matrixSelector"})");
}

TEST(JsonAst, Subqueries) {
  EXPECT_EQ(Json("vector(1)[1h:step()] offset -1s @ start()"),
            R"({"expr":)" + Json("vector(1)") +
                R"(,"offset":-1000,"offsetExpr":null,"range":3600000,"rangeExpr":null,)"
                R"("startOrEnd":"start","step":0,"stepExpr":{"lhs":null,"op":"step",)"
                R"("rhs":null,"type":"durationExpr","wrapped":false},"timestamp":null,)"
                R"("type":"subquery"})");
}

TEST(JsonAst, Operations) {
  EXPECT_EQ(Json("-(1)"),
            R"({"expr":{"expr":{"type":"numberLiteral","val":"1"},"type":"parenExpr"},)"
            R"("op":"-","type":"unaryExpr"})");
  EXPECT_EQ(Json("1 < bool 2"),
            R"({"bool":true,"lhs":{"type":"numberLiteral","val":"1"},"matching":null,)"
            R"("op":"\u003c","rhs":{"type":"numberLiteral","val":"2"},"type":"binaryExpr"})");
}

TEST(JsonAst, Matching) {
  const std::string json = Json("a * on (x) group_left (y) fill_right (-1) b");
  EXPECT_NE(json.find(R"("matching":{"card":"many-to-one","fillValues":{"lhs":null,"rhs":-1},)"
                      R"("include":["y"],"labels":["x"],"on":true})"),
            std::string::npos)
      << json;
  EXPECT_NE(Json("a or b").find(R"("card":"many-to-many")"), std::string::npos);
  EXPECT_NE(Json("a + ignoring (x) group_right b").find(R"("card":"one-to-many")"),
            std::string::npos);
  EXPECT_NE(Json("a + fill (NaN) b").find(R"("fillValues":{"lhs":null,"rhs":null})"),
            std::string::npos);
}

TEST(JsonAst, Calls) {
  EXPECT_EQ(Json("time()"),
            R"({"args":[],"func":{"argTypes":[],"name":"time","returnType":"scalar",)"
            R"("variadic":0},"type":"call"})");
  EXPECT_EQ(Json("vector(1)"),
            R"({"args":[{"type":"numberLiteral","val":"1"}],"func":{"argTypes":["scalar"],)"
            R"("name":"vector","returnType":"vector","variadic":0},"type":"call"})");
}

TEST(JsonAst, Aggregations) {
  EXPECT_EQ(Json("topk without (x, y) (1, vector(1))"),
            R"({"expr":)" + Json("vector(1)") +
                R"(,"grouping":["x","y"],"op":"topk","param":{"type":"numberLiteral",)"
                R"("val":"1"},"type":"aggregation","without":true})");
  EXPECT_NE(Json("sum(a)").find(R"("grouping":[],"op":"sum","param":null)"), std::string::npos);
}

}  // namespace
}  // namespace tidegate::promql
