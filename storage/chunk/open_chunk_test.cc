#include "storage/chunk/open_chunk.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/chunk/chunk_decoder.h"

namespace tidegate::storage::chunk {
namespace {

using model::TimestampMs;

// A chunk with its pool, and what went in.
class ChunkTester {
 public:
  ChunkTester& Add(TimestampMs timestamp, double value) {
    chunk_.Append(timestamp, value, pool_);
    timestamps_.push_back(timestamp);
    bits_.push_back(std::bit_cast<uint64_t>(value));
    return *this;
  }

  // Everything that went in comes out, bit for bit, and the state knows the ends.
  void ExpectRoundTrip() const {
    std::string stream;
    chunk_.CopyStream(pool_, &stream);
    std::vector<TimestampMs> timestamps;
    std::vector<double> values;
    DecodeChunk(chunk_, stream, &timestamps, &values);
    ASSERT_EQ(timestamps, timestamps_);
    ASSERT_EQ(values.size(), bits_.size());
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(std::bit_cast<uint64_t>(values[i]), bits_[i]) << "sample " << i;
    }
    ASSERT_EQ(static_cast<size_t>(chunk_.count()), timestamps_.size());
    if (timestamps_.empty()) return;
    EXPECT_EQ(chunk_.first_timestamp(), timestamps_.front());
    EXPECT_EQ(chunk_.last_timestamp(), timestamps_.back());
    EXPECT_EQ(chunk_.last_bits(), bits_.back());
  }

  size_t StreamBytes() const {
    std::string stream;
    chunk_.CopyStream(pool_, &stream);
    return stream.size();
  }
  size_t PoolBytes() const { return pool_.used_bytes(); }
  const OpenChunk& chunk() const { return chunk_; }

