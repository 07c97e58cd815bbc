#include "ingest/prometheus_block/chunk_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>

#include "ingest/prometheus_block/bit_reader.h"

namespace tidegate::ingest {
namespace {

using testing::ElementsAre;

TEST(BitReader, ReadsAcrossWords) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes.push_back(static_cast<char>(i * 37));
  for (int width = 1; width <= 64; ++width) {
    BitReader in(bytes);
    size_t bit = 0;
    for (; bit + static_cast<size_t>(width) <= bytes.size() * 8;
         bit += static_cast<size_t>(width)) {
      uint64_t expected = 0;
      for (size_t i = bit; i < bit + static_cast<size_t>(width); ++i) {
        expected = expected << 1 | (static_cast<uint8_t>(bytes[i / 8]) >> (7 - i % 8) & 1);
      }
      ASSERT_EQ(in.Bits(width), expected) << width << " at " << bit;
    }
    EXPECT_FALSE(in.failed());
    in.Bits(static_cast<int>(bytes.size() * 8 - bit) + 1);
    EXPECT_TRUE(in.failed()) << width;
  }
}

TEST(ChunkReader, ReadsTheBytesThatPrometheusWrites) {
  // Three samples 1 s apart: count, zigzag 1000, 1.0, delta 1000, no change twice.
  const std::string chunk("\x00\x03\xD0\x0F\x3F\xF0\x00\x00\x00\x00\x00\x00\xE8\x07\x00", 15);
  ChunkSamples samples;
  ASSERT_TRUE(ReadChunk(BlockChunkEncoding::kXor, chunk, &samples).ok());
  EXPECT_THAT(samples.timestamps, ElementsAre(1000, 2000, 3000));
  EXPECT_THAT(samples.values, ElementsAre(1, 1, 1));
  for (size_t size = 0; size < 14; ++size) {
    ChunkSamples part;
    EXPECT_EQ(ReadChunk(BlockChunkEncoding::kXor, chunk.substr(0, size), &part).ok(), size < 2)
        << size;
  }
}

TEST(ChunkReader, DeltasOfDeltasHaveFourWidths) {
  // Deltas of 1, 1, 1 + 8192, then 1 + 8192 - 8191 = 2.
  const std::string head("\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", 12);
  // 0: same delta, same value; 10 + 14 bits 0x2000 = 8192; 0; 110 + 17 bits of -8191.
  uint64_t bits = 0;
  int used = 0;
  const auto put = [&](uint64_t value, int width) {
    bits = bits << width | (value & ((uint64_t{1} << width) - 1));
    used += width;
  };
  put(0, 1);                               // The value of the second sample.
  put(0b10, 2), put(8192, 14), put(0, 1);  // The third.
  put(0b110, 3), put(static_cast<uint64_t>(-8191), 17), put(0, 1);
  bits <<= 64 - used;
  std::string chunk = head;
  for (int shift = 56; shift >= 0; shift -= 8) chunk.push_back(static_cast<char>(bits >> shift));
  ChunkSamples samples;
  ASSERT_TRUE(ReadChunk(BlockChunkEncoding::kXor, chunk, &samples).ok());
  EXPECT_THAT(samples.timestamps, ElementsAre(0, 1, 8194, 8196));
}

TEST(ChunkReader, BrokenChunksAreErrors) {
  ChunkSamples samples;
  for (const auto encoding :
       {BlockChunkEncoding::kHistogram, BlockChunkEncoding::kFloatHistogram}) {
    EXPECT_FALSE(ReadChunk(encoding, std::string("\x00\x05\x00\x00", 4), &samples).ok());
    EXPECT_FALSE(ReadChunk(encoding, std::string(40, '\xff'), &samples).ok());
  }
  EXPECT_FALSE(ReadChunk(static_cast<BlockChunkEncoding>(9), "abc", &samples).ok());
}

}  // namespace
}  // namespace tidegate::ingest
