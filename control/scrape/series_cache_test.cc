#include "control/scrape/series_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Series are written as themselves here: text "a" has the label bytes "A".
class Scrapes {
 public:
  // The names of what is gone afterwards. Upper-case texts are known by explicit timestamps.
  std::vector<std::string> Run(const std::vector<std::string>& texts, bool lasting = true) {
    Look(texts, lasting);
    std::vector<std::string> gone;
    cache.End([&](std::string_view labels) { gone.emplace_back(labels); });
    return gone;
  }
  std::vector<std::string> Fail(const std::vector<std::string>& texts = {}) {
    Look(texts, true);
    std::vector<std::string> gone;
    cache.EndWithout([&](std::string_view labels) { gone.emplace_back(labels); });
    return gone;
  }

  SeriesCache cache;
  int added = 0;

 private:
  void Look(const std::vector<std::string>& texts, bool lasting) {
    for (const std::string& text : texts) {
      auto series = cache.Find(text);
      if (!series) {
        series = cache.Add(text, "labels of " + text);
        ++added;
      }
      EXPECT_EQ(cache.LabelBytes(*series), "labels of " + text);
      cache.Mark(*series, lasting);
    }
  }
};

TEST(SeriesCacheTest, AKnownSeriesIsFoundInAnyOrder) {
  Scrapes scrapes;
  scrapes.Run({"a", "b", "c"});
  scrapes.Run({"a", "b", "c"});
  scrapes.Run({"c", "a", "b"});
  EXPECT_EQ(scrapes.added, 3);
}

TEST(SeriesCacheTest, WhatDisappearsIsReportedOnce) {
  Scrapes scrapes;
  EXPECT_THAT(scrapes.Run({"a", "b", "c"}), IsEmpty());
  EXPECT_THAT(scrapes.Run({"a", "c"}), ElementsAre("labels of b"));
  EXPECT_THAT(scrapes.Run({"a", "c"}), IsEmpty());
  EXPECT_EQ(scrapes.cache.size(), 2u);
  EXPECT_THAT(scrapes.Run({"a", "b", "c"}), IsEmpty());
  EXPECT_EQ(scrapes.added, 4) << "b was forgotten";
}

TEST(SeriesCacheTest, WhatIsNotToLastIsNotReported) {
  Scrapes scrapes;
  scrapes.Run({"a"}, /*lasting=*/false);
  EXPECT_THAT(scrapes.Run({"b"}), IsEmpty());
}

TEST(SeriesCacheTest, ASecondSampleOfAScrapeIsRefused) {
  SeriesCache cache;
  const uint32_t series = cache.Add("a", "x");
  EXPECT_TRUE(cache.Mark(series, true));
  EXPECT_FALSE(cache.Mark(series, true));
  cache.End([](std::string_view) {});
  EXPECT_TRUE(cache.Mark(*cache.Find("a"), true));
}

TEST(SeriesCacheTest, AFailureReportsEverythingAndForgetsNothing) {
  Scrapes scrapes;
  scrapes.Run({"a", "b"});
  EXPECT_THAT(scrapes.Fail({"a", "x"}), ElementsAre("labels of a", "labels of b"));
  EXPECT_THAT(scrapes.Fail(), IsEmpty());
  EXPECT_THAT(scrapes.Run({"a", "b", "x"}), IsEmpty());
  EXPECT_EQ(scrapes.added, 3);
}

TEST(SeriesCacheTest, FailuresWithOtherSeriesEachTimeDoNotFillTheMemory) {
  Scrapes scrapes;
  scrapes.Run({"a"});
  for (int i = 0; i < 3000; ++i) scrapes.Fail({std::to_string(i)});
  EXPECT_LT(scrapes.cache.size(), 1100u);
}

TEST(SeriesCacheTest, OtherRulesReportWhatDoesNotComeBack) {
  Scrapes scrapes;
  scrapes.Run({"a", "b", "c"});
  scrapes.cache.ForgetTexts();
  EXPECT_THAT(scrapes.Run({"b", "d"}), UnorderedElementsAre("labels of a", "labels of c"));
  EXPECT_THAT(scrapes.Run({"b", "d"}), IsEmpty());
  scrapes.cache.ForgetTexts();
  EXPECT_THAT(scrapes.Fail(), UnorderedElementsAre("labels of b", "labels of d"));
}

TEST(SeriesCacheTest, AnExemplarIsNewUntilItIsNoted) {
  SeriesCache cache;
  const uint32_t series = cache.Add("a", "x");
  EXPECT_TRUE(cache.NoteExemplar(series, "{} 1"));
  EXPECT_FALSE(cache.NoteExemplar(series, "{} 1"));
  EXPECT_TRUE(cache.NoteExemplar(series, "{} 2"));
}

}  // namespace
}  // namespace tidegate::control
