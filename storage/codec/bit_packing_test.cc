#include "storage/codec/bit_packing.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

TEST(BitPackingTest, HasTheseBytes) {
  std::string bytes;
  PackBits(std::vector<uint64_t>{1, 2, 3, 4, 5}, 3, &bytes);
  // Lowest bit first: 001 010 011 100 101 -> 0b11010001, 0b01011000.
  EXPECT_EQ(bytes, "\xd1\x58");
}

TEST(BitPackingTest, WidthZeroTakesNothing) {
  std::string bytes = "before";
  PackBits(std::vector<uint64_t>(100), 0, &bytes);
  EXPECT_EQ(bytes, "before");
  std::vector<uint64_t> out(100, 7);
  UnpackBits("", 0, out);
  EXPECT_EQ(out, std::vector<uint64_t>(100));
}

TEST(BitPackingTest, EveryWidthAndCountComesBack) {
  std::mt19937_64 random(1);
  for (int width = 1; width <= 64; ++width) {
    for (const size_t count : {1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 256}) {
      std::vector<uint64_t> values(count);
      for (uint64_t& value : values) value = random() >> (64 - width);
      std::string bytes;
      PackBits(values, width, &bytes);
      ASSERT_EQ(bytes.size(), PackedSize(count, width));
      std::vector<uint64_t> out(count);
      // A copy of exactly this size: a sanitizer sees a read past the end.
      const std::vector<char> exact(bytes.begin(), bytes.end());
      UnpackBits({exact.data(), exact.size()}, width, out);
      ASSERT_EQ(out, values) << "width " << width << " count " << count;
    }
  }
}

TEST(BitPackingTest, AppendsBehindOtherBytes) {
  std::string bytes = "x";
  PackBits(std::vector<uint64_t>{~uint64_t{0}, 0}, 64, &bytes);
  EXPECT_EQ(bytes.size(), 17u);
  EXPECT_EQ(bytes[0], 'x');
}

}  // namespace
}  // namespace tidegate::storage
