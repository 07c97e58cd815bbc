#include "api/json/json_writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace tidegate::api {
namespace {

std::string Written(const std::function<void(JsonWriter&)>& write) {
  StringSink sink;
  JsonWriter writer(&sink);
  write(writer);
  EXPECT_TRUE(writer.Flush());
  return sink.text();
}

std::string Quoted(std::string_view text) {
  return Written([text](JsonWriter& json) { json.String(text); });
}

TEST(JsonWriter, SetsCommas) {
  EXPECT_EQ(Written([](JsonWriter& json) {
              json.BeginObject();
              json.Key("a");
              json.BeginArray();
              json.Integer(-1);
              json.Unsigned(std::numeric_limits<uint64_t>::max());
              json.BeginArray();
              json.EndArray();
              json.Bool(true);
              json.EndArray();
              json.Key("b");
              json.BeginObject();
              json.EndObject();
              json.Key("c");
              json.Double(0.5);
              json.EndObject();
            }),
            R"({"a":[-1,18446744073709551615,[],true],"b":{},"c":0.5})");
}

TEST(JsonWriter, PointsAreTimeAndQuotedValue) {
  EXPECT_EQ(Written([](JsonWriter& json) {
              json.BeginArray();
              json.Point(1435781451781, 1);
              json.Point(0, std::numeric_limits<double>::infinity());
              json.EndArray();
            }),
            R"([[1435781451.781,"1"],[0,"+Inf"]])");
}

TEST(JsonWriter, DoublesThatJsonCannotSayAreNull) {
  EXPECT_EQ(
      Written([](JsonWriter& json) { json.Double(-std::numeric_limits<double>::infinity()); }),
      "null");
}

TEST(JsonWriter, RawIsCopied) {
  EXPECT_EQ(Written([](JsonWriter& json) {
              json.BeginArray();
              json.Raw(R"({"type":"call"})");
              json.Raw("1");
              json.EndArray();
            }),
            R"([{"type":"call"},1])");
}

TEST(JsonWriter, EscapesAsGoDoes) {
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Quoted("<&>/"), "\"<&>/\"");
}

TEST(JsonWriter, KeepsUtf8) {
  const std::string text = "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf \xf4\x8f\xbf\xbf";
  EXPECT_EQ(Quoted(text), "\"" + text + "\"");
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Quoted("a\xff"
                   "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(Quoted("\xc3"), R"("\ufffd")");                                // Cut off.
  EXPECT_EQ(Quoted("\xc0\xaf"), R"("\ufffd\ufffd")");                      // Too long a form.
  EXPECT_EQ(Quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // A surrogate.
  EXPECT_EQ(Quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // Beyond Unicode.
  EXPECT_EQ(Quoted("\xe2\x82x"), R"("\ufffd\ufffdx")");
}

TEST(JsonWriter, StringsLongerThanTheBufferArriveWhole) {
  const std::string text(1'000'000, 'x');
  EXPECT_EQ(Quoted(text), "\"" + text + "\"");
  const std::string escapes(100'000, '\n');
  EXPECT_EQ(Quoted(escapes).size(), 2 + 2 * escapes.size());
}

TEST(JsonWriter, ManyPointsArriveWhole) {
  std::string expected = "[";
  const std::string text = Written([&expected](JsonWriter& json) {
    json.BeginArray();
    for (int i = 0; i < 100'000; ++i) {
      json.Point(i * 1000, i + 0.5);
      expected += (i > 0 ? ",[" : "[") + std::to_string(i) + ",\"" + std::to_string(i) + ".5\"]";
    }
    json.EndArray();
  });
  EXPECT_TRUE(text == expected + "]");
}

class RefusingSink : public JsonSink {
 public:
  bool Consume(std::string_view) override { return ++calls < 2; }
  int calls = 0;
};

TEST(JsonWriter, StopsAskingASinkThatHasHadEnough) {
  RefusingSink sink;
  JsonWriter writer(&sink);
  for (int i = 0; i < 100'000; ++i) writer.Point(i, i);
  EXPECT_FALSE(writer.ok());
  EXPECT_FALSE(writer.Flush());
  EXPECT_EQ(sink.calls, 2);
}

}  // namespace
}  // namespace tidegate::api
