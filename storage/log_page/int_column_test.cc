#include "storage/log_page/int_column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace tidegate::storage {
namespace {

struct Encoded {
  std::string header;
  std::string directory;
  std::string blob;
};

Encoded Encode(const std::vector<uint64_t>& values) {
  Compressor compressor;
  UnitWriter units(&compressor);
  Encoded encoded;
  EncodeIntColumn(values, &encoded.header, &units);
  encoded.blob = units.Finish(&encoded.directory);
  return encoded;
}

std::vector<uint64_t> RoundTrip(const std::vector<uint64_t>& values) {
  const Encoded encoded = Encode(values);
  IntColumn column;
  uint32_t next_unit = 0;
  ByteReader header(encoded.header);
  EXPECT_TRUE(column.Parse(&header, static_cast<uint32_t>(values.size()), &next_unit));
  EXPECT_TRUE(header.done());
  ByteReader directory(encoded.directory);
  auto units = UnitReader::Parse(&directory, encoded.blob);
  EXPECT_TRUE(units.ok());
  EXPECT_EQ(units->size(), next_unit);
  std::vector<uint64_t> decoded;
  EXPECT_TRUE(column.Decode(&*units, &decoded).ok());
  return decoded;
}

IntColumnMode ModeOf(const std::vector<uint64_t>& values) {
  return static_cast<IntColumnMode>(Encode(values).header[0]);
}

std::vector<uint64_t> Column(size_t size, const std::function<uint64_t(uint64_t)>& at) {
  std::vector<uint64_t> values(size);
  for (size_t i = 0; i < size; ++i) values[i] = at(i);
  return values;
}

TEST(IntColumnTest, EachModeComesBack) {
  const auto constant = Column(100, [](uint64_t) { return 7; });
  EXPECT_EQ(ModeOf(constant), IntColumnMode::kConstant);
  EXPECT_EQ(RoundTrip(constant), constant);
  const auto rising = Column(3000, [](uint64_t i) { return 1'000'000 + 17 * i + i % 3; });
  EXPECT_EQ(ModeOf(rising), IntColumnMode::kDelta);
  EXPECT_EQ(RoundTrip(rising), rising);
  std::mt19937_64 random(1);
  const auto noise = Column(3000, [&](uint64_t) { return random() % 60'000; });
  EXPECT_EQ(ModeOf(noise), IntColumnMode::kFrame);
  EXPECT_EQ(RoundTrip(noise), noise);
  const auto few = Column(3000, [&](uint64_t) { return (random() % 5) * 0x123456789ABCDEF; });
  EXPECT_EQ(ModeOf(few), IntColumnMode::kDictionary);
  EXPECT_EQ(RoundTrip(few), few);
}

TEST(IntColumnTest, EdgesComeBack) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  for (const std::vector<uint64_t>& values :
       std::vector<std::vector<uint64_t>>{{0},
                                          {kMost},
                                          {0, kMost},
                                          {kMost, 0, kMost, 1},
                                          {uint64_t{1} << 63, 0},
                                          {5, 4, 3, 2, 1},
                                          {8, 16, 1024}}) {
    EXPECT_EQ(RoundTrip(values), values);
  }
}

TEST(IntColumnTest, RandomColumnsComeBack) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    const int bits = static_cast<int>(random() % 64) + 1;
    const size_t distinct = random() % 20 + 1;
    const auto values = Column(1 + random() % 300, [&](uint64_t i) {
      const uint64_t value = random() >> (64 - bits);
      return round % 2 == 0 ? value : i % distinct * 0x10001;
    });
    EXPECT_EQ(RoundTrip(values), values);
  }
}

TEST(IntColumnTest, BadHeadersAreRefused) {
  for (const std::string& header :
       std::vector<std::string>{"", "\x04\x01", "\x01\x05", std::string("\x01\x00\x00\x09", 4),
                                std::string("\x01\x00\x40\x01", 4), std::string("\x03\x00", 2),
                                std::string("\x03\x02\x03\x01", 4), std::string(1000, '\x03')}) {
    IntColumn column;
    uint32_t next_unit = 0;
    ByteReader in(header);
    EXPECT_FALSE(column.Parse(&in, 10, &next_unit)) << testing::PrintToString(header);
  }
}

}  // namespace
}  // namespace tidegate::storage
