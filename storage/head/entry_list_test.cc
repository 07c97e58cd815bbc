#include "storage/head/entry_list.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::storage::head {
namespace {

class EntryListTest : public testing::Test {
 protected:
  void Add(model::TimestampNs timestamp, std::string_view line, std::string_view metadata = "") {
    list_.Append({timestamp, line, metadata}, &arena_);
  }
  std::vector<std::string> Found() const {
    std::vector<std::string> lines;
    for (const EntryList::Entry& entry : list_.entries()) {
      lines.push_back(std::to_string(entry.timestamp) + std::string(entry.line()));
    }
    return lines;
  }

  TextArena arena_;
  EntryList list_;
};

using Lines = std::vector<std::string>;

TEST_F(EntryListTest, KeepsTheOrderOfArrivalAtOneTime) {
  Add(5, "b");
  Add(5, "a");
  EXPECT_FALSE(list_.settled());
  EXPECT_EQ(list_.Settle(), 0u);
  Add(5, "c");
  Add(4, "z");
  EXPECT_EQ(list_.Settle(), 0u);
  EXPECT_TRUE(list_.settled());
  EXPECT_EQ(Found(), (Lines{"4z", "5b", "5a", "5c"}));
}

TEST_F(EntryListTest, ARepeatIsLeftOutWhereverItComes) {
  Add(5, "a");
  Add(5, "a");
  EXPECT_EQ(list_.Settle(), 1u);
  Add(6, "a");
  Add(5, "a");
  Add(5, "b");
  EXPECT_EQ(list_.Settle(), 1u);
  EXPECT_EQ(Found(), (Lines{"5a", "5b", "6a"}));
}

TEST_F(EntryListTest, LineAndMetadataAreTwoThings) {
  Add(5, "ab", "c");
  Add(5, "a", "bc");
  Add(5, "abc", "");
  EXPECT_EQ(list_.Settle(), 0u);
  EXPECT_EQ(list_.entries()[1].line(), "a");
  EXPECT_EQ(list_.entries()[1].structured_metadata(), "bc");
}

TEST_F(EntryListTest, BytesOfAnySize) {
  const std::string large(1 << 20, 'x');
  Add(1, "");
  Add(2, large);
  Add(3, std::string_view("\0\xff", 2));
  list_.Settle();
  EXPECT_EQ(list_.entries()[0].line(), "");
  EXPECT_EQ(list_.entries()[1].line(), large);
  EXPECT_EQ(list_.entries()[2].line(), std::string_view("\0\xff", 2));
  EXPECT_EQ(arena_.used_bytes(), large.size() + 2);
}

TEST_F(EntryListTest, FindsByTheMillisecondOfTheEntry) {
  for (const model::TimestampNs at : {-1, 0, 999'999, 1'000'000, 2'999'999, 3'000'000}) Add(at, "");
  list_.Settle();
  EXPECT_EQ(list_.Find({0, 0}), (std::pair<size_t, size_t>{1, 3}));
  EXPECT_EQ(list_.Find({1, 2}), (std::pair<size_t, size_t>{3, 5}));
  EXPECT_EQ(list_.Find({-1, 9}), (std::pair<size_t, size_t>{0, 6}));
  EXPECT_EQ(list_.Find({1, 0}), (std::pair<size_t, size_t>{0, 0}));
}

// Against the plain rule: the first of each (time, text) in order of arrival, by time.
TEST_F(EntryListTest, AgreesWithTheRule) {
  std::mt19937 dice(7);
  for (int round = 0; round < 300; ++round) {
    list_ = EntryList();
    std::vector<std::pair<model::TimestampNs, std::string>> expected;
    std::set<std::pair<model::TimestampNs, std::string>> known;
    const unsigned times = 1 + dice() % 40;
    size_t repeats = 0;
    size_t left_out = 0;
    for (int batch = 0; batch < 6; ++batch) {
      const unsigned size = dice() % 60;
      for (unsigned i = 0; i < size; ++i) {
        const auto timestamp = static_cast<model::TimestampNs>(dice() % times);
        const std::string line = std::to_string(dice() % 50);
        Add(timestamp, line);
        if (known.insert({timestamp, line}).second) {
          expected.emplace_back(timestamp, line);
        } else {
          ++repeats;
        }
      }
      left_out += list_.Settle();
    }
    std::ranges::stable_sort(expected, {}, [](const auto& entry) { return entry.first; });
    ASSERT_EQ(left_out, repeats);
    ASSERT_EQ(list_.entries().size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(list_.entries()[i].timestamp, expected[i].first);
      ASSERT_EQ(list_.entries()[i].line(), expected[i].second);
    }
  }
}

// What a sender can do in one push must not take minutes: all backwards, all at one time.
TEST_F(EntryListTest, HostileOrdersAreNotQuadratic) {
  constexpr int kMany = 300'000;
  for (int i = kMany; i > 0; --i) Add(i, "line");
  list_.Settle();
  for (int i = 0; i < kMany; ++i) Add(7, std::to_string(i));
  list_.Settle();
  EXPECT_EQ(list_.entries().size(), size_t{2} * kMany);
}

}  // namespace
}  // namespace tidegate::storage::head
