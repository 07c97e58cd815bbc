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
  EXPECT_EQ(cache.Changed("a", {kUp, kDown}), (std::vector<MetricMetadata>{kUp, kDown}));
}

TEST(MetadataCacheTest, WhatIsRememberedIsNotChanged) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("a", {kUp, kDown}), std::vector<MetricMetadata>{kDown});
}

TEST(MetadataCacheTest, AskingDoesNotRemember) {
  MetadataCache cache;
  EXPECT_EQ(cache.Changed("a", {kUp}).size(), 1u);
  EXPECT_EQ(cache.Changed("a", {kUp}).size(), 1u);
}

TEST(MetadataCacheTest, EveryFieldCounts) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("a", {kUpInfo}).size(), 1u);
  MetricMetadata other = kUp;
  other.help = "Is it down?";
  EXPECT_EQ(cache.Changed("a", {other}).size(), 1u);
  other = kUp;
  other.unit = "s";
  EXPECT_EQ(cache.Changed("a", {other}).size(), 1u);
}

TEST(MetadataCacheTest, OfAFamilySentTwiceTheLastCounts) {
  MetadataCache cache;
  EXPECT_EQ(cache.Changed("a", {kUp, kUpInfo}), std::vector<MetricMetadata>{kUpInfo});
}

TEST(MetadataCacheTest, TenantsAreApart) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  EXPECT_EQ(cache.Changed("b", {kUp}).size(), 1u);
}

TEST(MetadataCacheTest, TooManyFamiliesAreForgotten) {
  MetadataCache cache;
  cache.Remember("a", {kUp});
  std::vector<MetricMetadata> many;
  for (size_t i = 0; i < MetadataCache::kMaxFamilies; ++i) {
    many.push_back({fmt::format("metric_{}", i), MetricType::kGauge, "", ""});
  }
  cache.Remember("a", many);
  EXPECT_EQ(cache.Changed("a", {kUp}).size(), 1u);
  EXPECT_TRUE(cache.Changed("a", {many.back()}).empty());
}

}  // namespace
}  // namespace tidegate::ingest
