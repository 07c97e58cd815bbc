#include "ingest/decode/byte_buffer.h"

#include <cstring>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

TEST(ByteBufferTest, StartsEmpty) { EXPECT_EQ(ByteBuffer().capacity(), 0u); }

TEST(ByteBufferTest, GrowsToWhatIsAsked) {
  ByteBuffer buffer;
  std::memset(buffer.Reserve(100), 1, 100);
  std::memset(buffer.Reserve(5000), 2, 5000);
  EXPECT_EQ(buffer.capacity(), 5000u);
}

TEST(ByteBufferTest, ASmallerReservationReusesTheBytes) {
  ByteBuffer buffer;
  char* const large = buffer.Reserve(100);
  EXPECT_EQ(buffer.Reserve(10), large);
  EXPECT_EQ(buffer.capacity(), 100u);
}

TEST(ByteBuffer, GrowKeepsWhatIsThere) {
  ByteBuffer buffer;
  std::memcpy(buffer.Grow(4, 0), "abcd", 4);
  EXPECT_EQ(std::string_view(buffer.Grow(1000, 4), 4), "abcd");
  EXPECT_EQ(std::string_view(buffer.Grow(10, 4), 4), "abcd");
  EXPECT_EQ(buffer.capacity(), 1000u);
}

}  // namespace
}  // namespace tidegate::ingest
