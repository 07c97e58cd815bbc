#include "ingest/service/push_buffers.h"

#include <vector>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(PushBuffersTest, ABufferComesBackClearedAndIsUsedAgain) {
  PushBuffers pool;
  PushBuffer* first = nullptr;
  {
    const PushBuffers::Borrowed buffer = pool.Borrow();
    first = buffer.get();
    buffer->push.batch.timestamps.push_back(1);
    buffer->push.gathered_labels.emplace_back("x");
    EXPECT_EQ(pool.idle(), 0u);
  }
  EXPECT_EQ(pool.idle(), 1u);
  const PushBuffers::Borrowed again = pool.Borrow();
  EXPECT_EQ(again.get(), first);
  EXPECT_TRUE(again->push.batch.timestamps.empty());
  EXPECT_TRUE(again->push.gathered_labels.empty());
  EXPECT_GT(again->CapacityBytes(), 0u);
}

TEST(PushBuffersTest, AHugeBufferIsFreed) {
  PushBuffers pool;
  pool.Borrow()->bytes.Reserve(PushBuffers::kMaxIdleBytes + 1);
  EXPECT_EQ(pool.idle(), 0u);
  pool.Borrow()->push.batch.values.reserve(PushBuffers::kMaxIdleBytes / 8 + 1);
  EXPECT_EQ(pool.idle(), 0u);
}

TEST(PushBuffersTest, OnlySoManyAreKept) {
  PushBuffers pool;
  {
    std::vector<PushBuffers::Borrowed> buffers;
    for (size_t i = 0; i < PushBuffers::kMaxIdle + 5; ++i) buffers.push_back(pool.Borrow());
  }
  EXPECT_EQ(pool.idle(), PushBuffers::kMaxIdle);
}

}  // namespace
}  // namespace tidegate::ingest
