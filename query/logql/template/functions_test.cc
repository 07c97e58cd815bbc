#include "query/logql/template/functions.h"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

// What a function prints, or its error.
std::string Call(std::string_view name, const std::vector<Value>& args) {
  const TemplateFunction* function = FindTemplateFunction(name);
  if (function == nullptr) return "no such function";
  if (args.size() < function->least || args.size() > function->most) return "wrong number";
  for (size_t i = 0; i < args.size(); ++i) {
    const absl::Status status = CheckArgument(*function, i, args[i]);
    if (!status.ok()) return std::string(status.message());
  }
  const absl::StatusOr<Value> result = function->call(args);
  return result.ok() ? Print(*result) : "error: " + std::string(result.status().message());
}

Value S(const char* text) { return std::string(text); }
Value I(int64_t number) { return number; }

TEST(TemplateFunctions, NamesThatDoNotExist) {
  EXPECT_EQ(FindTemplateFunction("nosuchfunc"), nullptr);
  EXPECT_EQ(FindTemplateFunction(""), nullptr);
}

TEST(TemplateFunctions, CaseOfAllScripts) {
  EXPECT_EQ(Call("lower", {S("BL\xC3\x9C\xD0\x96 1\xFF")}), "bl\xC3\xBC\xD0\xB6 1\xFF");
  EXPECT_EQ(Call("ToUpper", {S("bl\xC3\xBC\xD0\xB6")}), "BL\xC3\x9C\xD0\x96");
  EXPECT_EQ(Call("title", {S("foo bar\nBAZ")}), "Foo Bar\nBAZ");
}

TEST(TemplateFunctions, Trimming) {
  EXPECT_EQ(Call("trim", {S("  a b \n")}), "a b");
  EXPECT_EQ(Call("trim", {S("  ")}), "");
  EXPECT_EQ(Call("Trim", {S("xxaxx"), S("x")}), "a");
  EXPECT_EQ(Call("trimAll", {S("op"), S("blop")}), "bl");
  EXPECT_EQ(Call("TrimLeft", {S("aab"), S("a")}), "b");
  EXPECT_EQ(Call("TrimRight", {S("baa"), S("a")}), "b");
  EXPECT_EQ(Call("TrimPrefix", {S("blop"), S("b")}), "lop");
  EXPECT_EQ(Call("trimPrefix", {S("b"), S("blop")}), "lop");
  EXPECT_EQ(Call("trimSuffix", {S("p"), S("blop")}), "blo");
  EXPECT_EQ(Call("TrimSuffix", {S("blop"), S("x")}), "blop");
}

TEST(TemplateFunctions, Replacing) {
  EXPECT_EQ(Call("replace", {S("l"), S("L"), S("hello")}), "heLLo");
  EXPECT_EQ(Call("Replace", {S("hello"), S("l"), S("L"), I(1)}), "heLlo");
  EXPECT_EQ(Call("Replace", {S("hello"), S("l"), S("L"), I(0)}), "hello");
  EXPECT_EQ(Call("replace", {S(""), S("-"), S("a\xC3\xBC")}), "-a-\xC3\xBC-");
  EXPECT_EQ(Call("replace", {S(""), S("-"), S("")}), "-");
}

TEST(TemplateFunctions, Contents) {
  EXPECT_EQ(Call("contains", {S("p"), S("blip")}), "true");
  EXPECT_EQ(Call("hasPrefix", {S("BL"), S("BLIp")}), "true");
  EXPECT_EQ(Call("hasSuffix", {S("pw"), S("BLIp")}), "false");
  EXPECT_EQ(Call("len", {S("a\xC3\xBC")}), "3");
  EXPECT_EQ(Call("len", {I(1)}), "error: len of type int");
}