 private:
  PiecePool pool_;
  OpenChunk chunk_ = {};
  std::vector<TimestampMs> timestamps_;
  std::vector<uint64_t> bits_;
};

constexpr TimestampMs kStart = 1'700'000'000'000;

TEST(OpenChunk, EmptyChunkHasNoSamples) {
  ChunkTester tester;
  EXPECT_TRUE(tester.chunk().empty());
  EXPECT_TRUE(tester.chunk().range().empty());
  tester.ExpectRoundTrip();
}

TEST(OpenChunk, ConstantRegularSeriesNeedsNoStream) {
  ChunkTester tester;
  for (int i = 0; i < OpenChunk::kMaxSamples; ++i) {
    tester.Add(kStart + i * 15'000, 42.5);
    ASSERT_NO_FATAL_FAILURE(tester.ExpectRoundTrip());
  }
  EXPECT_EQ(tester.PoolBytes(), 0u);
  EXPECT_TRUE(tester.chunk().full());
}

TEST(OpenChunk, EveryPrefixOfARunThatBreaksComesBack) {
  for (int run : {0, 1, 2, 3, 12, 13, 14, 15, 31, 32, 33, 200, 400}) {
    ChunkTester tester;
    for (int i = 0; i < run; ++i) tester.Add(kStart + i * 1000, 1);
    for (int i = run; i < run + 40; ++i) {
      tester.Add(kStart + i * 1000, i % 7 == 0 ? 2 : 1);
      ASSERT_NO_FATAL_FAILURE(tester.ExpectRoundTrip()) << "run " << run << " then " << i;
    }
  }
}

TEST(OpenChunk, LongRunInsideAChunkCostsAFewBits) {
  ChunkTester tester;
  tester.Add(kStart, 1).Add(kStart + 1000, 2);
  for (int i = 2; i < 400; ++i) tester.Add(kStart + i * 1000, 2);
  tester.Add(kStart + 400'000, 3);
  tester.ExpectRoundTrip();
  EXPECT_LE(tester.StreamBytes(), 24u);
}

TEST(OpenChunk, SpecialValuesKeepTheirBits) {
  const double payload_nan = std::bit_cast<double>(uint64_t{0xFFF8DEADBEEF0001});
  const std::vector<double> values = {0.0,
                                      -0.0,
                                      model::StaleNan(),
                                      std::bit_cast<double>(model::kNormalNanBits),
                                      payload_nan,
                                      std::numeric_limits<double>::infinity(),
                                      -std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::denorm_min(),
                                      std::numeric_limits<double>::max(),
                                      std::numeric_limits<double>::lowest(),
                                      9007199254740991.0,
                                      9007199254740992.0,
                                      -9007199254740993.0,
                                      0.1,
                                      1e-7,
                                      123456.789012};
  for (double first : values) {
    for (double second : values) {
      ChunkTester tester;
      tester.Add(kStart, first).Add(kStart + 15'000, second).Add(kStart + 30'000, first);
      tester.Add(kStart + 45'000, first).Add(kStart + 60'001, second);
      ASSERT_NO_FATAL_FAILURE(tester.ExpectRoundTrip()) << first << " " << second;
    }
  }
}

TEST(OpenChunk, TimestampsMayBeAnywhere) {
  ChunkTester tester;
  tester.Add(model::kMinTimestamp, 1).Add(model::kMinTimestamp + 1, 1).Add(-5, 1).Add(0, 1);
  tester.Add(1, 2).Add(2, 2).Add(kStart, 2).Add(model::kMaxTimestamp - 1, 2);
  tester.Add(model::kMaxTimestamp, 3);
  tester.ExpectRoundTrip();
}

TEST(OpenChunk, IntegerCounterIsCompact) {
  ChunkTester tester;
  std::mt19937_64 random(1);
  double value = 123456789;
  for (int i = 0; i < 120; ++i) {
    value += static_cast<double>(random() % 1000);
    tester.Add(kStart + i * 15'000, value);
  }
  tester.ExpectRoundTrip();
  EXPECT_LE(tester.StreamBytes(), 120 * 14 / 8 + 20u);  // 3 bits of symbol, 11 of difference.
}

TEST(OpenChunk, DecimalCounterIsCompact) {
  ChunkTester tester;
  std::mt19937_64 random(1);
  int64_t hundredths = 9876543;
  for (int i = 0; i < 120; ++i) {
    hundredths += static_cast<int64_t>(random() % 1500);
    tester.Add(kStart + i * 15'000, static_cast<double>(hundredths) / 100);
  }
  tester.ExpectRoundTrip();
  EXPECT_LE(tester.StreamBytes(), 120 * 16 / 8 + 30u);
}

TEST(OpenChunk, TrueDoublesStayNearTheirOwnSize) {
  ChunkTester tester;
  std::mt19937_64 random(1);
  for (int i = 0; i < 120; ++i) {
    tester.Add(kStart + i * 15'000, std::ldexp(static_cast<double>(random() >> 12), -40));
  }
  tester.ExpectRoundTrip();
  EXPECT_LE(tester.StreamBytes(), 120 * 9u);
}

// Values and times of many kinds, changing kind in the middle.
double NextValue(std::mt19937_64& random, int kind, double last) {
  switch (kind) {
    case 0:
      return last;
    case 1:
      return std::isfinite(last) ? std::rint(last) + static_cast<double>(random() % 100) : 0;
    case 2:
      return static_cast<double>(static_cast<int64_t>(random() % 100'000)) / 100;
    case 3:
      return std::bit_cast<double>(random());
    case 4:
      return last * 1.0000001;
    default:
      return model::StaleNan();
  }
}

TEST(OpenChunk, RandomMixturesComeBack) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    std::mt19937_64 random(seed);
    ChunkTester tester;
    TimestampMs time = kStart;
    double value = 0;
    const int count = 1 + static_cast<int>(random() % OpenChunk::kMaxSamples);
    int kind = 0;
    for (int i = 0; i < count; ++i) {
      if (random() % 20 == 0) kind = static_cast<int>(random() % 6);
      value = NextValue(random, kind, value);
      tester.Add(time, value);
      time += 15'000;
      if (random() % 10 == 0)
        time += static_cast<TimestampMs>(random() % (1ull << (random() % 40)));
    }
    ASSERT_NO_FATAL_FAILURE(tester.ExpectRoundTrip()) << "seed " << seed;
  }
}

TEST(PiecePool, PiecesDoNotOverlapAcrossSlabs) {
  PiecePool pool;
  std::vector<PieceHandle> pieces;
  const size_t sizes[] = {32, 64, 128};
  for (size_t i = 0; i < 20'000; ++i) {
    const PieceHandle piece = pool.Allocate(sizes[i % 3]);
    ASSERT_NE(piece, 0u);
    for (size_t at = 0; at < sizes[i % 3]; ++at) pool.At(piece)[at] = static_cast<uint8_t>(i);
    pieces.push_back(piece);
  }
  for (size_t i = 0; i < pieces.size(); ++i) {
    for (size_t at = 0; at < sizes[i % 3]; ++at) {
      ASSERT_EQ(pool.At(pieces[i])[at], static_cast<uint8_t>(i));
    }
  }
}

}  // namespace
}  // namespace tidegate::storage::chunk
