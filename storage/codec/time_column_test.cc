#include "storage/codec/time_column.h"

#include <random>

#include "gtest/gtest.h"
#include "storage/codec/int_block.h"

namespace tidegate::storage {
namespace {

using std::string_literals::operator""s;
using Times = std::vector<model::TimestampMs>;

std::string Encode(const Times& times) {
  std::string out;
  EncodeTimeColumn(times, &out);
  return out;
}

Times Decode(const std::string& bytes) {
  ByteReader in(bytes);
  Times times;
  EXPECT_TRUE(DecodeTimeColumn(&in, &times));
  EXPECT_TRUE(in.done());
  return times;
}

TEST(TimeColumnTest, HasTheseBytes) {
  EXPECT_EQ(Encode({1000, 2000, 3000}), "\x00\x03\xd0\x0f\xe8\x07\x00"s);
  // One gap: after one sample, one step is missing.
  EXPECT_EQ(Encode({0, 10, 30, 40}), "\x00\x04\x00\x0a\x01\x02\x01"s);
  EXPECT_EQ(Encode({7}), "\x00\x01\x0e\x01\x00"s);
}

TEST(TimeColumnTest, GridsWithGapsComeBack) {
  Times times;
  for (int i = 0; i < 5000; ++i) {
    if (i % 97 == 13 || (i > 1000 && i < 1010)) continue;
    times.push_back(-1'000'000 + i * 15'000);
  }
  const std::string bytes = Encode(times);
  EXPECT_EQ(Decode(bytes), times);
  EXPECT_EQ(bytes[0], 0);
  EXPECT_LT(bytes.size(), 150u);
}

TEST(TimeColumnTest, JitterComesBack) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    Times times = {static_cast<int64_t>(random() % (1ull << 41)) - (1ll << 40)};
    const size_t count = 1 + random() % 2000;
    const uint64_t jitter = 1 + (random() >> (random() % 50 + 14));
    while (times.size() < count) {
      times.push_back(times.back() + 1 + static_cast<int64_t>(random() % jitter));
    }
    ASSERT_EQ(Decode(Encode(times)), times);
  }
}

TEST(TimeColumnTest, TheEndsOfTimeComeBack) {
  const Times times = {model::kMinTimestamp, -1, 0, model::kMaxTimestamp};
  EXPECT_EQ(Decode(Encode(times)), times);
  EXPECT_EQ(Decode(Encode({model::kMaxTimestamp})), Times{model::kMaxTimestamp});
}

TEST(TimeColumnTest, BrokenBytesAreRefused) {
  const std::string grid = Encode({0, 10, 30, 40});
  const std::string irregular = Encode({0, 11, 30, 47, 52, 99});
  for (const std::string& good : {grid, irregular}) {
    for (size_t size = 0; size < good.size(); ++size) {
      ByteReader in(std::string_view(good).substr(0, size));
      Times times;
      EXPECT_FALSE(DecodeTimeColumn(&in, &times)) << size;
    }
  }
}

TEST(TimeColumnTest, ColumnsThatMakeNoSenseAreRefused) {
  std::string descending;
  PutU8(1, &descending);
  PutVarint(3, &descending);
  EncodeIntBlock(Times{5, 4, 9}, &descending);
  std::string no_step = "\x00\x02\x00\x00\x00"s;
  std::string empty = "\x00\x00\x00\x01\x00"s;
  std::string gap_too_late = "\x00\x02\x00\x0a\x01\x05\x01"s;
  std::string too_many = "\x00"s;
  PutVarint(kMaxColumnTimes + 1, &too_many);
  too_many += "\x00\x01\x00"s;
  std::string beyond_time = "\x00\x03"s;
  PutZigzag(model::kMaxTimestamp - 1, &beyond_time);
  beyond_time += "\x01\x00"s;
  for (const std::string& bad : {descending, no_step, empty, gap_too_late, too_many, beyond_time}) {
    ByteReader in(bad);
    Times times;
    EXPECT_FALSE(DecodeTimeColumn(&in, &times));
    EXPECT_FALSE(in.ok());
  }
}

}  // namespace
}  // namespace tidegate::storage
