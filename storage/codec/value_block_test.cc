#include "storage/codec/value_block.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "model/sample.h"

namespace tidegate::storage {
namespace {

using std::string_literals::operator""s;

std::string Encode(const std::vector<double>& values) {
  std::string out;
  EncodeValueBlock(values, &out);
  return out;
}

void ExpectExact(const std::vector<double>& values) {
  const std::string bytes = Encode(values);
  std::vector<double> out(values.size());
  ByteReader in(bytes);
  ASSERT_TRUE(DecodeValueBlock(&in, out));
  ASSERT_TRUE(in.done());
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(std::bit_cast<uint64_t>(out[i]), std::bit_cast<uint64_t>(values[i])) << "at " << i;
  }
}

constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(ValueBlockTest, HasTheseBytes) {
  EXPECT_EQ(Encode({1, 2, 3}), "\x00\x02\x02\x02\x00"s);    // Integers, deltas of 1.
  EXPECT_EQ(Encode({0.25, 0.5}), "\x02\x02\x32\x32\x00"s);  // Exponent 2: 25, 50.
  // Exponent 0 with one exception at 1: the stale marker.
  EXPECT_EQ(Encode({4, model::StaleNan(), 4}),
            "\x40\x01\x01\x02\x00\x00\x00\x00\x00\xf0\x7f\x00\x08"s);
}

TEST(ValueBlockTest, SpecialValuesAreExactToTheBit) {
  ExpectExact({0.0, -0.0, 0.0});
  ExpectExact({model::StaleNan()});
  ExpectExact({1, 2, std::bit_cast<double>(model::kNormalNanBits), 4, model::StaleNan()});
  ExpectExact({std::bit_cast<double>(uint64_t{0xfff8dead00000001}), -kInf, kInf});
  ExpectExact({std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max(),
               std::numeric_limits<double>::min(), -std::numeric_limits<double>::max()});
  ExpectExact({9007199254740991.0, 9007199254740992.0, 9007199254740994.0, -9007199254740993.0});
  ExpectExact({0.1, 0.2, 0.1 + 0.2, 1e15, 1e-15, 1e300, 123456789.123456789});
  ExpectExact(std::vector<double>(kMaxBlockValues, model::StaleNan()));
}

TEST(ValueBlockTest, RandomBlocksAreExact) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 4000; ++round) {
    std::vector<double> values(1 + random() % kMaxBlockValues);
    const uint64_t kind = random() % 5;
    double sum = static_cast<double>(random() % 100000);
    for (double& value : values) {
      switch (kind) {
        case 0:
          value = std::bit_cast<double>(random());
          break;
        case 1:
          value = static_cast<double>(random() % 100000) / 100;
          break;
        case 2:
          value = sum += static_cast<double>(random() % 50);
          break;
        case 3:
          value = std::generate_canonical<double, 53>(random);
          break;
        default:
          value = static_cast<double>(random() % 1000) / 1000;
          if (random() % 40 == 0) value = model::StaleNan();
      }
    }
    ASSERT_NO_FATAL_FAILURE(ExpectExact(values));
  }
}

TEST(ValueBlockTest, DecimalsTakeFewBits) {
  std::vector<double> seconds;
  for (int i = 0; i < 256; ++i) seconds.push_back((1'000'000 + i * 97 + i % 3) / 100.0);
  EXPECT_LT(Encode(seconds).size(), 256u * 4 / 8 + 16);
}

TEST(ValueBlockTest, BrokenBytesAreRefused) {
  std::vector<double> values = {1.5, 2.25, model::StaleNan(), 7};
  values.resize(40, 3);
  const std::string good = Encode(values);
  for (size_t size = 0; size < good.size(); ++size) {
    std::vector<double> out(values.size());
    ByteReader in(std::string_view(good).substr(0, size));
    EXPECT_FALSE(DecodeValueBlock(&in, out)) << size;
  }
  std::string outside = good;
  outside[2] = 40;  // The exception's position: one past the last value.
  std::vector<double> out(values.size());
  ByteReader in(outside);
  EXPECT_FALSE(DecodeValueBlock(&in, out));
  const std::string too_large = "\x10\x00\x00"s;  // 16 is no exponent.
  ByteReader exponent(too_large);
  EXPECT_FALSE(DecodeValueBlock(&exponent, out));
}

TEST(BlockSummaryTest, CountsWhatItSays) {
  const BlockSummary summary = Summarize(std::vector<double>{5, 7, 2, 2, 9, 1});
  EXPECT_EQ(summary.count, 6u);
  EXPECT_EQ(summary.first, 5);
  EXPECT_EQ(summary.last, 1);
  EXPECT_EQ(summary.min, 1);
  EXPECT_EQ(summary.max, 9);
  EXPECT_EQ(summary.resets, 2u);
  EXPECT_FALSE(summary.constant);
  EXPECT_FALSE(summary.opaque);
}

TEST(BlockSummaryTest, NanMakesItOpaque) {
  EXPECT_TRUE(Summarize(std::vector<double>{1, model::StaleNan(), 2}).opaque);
  const BlockSummary stale = Summarize(std::vector<double>(3, model::StaleNan()));
  EXPECT_TRUE(stale.opaque);
  EXPECT_TRUE(stale.constant);
}

TEST(BlockSummaryTest, ZerosOfBothSignsAreNotConstant) {
  EXPECT_FALSE(Summarize(std::vector<double>{0.0, -0.0}).constant);
}

TEST(BlockSummaryTest, ComesBackFromItsBytes) {
  std::mt19937_64 random(4);
  for (const std::vector<double>& values : {std::vector<double>{1},
                                            {1.25, 1.25},
                                            {3, 1, 2},
                                            {0.1, 0.30000000000000004, kInf},
                                            {-0.0, -0.0},
                                            {model::StaleNan()},
                                            {1e300, -1e300},
                                            {1, model::StaleNan()}}) {
    const BlockSummary summary = Summarize(values);
    std::string bytes;
    EncodeSummary(summary, &bytes);
    ByteReader in(bytes);
    BlockSummary out;
    ASSERT_TRUE(DecodeSummary(&in, summary.count, &out));
    EXPECT_TRUE(in.done());
    EXPECT_EQ(out.opaque, summary.opaque);
    EXPECT_EQ(out.constant, summary.constant);
    if (summary.opaque && !summary.constant) continue;
    EXPECT_TRUE(model::SameBits(out.first, summary.first));
    EXPECT_TRUE(model::SameBits(out.last, summary.last));
    if (summary.opaque) continue;
    EXPECT_EQ(out.min, summary.min);
    EXPECT_EQ(out.max, summary.max);
    EXPECT_EQ(out.resets, summary.resets);
  }
}

TEST(BlockSummaryTest, HasTheseBytes) {
  std::string bytes;
  EncodeSummary(Summarize(std::vector<double>{2.5, 2.5}), &bytes);
  EncodeSummary(Summarize(std::vector<double>{4, 2, 9}), &bytes);
  EncodeSummary(Summarize(std::vector<double>{4, model::StaleNan()}), &bytes);
  EXPECT_EQ(bytes, "\x01\x01\x32\x03\x00\x08\x0a\x02\x05\x01\x00"s);
}

TEST(BlockSummaryTest, BrokenBytesAreRefused) {
  BlockSummary out;
  for (const std::string& bad : {""s, "\x05"s, "\x01\x10\x00"s, "\x03\x00\x08"s, "\x02\x00"s}) {
    ByteReader in(bad);
    EXPECT_FALSE(DecodeSummary(&in, 1, &out));
    EXPECT_FALSE(in.ok());
  }
}

}  // namespace
}  // namespace tidegate::storage