TEST(TemplateFunctions, WidthsAndLengths) {
  EXPECT_EQ(Call("indent", {I(2), S("a\nb")}), "  a\n  b");
  EXPECT_EQ(Call("nindent", {I(2), S("a")}), "\n  a");
  EXPECT_EQ(Call("repeat", {I(3), S("foo")}), "foofoofoo");
  EXPECT_EQ(Call("alignLeft", {I(8), S("Hello, \xE4\xB8\x96\xE7\x95\x8C")}), "Hello, \xE4\xB8\x96");
  EXPECT_EQ(Call("alignRight", {I(1), S("x\xE7\x95\x8C")}), "\xE7\x95\x8C");
  EXPECT_EQ(Call("alignRight", {I(4), S("ab")}), "  ab");
  EXPECT_EQ(Call("alignLeft", {I(4), S("ab")}), "ab  ");
  EXPECT_EQ(Call("alignRight", {I(-1), S("ab")}), "ab");
  EXPECT_EQ(Call("trunc", {I(2), S("abc")}), "ab");
  EXPECT_EQ(Call("trunc", {I(-2), S("abc")}), "bc");
  EXPECT_EQ(Call("substr", {I(1), I(2), S("abc")}), "b");
  EXPECT_EQ(Call("substr", {I(-1), I(9), S("abc")}), "abc");
  EXPECT_EQ(Call("substr", {I(3), I(2), S("abc")}), "error: slice bounds out of range");
}

TEST(TemplateFunctions, LengthsThatNobodyCanHold) {
  const std::string error = "error: the text would become too long";
  const Value huge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Call("repeat", {huge, S("ab")}), error);
  EXPECT_EQ(Call("repeat", {huge, S("")}), "");
  EXPECT_EQ(Call("indent", {huge, S("ab")}), error);
  EXPECT_EQ(Call("alignLeft", {huge, S("ab")}), error);
  EXPECT_EQ(Call("replace", {S("a"), std::string(1 << 12, 'b'), std::string(1 << 12, 'a')}), error);
  EXPECT_EQ(Call("repeat", {I(-1), S("a")}), "error: strings: negative Repeat count");
}

TEST(TemplateFunctions, RegularExpressions) {
  EXPECT_EQ(Call("count", {S("abc"), S("abc abc abc")}), "3");
  EXPECT_EQ(Call("count", {S("a*"), S("baac")}), "3");  // Empty before b, "aa", empty at the end.
  EXPECT_EQ(Call("count", {S(""), S("a\xC3\xBC")}), "3");
  EXPECT_EQ(Call("regexReplaceAll", {S("(p)"), S("BLIp"), S("t")}), "BLIt");
  EXPECT_EQ(Call("regexReplaceAll", {S("(?P<x>a)(b)?"), S("ab-a"), S("<$x,${2},$9,$$,$>")}),
            "<a,b,,$,$>-<a,,,$,$>");
  EXPECT_EQ(Call("regexReplaceAll", {S("a"), S("a"), S("$1x|${1")}), "|${1");
  EXPECT_EQ(Call("regexReplaceAllLiteral", {S("(p)"), S("BLIp"), S("${1}")}), "BLI${1}");
  EXPECT_EQ(Call("regexReplaceAll", {S("x*"), S("ab"), S("-")}), "-a-b-");
  EXPECT_EQ(Call("count", {S("("), S("a")}), "error: error parsing regexp: missing ): (");
  EXPECT_EQ(
      Call("regexReplaceAllLiteral", {S(""), std::string(1 << 12, 'b'), std::string(1 << 12, 'a')}),
      "error: the text would become too long");
}

TEST(TemplateFunctions, Units) {
  EXPECT_EQ(Call("bytes", {S("3 kB")}), "3000");
  EXPECT_EQ(Call("bytes", {S("3MB")}), "3e+06");
  EXPECT_EQ(Call("duration", {S("3ms")}), "0.003");
  EXPECT_EQ(Call("duration_seconds", {S("3m10s")}), "190");
  EXPECT_EQ(Call("duration", {S("x")}), "error: time: invalid duration \"x\"");
  EXPECT_EQ(Call("bytes", {S("x")}), "error: not a size: \"x\"");
}

