#include "storage/store/catalogue_copy.h"

#include "gtest/gtest.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

CatalogueState TwoSegments() {
  CatalogueState state;
  state.next_number = 12;
  state.commits = 7;
  state.deletions[5] = {.number = 5,
                        .tenant = "team-a",
                        .range = {.min = -1, .max = 1'000},
                        .matchers = {{model::MatchType::kRegex, "job", "a.*"}}};
  for (const uint64_t position : {100, 200}) {
    SegmentEntry entry;
    entry.id = {.tenant = "default",
                .origin = SegmentOrigin::kCut,
                .position = {position},
                .producer = 3,
                .span = SpanContaining(0, 2 * kHourMs)};
    entry.partition = SpanContaining(0, kDayMs);
    entry.rank = position;
    entry.range = {.min = 5, .max = 50};
    state.segments[entry.id] = entry;
  }
  state.producers[3] = {200};
  return state;
}

TEST(CatalogueCopyTest, SurvivesTheRoundTrip) {
  for (const CatalogueState& state : {CatalogueState(), TwoSegments()}) {
    const auto decoded = DecodeCatalogueState(EncodeCatalogueState(state));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, state);
  }
}

TEST(CatalogueCopyTest, EveryFlippedBitAndEveryCutIsDamage) {
  const std::string whole = EncodeCatalogueState(TwoSegments());
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    EXPECT_TRUE(absl::IsDataLoss(DecodeCatalogueState(bytes).status())) << i;
    EXPECT_TRUE(absl::IsDataLoss(DecodeCatalogueState(whole.substr(0, i)).status())) << i;
  }
}

TEST(CatalogueCopyTest, TheFileIsReplacedAsAWhole) {
  const std::string path = testing::TempDir() + "/CATALOGUE";
  EXPECT_TRUE(absl::IsNotFound(ReadCatalogueCopy(path).status()));
  ASSERT_TRUE(WriteCatalogueCopy(path, CatalogueState()).ok());
  ASSERT_TRUE(WriteCatalogueCopy(path, TwoSegments()).ok());
  EXPECT_EQ(*ReadCatalogueCopy(path), TwoSegments());
  EXPECT_FALSE(WriteCatalogueCopy("/nowhere/CATALOGUE", TwoSegments()).ok());
}

}  // namespace
}  // namespace tidegate::storage
