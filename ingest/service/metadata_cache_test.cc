#include "ingest/service/metadata_cache.h"

#include "fmt/format.h"
#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using model::MetricMetadata;
using model::MetricType;

const MetricMetadata kUp = {"up", MetricType::kGauge, "Is it up?", ""};
const MetricMetadata kUpInfo = {"up", MetricType::kInfo, "Is it up?", ""};
const MetricMetadata kDown = {"down", MetricType::kGauge, "", "s"};

TEST(MetadataCacheTest, EverythingIsNewAtFirst) {
  MetadataCache cache;
  EXPECT_EQ(cache.Changed("a", {kUp, kDown}).changed, (std::vector<MetricMetadata>{kUp, kDown}));
}

TEST(MetadataCacheTest, WhatIsRememberedIsNotChanged) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("a", {kUp, kDown}).changed, std::vector<MetricMetadata>{kDown});
}

TEST(MetadataCacheTest, AskingDoesNotRemember) {
  MetadataCache cache;
  EXPECT_EQ(cache.Changed("a", {kUp}).changed.size(), 1u);
  EXPECT_EQ(cache.Changed("a", {kUp}).changed.size(), 1u);
}

TEST(MetadataCacheTest, EveryFieldCounts) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("a", {kUpInfo}).changed.size(), 1u);
  MetricMetadata other = kUp;
  other.help = "Is it down?";
  EXPECT_EQ(cache.Changed("a", {other}).changed.size(), 1u);
  other = kUp;
  other.unit = "s";
  EXPECT_EQ(cache.Changed("a", {other}).changed.size(), 1u);
}

TEST(MetadataCacheTest, OfAFamilySentTwiceTheLastCounts) {
  MetadataCache cache;
  EXPECT_EQ(cache.Changed("a", {kUp, kUpInfo}).changed, std::vector<MetricMetadata>{kUpInfo});
}

TEST(MetadataCacheTest, TenantsAreApart) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("b", {kUp}).changed.size(), 1u);
}

TEST(MetadataCacheTest, TooManyFamiliesAreForgotten) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  std::vector<MetricMetadata> many;
  for (size_t i = 0; i < MetadataCache::kMaxFamilies; ++i) {
    many.push_back({fmt::format("metric_{}", i), MetricType::kGauge, "", ""});
  }
  cache.Remember("a", many);
  EXPECT_EQ(cache.Changed("a", {kUp}).changed.size(), 1u);
  EXPECT_TRUE(cache.Changed("a", {many.back()}).changed.empty());
}

TEST(MetadataCacheTest, ALimitIsForNewFamilies) {
  MetadataCache cache;
  EXPECT_FALSE(cache.KnowsAll("a"));
  cache.RememberAll("a", {kUp});
  EXPECT_TRUE(cache.KnowsAll("a"));
  EXPECT_FALSE(cache.KnowsAll("b"));
  const MetadataCache::Change change = cache.Changed("a", {kUpInfo, kDown}, 1);
  EXPECT_EQ(change.changed, std::vector<MetricMetadata>{kUpInfo}) << "known families may change";
  EXPECT_EQ(change.refused, 1u);
  EXPECT_EQ(cache.Changed("a", {kDown}, 2).changed.size(), 1u);
  EXPECT_EQ(cache.Changed("a", {kDown}).refused, 0u) << "no limit";
}

}  // namespace
}  // namespace tidegate::ingest
