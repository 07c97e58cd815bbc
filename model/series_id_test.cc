#include "model/series_id.h"

#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::model {
namespace {

// The id is on disk: these values may never change.
TEST(SeriesId, IsStable) {
  const Labels labels({{"__name__", "up"}, {"job", "node"}});
  EXPECT_EQ(HashLabelBytes(""), (SeriesId{0x99aa06d3014798d8, 0x6001c324468d497f}));
  EXPECT_EQ(HashLabelBytes(labels.bytes()), (SeriesId{0x35e664a005c29b1a, 0x25846da08a5a1fd0}));
}

TEST(SeriesId, DiffersWithEveryLabel) {
  EXPECT_NE(HashLabelBytes(Labels({{"a", "1"}}).bytes()),
            HashLabelBytes(Labels({{"a", "2"}}).bytes()));
}

}  // namespace
}  // namespace tidegate::model
