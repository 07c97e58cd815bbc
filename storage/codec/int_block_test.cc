#include "storage/codec/int_block.h"

#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

using std::string_literals::operator""s;

std::string Encode(const std::vector<int64_t>& values) {
  std::string out;
  EncodeIntBlock(values, &out);
  return out;
}

std::vector<int64_t> Decode(const std::string& bytes, size_t count) {
  std::vector<int64_t> values(count);
  ByteReader in(bytes);
  EXPECT_TRUE(DecodeIntBlock(&in, values));
  EXPECT_TRUE(in.done());
  return values;
}

TEST(IntBlockTest, HasTheseBytes) {
  EXPECT_EQ(Encode({5, 5, 5}), "\x00\x0a"s);                       // Constant 5.
  EXPECT_EQ(Encode({10, 13, 10}), "\x01\x14\x02\x0c"s);            // From 10 on: 0, 3, 0 in 2 bits.
  EXPECT_EQ(Encode({0, 100, 200, 300}), "\x02\x00\xc8\x01\x00"s);  // Deltas of 100, no bits.
  // Multiples of 1024 lose ten bits: frame, shift 10; 0, 1, 3, 1, 0 in 2 bits.
  EXPECT_EQ(Encode({0, 1024, 3072, 1024, 0}), "\x29\x00\x02\x74\x00"s);
}

TEST(IntBlockTest, ExtremesComeBack) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  for (const std::vector<int64_t>& values : {std::vector<int64_t>{kMin},
                                             {kMax},
                                             {kMin, kMax},
                                             {kMax, kMin, 0, -1, 1},
                                             {kMin, kMin, kMax},
                                             {0, kMin},
                                             {-1, kMax, -1, kMax}}) {
    EXPECT_EQ(Decode(Encode(values), values.size()), values);
  }
}

TEST(IntBlockTest, RandomBlocksComeBack) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 3000; ++round) {
    std::vector<int64_t> values(1 + random() % kMaxBlockValues);
    const int shift = static_cast<int>(random() % 64);
    const bool running = random() % 2 == 0;
    uint64_t sum = random() >> (random() % 64);
    for (int64_t& value : values) {
      const uint64_t step = random() >> shift;
      sum = running ? sum + step : step;
      value = static_cast<int64_t>(sum);
    }
    ASSERT_EQ(Decode(Encode(values), values.size()), values);
  }
}

TEST(IntBlockTest, ACounterTakesTheBitsOfItsSteps) {
  std::vector<int64_t> counter;
  for (int i = 0; i < 256; ++i) counter.push_back(1'000'000'000 + i * 1000 + i % 8);
  EXPECT_LT(Encode(counter).size(), 256u * 5 / 8);
}

TEST(IntBlockTest, BrokenBytesAreRefused) {
  const std::string good = Encode({10, 13, 10, 12, 11});
  for (size_t size = 0; size < good.size(); ++size) {
    std::vector<int64_t> values(5);
    ByteReader in(std::string_view(good).substr(0, size));
    EXPECT_FALSE(DecodeIntBlock(&in, values)) << size;
    EXPECT_FALSE(in.ok());
  }
  for (const std::string& bad :
       {"\x03\x00\x00"s, "\x01\x00\x41\x00"s, "\xfd\x00\x02\x00"s, "\x04\x00"s}) {
    std::vector<int64_t> values(1);
    ByteReader in(bad);
    EXPECT_FALSE(DecodeIntBlock(&in, values));
  }
  std::vector<int64_t> none;
  ByteReader in(good);
  EXPECT_FALSE(DecodeIntBlock(&in, none));
}

}  // namespace
}  // namespace tidegate::storage
