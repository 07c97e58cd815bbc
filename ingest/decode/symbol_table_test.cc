#include "ingest/decode/symbol_table.h"

#include <string>

#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

class SymbolTableTest : public testing::Test {
 protected:
  // As they would lie in a request, with `behind` bytes after them.
  void Use(const std::vector<std::string>& texts, size_t behind = 0) {
    for (const std::string& text : texts) wire_ += static_cast<char>(text.size()) + text;
    wire_.append(behind, 'z');
    table_.Clear(wire_.data() + wire_.size());
    size_t at = 0;
    for (const std::string& text : texts) {
      table_.AddFramed({wire_.data() + at, text.size() + 1}, 1);
      at += text.size() + 1;
    }
  }

  std::string_view Write(const std::vector<uint32_t>& references) {
    const size_t bound = table_.Plan(references);
    const std::string_view bytes = table_.Write(&arena_);
    EXPECT_LE(bytes.size(), bound);
    return bytes;
  }

  std::string wire_;
  SymbolTable table_;
  ByteArena arena_;
};

TEST_F(SymbolTableTest, WritesCanonicalBytesWhereverSymbolsLie) {
  const model::Labels expected(
      {{"__name__", "up"}, {"instance", "a.example.org:9100"}, {"job", "node"}});
  for (const size_t behind : {0, 1, 100}) {
    wire_.clear();
    Use({"", "__name__", "up", "instance", "a.example.org:9100", "job", "node"}, behind);
    EXPECT_EQ(Write({1, 2, 3, 4, 5, 6}), expected.bytes()) << behind;
  }
}

TEST_F(SymbolTableTest, SortsWhatComesInAnyOrder) {
  Use({"", "__name__", "up", "instance", "a", "job", "node"});
  const model::Labels expected({{"__name__", "up"}, {"instance", "a"}, {"job", "node"}});
  EXPECT_EQ(Write({5, 6, 1, 2, 3, 4}), expected.bytes());
  EXPECT_EQ(Write({1, 2, 5, 6, 3, 4}), expected.bytes());
  EXPECT_EQ(Write({1, 2, 3, 4, 5, 6}), expected.bytes());
}

TEST_F(SymbolTableTest, KeepsWhatIsNoLabelSetForAdmission) {
  Use({"", "a", "b"});
  EXPECT_FALSE(model::CheckLabelBytes(Write({1, 2, 1, 2})).ok());
  EXPECT_FALSE(model::CheckLabelBytes(Write({1, 0})).ok());
  EXPECT_FALSE(model::CheckLabelBytes(Write({0, 1})).ok());
  EXPECT_EQ(Write({}), "");
}

TEST_F(SymbolTableTest, LongTextsAndOddLengthsHaveTheirOwnFraming) {
  Use({""});
  const std::string value(300, 'v');
  table_.AddText("a", &arena_);
  table_.AddText(value, &arena_);
  EXPECT_EQ(table_.text(2), value);
  EXPECT_EQ(Write({1, 2}), model::Labels({{"a", value}}).bytes());
}

TEST_F(SymbolTableTest, WhatNeighboursShareIsTheSame) {
  Use({"", "__name__", "up", "a", "b", "c", "d", "e", "f"}, 40);
  const auto labels = [this](const std::vector<uint32_t>& references) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (size_t i = 0; i < references.size(); i += 2) {
      pairs.emplace_back(table_.text(references[i]), table_.text(references[i + 1]));
    }
    return model::Labels(std::move(pairs));
  };
  for (const std::vector<uint32_t>& references :
       std::vector<std::vector<uint32_t>>{{1, 2, 3, 4, 5, 6, 7, 8},
                                          {1, 4, 3, 4, 5, 6, 7, 8},
                                          {1, 4, 3, 4, 5, 5, 7, 8},
                                          {1, 4, 3, 4},
                                          {1, 4, 3, 4, 7, 8},
                                          {7, 8, 3, 4, 1, 4},
                                          {1, 4, 3, 4, 7, 2},
                                          {1, 4},
                                          {3, 4, 1, 4},
                                          {1, 4, 5, 6},
                                          {},
                                          {1, 4, 5, 6}}) {
    EXPECT_EQ(Write(references), labels(references).bytes());
  }
}

TEST_F(SymbolTableTest, EarlierBytesStay) {
  Use({"", "a", "b", "c"});
  const std::string_view first = Write({1, 2});
  for (int i = 0; i < 1000; ++i) Write({1, 3});
  EXPECT_EQ(first, model::Labels({{"a", "b"}}).bytes());
}

}  // namespace
}  // namespace tidegate::ingest
