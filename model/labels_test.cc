#include "model/labels.h"

#include <random>

#include "gtest/gtest.h"

namespace tidegate::model {
namespace {

std::string Bytes(const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string bytes;
  for (const auto& [name, value] : labels) AppendLabelBytes(name, value, &bytes);
  return bytes;
}

TEST(LabelBytes, AreWhatRemoteWritePutsOnTheWire) {
  EXPECT_EQ(Bytes({{"a", "xy"}}), std::string("\x0A\x07\x0A\x01"
                                              "a\x12\x02xy"));
}

TEST(LabelBytes, LongValuesTakeTwoByteLengths) {
  const std::string value(300, 'v');
  const Labels labels({{"name", value}});
  EXPECT_EQ(labels.Get("name"), value);
  EXPECT_TRUE(CheckLabelBytes(labels.bytes()).ok());
}

TEST(Labels, SortsAndDropsEmptyValues) {
  const Labels labels({{"b", "2"}, {"a", "1"}, {"c", ""}});
  EXPECT_EQ(ToString(labels), R"({a="1", b="2"})");
  EXPECT_EQ(labels.size(), 2u);
  EXPECT_FALSE(labels.Has("c"));
}

TEST(Labels, LastOfTwoEqualNamesWins) {
  EXPECT_EQ(ToString(Labels({{"a", "1"}, {"a", "2"}})), R"({a="2"})");
}

TEST(Labels, MetricStringPutsTheNameInFront) {
  EXPECT_EQ(ToMetricString(Labels({{"__name__", "up"}, {"job", "x"}})), R"(up{job="x"})");
  EXPECT_EQ(ToMetricString(Labels({{"__name__", "up"}})), "up");
  EXPECT_EQ(ToMetricString(Labels({{"job", "x"}})), R"({job="x"})");
  EXPECT_EQ(ToMetricString(Labels({{"__name__", "a.b"}, {"job", "x"}})), R"({"a.b", job="x"})");
  EXPECT_EQ(ToMetricString(Labels()), "{}");
}

TEST(Labels, ToStringQuotesNamesThatNeedIt) {
  EXPECT_EQ(ToString(Labels({{"a.b", "x\n"}})), R"({"a.b"="x\n"})");
}

TEST(Compare, OrdersLabelByLabel) {
  const auto compare = [](Labels a, Labels b) { return Compare(a, b); };
  EXPECT_LT(compare(Labels({{"a", "1"}}), Labels({{"a", "2"}})), 0);
  EXPECT_LT(compare(Labels({{"a", "1"}}), Labels({{"a", "1"}, {"b", "1"}})), 0);
  EXPECT_GT(compare(Labels({{"b", "1"}}), Labels({{"a", "9"}})), 0);
  EXPECT_EQ(compare(Labels({{"b", "1"}}), Labels({{"b", "1"}})), 0);
  // Bytes decide, not the length prefix in the encoding.
  EXPECT_LT(compare(Labels({{"a", "10"}}), Labels({{"a", "9"}})), 0);
}

// The rule, read off label by label.
int Sign(int number) { return (number > 0) - (number < 0); }
int PlainlyCompared(const Labels& a, const Labels& b) {
  auto x = a.view().begin();
  auto y = b.view().begin();
  for (; x != a.view().end() && y != b.view().end(); ++x, ++y) {
    if (const int by_name = x->name.compare(y->name); by_name != 0) return Sign(by_name);
    if (const int by_value = x->value.compare(y->value); by_value != 0) return Sign(by_value);
  }
  return (x != a.view().end()) - (y != b.view().end());
}

TEST(Compare, IsTheRuleForLabelsThatLookAlike) {
  std::mt19937 random(1);
  const auto text = [&](size_t longest) {
    std::string made(1 + random() % longest, 'a');
    for (char& c : made) c = static_cast<char>('a' + random() % 2);
    return made;
  };
  const auto labels = [&] {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (size_t i = random() % 4; i > 0; --i) {
      // Lengths about those at which length prefixes grow.
      const size_t pad = random() % 8 == 0 ? 120 + random() % 10 : 0;
      pairs.emplace_back(text(3), std::string(pad, 'a') + text(4));
    }
    return Labels(std::move(pairs));
  };
  int equal = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Labels a = labels(), b = labels();
    const int expected = PlainlyCompared(a, b);
    equal += expected == 0;
    ASSERT_EQ(Sign(Compare(a, b)), expected) << ToString(a) << " " << ToString(b);
  }
  EXPECT_GT(equal, 1000);
}

TEST(CheckLabelBytes, NamesWhatIsWrong) {
  EXPECT_TRUE(CheckLabelBytes("").ok());
  EXPECT_TRUE(CheckLabelBytes(Bytes({{"a", "1"}, {"b", "2"}})).ok());
  EXPECT_EQ(CheckLabelBytes(Bytes({{"b", "1"}, {"a", "2"}})).message(), "label a is out of order");
  EXPECT_EQ(CheckLabelBytes(Bytes({{"a", "1"}, {"a", "2"}})).message(), "duplicated label a");
  EXPECT_EQ(CheckLabelBytes(Bytes({{"", "1"}})).message(), "a label name is empty");
  EXPECT_EQ(CheckLabelBytes(Bytes({{"a", ""}})).message(), "label a has an empty value");
  EXPECT_EQ(CheckLabelBytes(Bytes({{"a", "\xff"}})).message(), "a label is not valid UTF-8");
}

TEST(CheckLabelBytes, RefusesEncodingsThatAreNotMinimal) {
  // The length 4 of the message as a two-byte varint.
  EXPECT_FALSE(CheckLabelBytes(std::string("\x0A\x86\x00\x0A\x01"
                                           "a\x12\x01x",
                                           9))
                   .ok());
}

TEST(CanonicalLabels, SortsAndAcceptsEveryLegalEncoding) {
  // value before name, and an unknown varint field 3 in between.
  const std::string odd("\x0A\x08\x12\x01x\x18\x05\x0A\x01z", 10);
  const auto labels = CanonicalLabels(odd + Bytes({{"a", "1"}, {"e", ""}}));
  ASSERT_TRUE(labels.ok()) << labels.status();
  EXPECT_EQ(ToString(*labels), R"({a="1", z="x"})");
}

TEST(CanonicalLabels, RefusesWhatNoSeriesMayHave) {
  EXPECT_EQ(CanonicalLabels(Bytes({{"a", "1"}, {"b", "2"}, {"a", "3"}})).status().message(),
            "duplicated label a");
  EXPECT_FALSE(CanonicalLabels(Bytes({{"", "1"}})).ok());
  EXPECT_FALSE(CanonicalLabels(Bytes({{"a", "\xc3"}})).ok());
}

TEST(CanonicalLabels, SurvivesAnyBytes) {
  std::mt19937 random(7);
  const std::string good = Bytes({{"alpha", "one"}, {"beta", "two"}, {"gamma", "three"}});
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (int flips = random() % 4; flips > 0 && !bytes.empty(); --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto labels = CanonicalLabels(bytes);
    if (labels.ok()) {
      EXPECT_TRUE(CheckLabelBytes(labels->bytes()).ok());
    }
    if (CheckLabelBytes(bytes).ok()) {
      ASSERT_TRUE(labels.ok());
      EXPECT_EQ(labels->bytes(), bytes);
    }
  }
}

TEST(LabelsBuilder, EditsAndKeepsOrder) {
  LabelsBuilder builder(Labels({{"b", "2"}, {"d", "4"}}));
  builder.Set("c", "3").Set("a", "1").Set("d", "5").Erase("b");
  EXPECT_EQ(ToString(builder.Build()), R"({a="1", c="3", d="5"})");
  EXPECT_EQ(ToString(LabelsBuilder(builder.Build()).Keep({"a", "x"}).Build()), R"({a="1"})");
  EXPECT_EQ(ToString(LabelsBuilder(builder.Build()).Drop({"a", "x"}).Build()), R"({c="3", d="5"})");
}

TEST(IsValidUtf8, KnowsTheEdges) {
  EXPECT_TRUE(IsValidUtf8("plain text that is longer than eight bytes"));
  EXPECT_TRUE(IsValidUtf8("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
  EXPECT_FALSE(IsValidUtf8("\xc0\x80"));          // Overlong.
  EXPECT_FALSE(IsValidUtf8("\xed\xa0\x80"));      // Surrogate.
  EXPECT_FALSE(IsValidUtf8("\xf4\x90\x80\x80"));  // Beyond U+10FFFF.
  EXPECT_FALSE(IsValidUtf8("12345678\xe2\x82"));  // Cut.
}

}  // namespace
}  // namespace tidegate::model
