#include "storage/head/head_index.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/matcher.h"
#include "model/series_id.h"
#include "storage/head/matcher_plan.h"
#include "storage/head/postings_list.h"
#include "storage/head/series_ranking.h"
#include "storage/page/series_order.h"

namespace tidegate::storage::head {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<uint32_t> ToVector(const PostingsList& postings) {
  std::vector<uint32_t> refs;
  postings.ForEachRun([&refs](uint32_t begin, uint32_t end) {
    for (uint32_t ref = begin; ref < end; ++ref) refs.push_back(ref);
    return true;
  });
  return refs;
}

TEST(PostingsList, OneRunNeedsNoMemory) {
  PostingsList postings;
  EXPECT_THAT(ToVector(postings), IsEmpty());
  for (uint32_t ref = 1000; ref < 2000; ++ref) postings.Append(ref);
  EXPECT_EQ(postings.count(), 1000u);
  EXPECT_EQ(postings.memory_bytes(), 0u);
  EXPECT_EQ(ToVector(postings).back(), 1999u);
}

TEST(PostingsList, AnyAscendingNumbersComeBack) {
  std::mt19937_64 random(3);
  for (uint64_t spread : {1, 2, 3, 100, 1 << 20}) {
    PostingsList postings;
    std::vector<uint32_t> expected;
    uint32_t ref = static_cast<uint32_t>(random() % spread);
    for (int i = 0; i < 2000; ++i) {
      postings.Append(ref);
      expected.push_back(ref);
      ref += 1 + static_cast<uint32_t>(random() % spread);
    }
    EXPECT_EQ(ToVector(postings), expected);
    EXPECT_EQ(postings.count(), expected.size());
  }
}

TEST(PostingsList, WalkStopsWhenToldTo) {
  PostingsList postings;
  for (uint32_t ref : {1, 5, 9}) postings.Append(ref);
  int runs = 0;
  EXPECT_FALSE(postings.ForEachRun([&runs](uint32_t, uint32_t) { return ++runs < 2; }));
  EXPECT_EQ(runs, 2);
}

class HeadIndexTest : public ::testing::Test {
 protected:
  SeriesRef Add(std::vector<std::pair<std::string, std::string>> pairs) {
    labels_.emplace_back(std::move(pairs));
    return index_.Add(model::HashLabelBytes(labels_.back().bytes()), labels_.back());
  }
  std::vector<SeriesRef> Find(const std::vector<model::Matcher>& matchers) {
    return FindSeries(index_, *model::CompileMatchers(matchers));
  }

  HeadIndex index_;
  std::vector<model::Labels> labels_;
};

TEST_F(HeadIndexTest, FindsByIdAndGivesLabelsBack) {
  for (int i = 0; i < 5000; ++i) {
    Add({{"__name__", "m" + std::to_string(i % 7)}, {"i", std::to_string(i)}});
  }
  for (SeriesRef ref = 0; ref < 5000; ++ref) {
    EXPECT_EQ(index_.Find(model::HashLabelBytes(labels_[ref].bytes())), ref);
    EXPECT_EQ(index_.LabelsOf(ref), labels_[ref]);
  }
  EXPECT_EQ(index_.Find(model::HashLabelBytes("unknown")), kNoSeries);
  EXPECT_EQ(index_.size(), 5000u);
}

TEST_F(HeadIndexTest, PredictionIsOnlyAHint) {
  for (int i = 0; i < 10; ++i) Add({{"i", std::to_string(i)}});
  index_.Follow(2, 7);
  const auto id = [this](SeriesRef ref) { return index_.id(ref); };
  EXPECT_EQ(index_.Find(id(7), 2), 7u);
  EXPECT_EQ(index_.Find(id(3), 2), 3u) << "a wrong hint";
  EXPECT_EQ(index_.Find(id(0), 9), 0u) << "a hint that points behind the end";
  EXPECT_EQ(index_.Find(id(4), kNoSeries), 4u);
}

TEST_F(HeadIndexTest, ManyLabelsOfOneSeriesFit) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (int i = 0; i < 9000; ++i) pairs.emplace_back("name" + std::to_string(i), "v");
  const SeriesRef first = Add({{"a", "1"}});
  const SeriesRef wide = Add(pairs);
  const SeriesRef last = Add({{"a", "2"}});
  EXPECT_EQ(index_.pairs(wide).size(), 9000u);
  for (SeriesRef ref : {first, wide, last}) EXPECT_EQ(index_.LabelsOf(ref), labels_[ref]);
}