TEST(TemplateFunctions, Base64) {
  EXPECT_EQ(Call("b64enc", {S("foob")}), "Zm9vYg==");
  EXPECT_EQ(Call("b64dec", {S("Zm9vYg==")}), "foob");
  EXPECT_EQ(Call("b64dec", {S("Zm9vYmE")}), "fooba");
  EXPECT_EQ(Call("b64dec", {S("!")}), "error: illegal base64 data");
}

TEST(TemplateFunctions, IntegersParseTextsAndWrapAround) {
  EXPECT_EQ(Call("add", {S("1"), I(2), S("x")}), "3");
  EXPECT_EQ(Call("sub", {S("3"), S("5")}), "-2");
  EXPECT_EQ(Call("mul", {S("10"), I(4)}), "40");
  EXPECT_EQ(Call("div", {I(20), I(-3)}), "-6");
  EXPECT_EQ(Call("mod", {I(20), I(3)}), "2");
  EXPECT_EQ(Call("div", {I(1), S("")}), "error: integer divide by zero");
  EXPECT_EQ(Call("mod", {I(1), I(0)}), "error: integer divide by zero");
  const Value least = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(Call("div", {least, I(-1)}), "-9223372036854775808");
  EXPECT_EQ(Call("mod", {least, I(-1)}), "0");
  EXPECT_EQ(Call("add", {least, I(-1)}), "9223372036854775807");
  EXPECT_EQ(Call("max", {I(1), S("7"), I(3)}), "7");
  EXPECT_EQ(Call("min", {I(4), S("7"), I(3)}), "3");
  EXPECT_EQ(Call("int", {2.9}), "2");
  EXPECT_EQ(Call("int", {1e300}), "-9223372036854775808");
}

TEST(TemplateFunctions, Floats) {
  EXPECT_EQ(Call("divf", {S("20.2"), 5.25}), "3.8476190476190477");
  EXPECT_EQ(Call("addf", {S("1.5"), 1.5}), "3");
  EXPECT_EQ(Call("addf", {S("0.1"), 0.2}), "0.3");
  EXPECT_EQ(Call("subf", {S("5"), 1.5, 1}), "2.5");
  EXPECT_EQ(Call("mulf", {I(3), 1e6}), "3e+06");
  EXPECT_EQ(Call("divf", {I(1), I(0)}), "error: decimal division by 0");
  EXPECT_EQ(Call("ceil", {S("5.3")}), "6");
  EXPECT_EQ(Call("floor", {S("5.3")}), "5");
  EXPECT_EQ(Call("round", {3.885714, I(5), 0.2}), "3.88572");
  EXPECT_EQ(Call("round", {3.885714, I(2)}), "3.89");
  EXPECT_EQ(Call("maxf", {1.5, S("2.5")}), "2.5");
  EXPECT_EQ(Call("minf", {1.5, S("2.5")}), "1.5");
}

TEST(TemplateFunctions, ComparisonsNeedOneKindOfValue) {
  EXPECT_EQ(Call("eq", {S("a"), S("b"), S("a")}), "true");
  EXPECT_EQ(Call("ne", {I(1), I(1)}), "false");
  EXPECT_EQ(Call("lt", {I(1), I(2)}), "true");
  EXPECT_EQ(Call("le", {S("b"), S("a")}), "false");
  EXPECT_EQ(Call("gt", {2.5, 1.5}), "true");
  EXPECT_EQ(Call("ge", {I(2), I(2)}), "true");
  EXPECT_EQ(Call("ge", {std::numeric_limits<double>::quiet_NaN(), 1.0}), "false");
  EXPECT_EQ(Call("eq", {S("1"), I(1)}), "error: incompatible types for comparison");
  EXPECT_EQ(Call("lt", {true, false}), "error: incompatible types for comparison");
}

