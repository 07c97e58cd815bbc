#include "ingest/decode/loki/stream_labels.h"

#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

// name=value;... or the error.
std::string Parsed(std::string_view text) {
  ByteArena arena;
  std::vector<model::Label> labels;
  const absl::Status status = ParseStreamLabels(text, &arena, &labels);
  if (!status.ok()) return "error: " + std::string(status.message());
  std::string out;
  for (const model::Label& label : labels) {
    out += std::string(label.name) + "=" + std::string(label.value) + ";";
  }
  return out;
}

TEST(ParseStreamLabels, SortsByName) {
  EXPECT_EQ(Parsed(R"({job="db"})"), "job=db;");
  EXPECT_EQ(Parsed(R"({zone="a", app="b", env="c"})"), "app=b;env=c;zone=a;");
  EXPECT_EQ(Parsed("{}"), "");
}

TEST(ParseStreamLabels, WhiteSpaceCommasAndCommentsGoBetween) {
  EXPECT_EQ(Parsed(" {\n a = \"1\" , # first\n b=\"2\",\t} "), "a=1;b=2;");
}

TEST(ParseStreamLabels, KeepsDuplicatesAndDropsEmptyValues) {
  EXPECT_EQ(Parsed(R"({b="2", a="1", b="1", c=""})"), "a=1;b=2;b=1;");
}

TEST(ParseStreamLabels, Strings) {
  EXPECT_EQ(Parsed(R"({a="x\ty\"z\\", b='it\'s', c=`raw\n`})"), "a=x\ty\"z\\;b=it's;c=raw\\n;");
  EXPECT_EQ(Parsed(R"({a="\x41\u00e4\U0001F600\101"})"), "a=Aä😀A;");
  EXPECT_EQ(Parsed(R"({a="ünï"})"), "a=ünï;");
}

TEST(ParseStreamLabels, AMetricNameIsALabel) {
  EXPECT_EQ(Parsed(R"(up{a="1"})"), "__name__=up;a=1;");
  EXPECT_EQ(Parsed("up"), "__name__=up;");
  EXPECT_EQ(Parsed(R"({"up", "with.dot"="1"})"), "__name__=up;with.dot=1;");
}

TEST(ParseStreamLabels, SaysWhereAndWhat) {
  EXPECT_EQ(Parsed("{a=1}"), "error: 1:4: parse error: expected a quoted string, found \"1\"");
  EXPECT_EQ(Parsed("{a=\"1\""), "error: 1:7: parse error: expected \",\" or \"}\", found the end");
  EXPECT_EQ(Parsed(""), "error: 1:1: parse error: expected \"{\", found the end");
  EXPECT_EQ(Parsed("{a!=\"1\"}"), "error: 1:3: parse error: expected \"=\", found \"!\"");
  for (const char* wrong : {"{a-b=\"1\"}", "{1a=\"1\"}", "{a=\"1\"} x", "{a=\"1\" b=\"2\"}", "{,}",
                            "{a=\"1\",,}", "{a=\"\\q\"}", "{a=\"\\ud800\"}", "{a=\"\\777\"}",
                            "{a=\"x\ny\"}", "{a=\"\xff\"}", "{a", "{a=\"\\"}) {
    EXPECT_TRUE(Parsed(wrong).starts_with("error: ")) << wrong << ": " << Parsed(wrong);
  }
}

TEST(SortLabels, KeepsTheOrderOfEqualNamesHoweverManyThereAre) {
  for (const int count : {3, 31, 33, 200}) {
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) texts.push_back(std::to_string(i));
    std::vector<model::Label> labels;
    for (int i = 0; i < count; ++i) labels.push_back({i % 3 == 0 ? "b" : "a", texts[i]});
    SortLabels(&labels);
    for (size_t i = 1; i < labels.size(); ++i) {
      ASSERT_LE(labels[i - 1].name, labels[i].name);
      if (labels[i - 1].name == labels[i].name) {
        ASSERT_LT(std::stoi(std::string(labels[i - 1].value)),
                  std::stoi(std::string(labels[i].value)));
      }
    }
  }
}

TEST(LabelBytes, AreCanonicalWhenTheLabelsAre) {
  ByteArena arena;
  std::vector<model::Label> labels;
  const std::string large(300, 'v');
  const std::string text = "{b=\"" + large + "\", a=\"1\"}";
  ASSERT_TRUE(ParseStreamLabels(text, &arena, &labels).ok());
  const std::string_view bytes = LabelBytes(labels, &arena);
  EXPECT_TRUE(model::CheckLabelBytes(bytes).ok());
  EXPECT_EQ(bytes, (model::Labels{{"a", "1"}, {"b", large}}.bytes()));
}

}  // namespace
}  // namespace tidegate::ingest