TEST_F(HeadIndexTest, MatchersOfEveryKind) {
  using enum model::MatchType;
  Add({{"__name__", "up"}, {"job", "a"}});
  Add({{"__name__", "up"}, {"job", "b"}, {"env", "prod"}});
  Add({{"__name__", "down"}, {"job", "a"}, {"env", "dev"}});
  EXPECT_THAT(Find({}), ElementsAre(0, 1, 2));
  EXPECT_THAT(Find({{kEqual, "__name__", "up"}}), ElementsAre(0, 1));
  EXPECT_THAT(Find({{kEqual, "__name__", "up"}, {kEqual, "job", "b"}}), ElementsAre(1));
  EXPECT_THAT(Find({{kEqual, "env", ""}}), ElementsAre(0));
  EXPECT_THAT(Find({{kNotEqual, "env", ""}}), ElementsAre(1, 2));
  EXPECT_THAT(Find({{kNotEqual, "env", "prod"}}), ElementsAre(0, 2));
  EXPECT_THAT(Find({{kRegex, "env", "prod|dev"}}), ElementsAre(1, 2));
  EXPECT_THAT(Find({{kRegex, "env", "p.*"}}), ElementsAre(1));
  EXPECT_THAT(Find({{kRegex, "env", "d?e?v?"}}), ElementsAre(0, 2));
  EXPECT_THAT(Find({{kNotRegex, "env", ".+"}}), ElementsAre(0));
  EXPECT_THAT(Find({{kEqual, "job", "none"}}), IsEmpty());
  EXPECT_THAT(Find({{kEqual, "no_such_label", ""}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(Find({{kRegex, "no_such_label", ".+"}}), IsEmpty());
}

// Against asking every matcher about every series.
TEST_F(HeadIndexTest, PlansAgreeWithBruteForce) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::pair<std::string, std::string>> pairs = {{"i", std::to_string(i)}};
    for (const char* name : {"a", "b", "c"}) {
      if (random() % 4 != 0) pairs.emplace_back(name, std::to_string(random() % 40));
    }
    Add(std::move(pairs));
  }
  const std::vector<std::string> values = {"", "3", "1|2|x", "1.*", ".*", ".+", "[0-4]", "i"};
  for (int round = 0; round < 400; ++round) {
    std::vector<model::Matcher> matchers;
    for (uint64_t n = random() % 4; n > 0; --n) {
      matchers.push_back({static_cast<model::MatchType>(random() % 4),
                          std::string(1, "abci"[random() % 4]), values[random() % values.size()]});
    }
    std::vector<SeriesRef> expected;
    const auto compiled = *model::CompileMatchers(matchers);
    for (SeriesRef ref = 0; ref < labels_.size(); ++ref) {
      const bool all = std::ranges::all_of(compiled, [&](const model::CompiledMatcher& m) {
        return m.Matches(labels_[ref].Get(m.name()));
      });
      if (all) expected.push_back(ref);
    }
    ASSERT_EQ(Find(matchers), expected) << round;
  }
}

TEST_F(HeadIndexTest, RankingIsTheOrderOfSegments) {
  std::mt19937_64 random(5);
  const std::vector<std::string> names = {"A", "__name__", "__a", "a", "b", "zz"};
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& name : names) {
      if (random() % 2 == 0) pairs.emplace_back(name, std::string(1 + random() % 3, 'x'));
    }
    if (pairs.empty()) continue;
    if (seen.insert(std::string(model::Labels(pairs).bytes())).second) Add(pairs);
  }
  std::vector<SeriesRef> refs = Find({});
  std::shuffle(refs.begin(), refs.end(), random);
  SortBySeriesOrder(index_, &refs);
  ASSERT_GT(refs.size(), 100u);
  for (size_t i = 1; i < refs.size(); ++i) {
    EXPECT_LT(CompareSeriesOrder(labels_[refs[i - 1]], labels_[refs[i]]), 0);
  }
}

}  // namespace
}  // namespace tidegate::storage::head