TEST(TemplateFunctions, Escaping) {
  EXPECT_EQ(Call("urlencode", {S("a b/\xC3\xBC~")}), "a+b%2F%C3%BC~");
  EXPECT_EQ(Call("urldecode", {S("a+b%2f%C3%BC")}), "a b/\xC3\xBC");
  EXPECT_EQ(Call("urldecode", {S("%zz1")}), "error: invalid URL escape \"%zz\"");
  EXPECT_EQ(Call("urldecode", {S("%4")}), "error: invalid URL escape \"%4\"");
  EXPECT_EQ(Call("urlquery", {S("a"), I(1), I(2)}), "a1+2");
  EXPECT_EQ(Call("html", {S("<a href=\"x\">'&")}), "&lt;a href=&#34;x&#34;&gt;&#39;&amp;");
  EXPECT_EQ(Call("js", {S("a'b<\n")}), "a\\'b\\u003C\\u000A");
}

TEST(TemplateFunctions, Collections) {
  const auto value = FindTemplateFunction("fromJson")->call({{S(R"({"a":[1,"x"]})")}});
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(Call("index", {*value, S("a"), I(1)}), "x");
  EXPECT_EQ(Call("index", {*value, S("b")}), "<no value>");
  EXPECT_EQ(Call("index", {*value, S("a"), I(2)}), "error: index out of range: 2");
  EXPECT_EQ(Call("index", {*value, I(1)}), "error: value has type int; should be string");
  EXPECT_EQ(Call("index", {S("ab"), I(1)}), "98");
  EXPECT_EQ(Call("slice", {S("abcd"), I(1), I(3)}), "bc");
  EXPECT_EQ(Call("slice", {S("abcd"), I(3), I(1)}), "error: invalid slice index: 3 > 1");
  EXPECT_EQ(Call("slice", {S("ab"), I(-1)}), "error: index out of range: -1");
  EXPECT_EQ(Call("len", {*value}), "1");
  EXPECT_EQ(Call("fromJson", {S("{")}), "<no value>");
  EXPECT_EQ(Call("call", {S("f")}), "error: non-function f of type string");
}

TEST(TemplateFunctions, Times) {
  EXPECT_EQ(Call("unixToTime", {S("19373")}), "2023-01-16 00:00:00 +0000 UTC");
  EXPECT_EQ(Call("unixToTime", {S("1673798889902")}), "2023-01-15 16:08:09.902 +0000 UTC");
  EXPECT_EQ(Call("unixToTime", {S("1673798889902000000")}), "2023-01-15 16:08:09.902 +0000 UTC");
  EXPECT_EQ(Call("unixToTime", {S("12")}), "error: unable to parse time '12'");
  EXPECT_EQ(Call("unixToTime", {S("1673798a89")}), "error: unable to parse time '1673798a89'");
  EXPECT_EQ(Call("toDate", {S("2006-01-02"), S("2021-11-02")}), "2021-11-02 00:00:00 +0000 UTC");
  EXPECT_EQ(Call("toDateInZone", {S("2006-01-02"), S("Europe/Berlin"), S("2021-11-02")}),
            "2021-11-02 00:00:00 +0100 CET");
  EXPECT_EQ(Call("date", {S("2006"), S("x")}), "error: a time or seconds are wanted, not string");
}

TEST(TemplateFunctions, DefaultsAndPrinting) {
  EXPECT_EQ(Call("default", {S("-"), S("")}), "-");
  EXPECT_EQ(Call("default", {S("-"), S("x")}), "x");
  EXPECT_EQ(Call("default", {S("-")}), "-");
  EXPECT_EQ(Call("not", {I(0)}), "true");
  EXPECT_EQ(Call("print", {I(1), I(2), S("a"), I(3)}), "1 2a3");
  EXPECT_EQ(Call("println", {S("a"), I(3)}), "a 3\n");
  EXPECT_EQ(Call("printf", {S("%s-%03d"), S("a"), I(3)}), "a-003");
  EXPECT_EQ(Call("printf", {S("%1000000d%1000000d"), I(3), I(3)}),
            "error: the text would become too long");
}

}  // namespace
}  // namespace tidegate::logql
