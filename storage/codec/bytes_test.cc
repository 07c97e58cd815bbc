#include "storage/codec/bytes.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::storage {
namespace {

using std::string_literals::operator""s;

std::string Varint(uint64_t value) {
  std::string out;
  PutVarint(value, &out);
  return out;
}

TEST(BytesTest, VarintsHaveTheseBytes) {
  EXPECT_EQ(Varint(0), "\x00"s);
  EXPECT_EQ(Varint(127), "\x7f"s);
  EXPECT_EQ(Varint(128), "\x80\x01"s);
  EXPECT_EQ(Varint(300), "\xac\x02"s);
  EXPECT_EQ(Varint(std::numeric_limits<uint64_t>::max()),
            "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
}

TEST(BytesTest, ZigzagKeepsSmallNumbersSmall) {
  EXPECT_EQ(ZigzagEncode(0), 0u);
  EXPECT_EQ(ZigzagEncode(-1), 1u);
  EXPECT_EQ(ZigzagEncode(1), 2u);
  for (const int64_t v : {std::numeric_limits<int64_t>::min(), int64_t{-5}, int64_t{0}, int64_t{77},
                          std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(ZigzagDecode(ZigzagEncode(v)), v);
  }
}

TEST(BytesTest, ReadsBackWhatWasWritten) {
  std::string bytes;
  PutVarint(1'000'000, &bytes);
  PutZigzag(-42, &bytes);
  PutU8(200, &bytes);
  PutFixed(uint32_t{0xdeadbeef}, &bytes);
  PutFixed(-0.5, &bytes);
  PutBytes("tide", &bytes);
  ByteReader in(bytes);
  EXPECT_EQ(in.Varint(), 1'000'000u);
  EXPECT_EQ(in.Zigzag(), -42);
  EXPECT_EQ(in.U8(), 200);
  EXPECT_EQ(in.Fixed<uint32_t>(), 0xdeadbeef);
  EXPECT_EQ(in.Fixed<double>(), -0.5);
  EXPECT_FALSE(in.done());
  EXPECT_EQ(in.Bytes(), "tide");
  EXPECT_TRUE(in.done());
}

TEST(BytesTest, FailureSticks) {
  ByteReader in("\x05tide");
  EXPECT_EQ(in.Bytes(), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.U8(), 0);
  EXPECT_EQ(in.Varint(), 0u);
  EXPECT_EQ(in.Fixed<uint64_t>(), 0u);
  EXPECT_FALSE(in.done());
}

TEST(BytesTest, VarintsEndInTimeAndFit64Bits) {
  EXPECT_EQ(ByteReader("").Varint(), 0u);
  ByteReader endless("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80");
  endless.Varint();
  EXPECT_FALSE(endless.ok());
  ByteReader too_large("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  too_large.Varint();
  EXPECT_FALSE(too_large.ok());
  ByteReader cut("\x80");
  cut.Varint();
  EXPECT_FALSE(cut.ok());
}

TEST(BytesTest, ACountMustFitTheBytesThatAreLeft) {
  std::string bytes = Varint(3) + "abcdef";
  ByteReader fits(bytes);
  EXPECT_EQ(fits.Count(2), 3u);
  EXPECT_TRUE(fits.ok());
  ByteReader does_not(bytes);
  EXPECT_EQ(does_not.Count(3), 0u);
  EXPECT_FALSE(does_not.ok());
}

}  // namespace
}  // namespace tidegate::storage
