#include "ingest/decode/snappy_block.h"

#include <snappy.h>

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Compress(const std::string& text) {
  std::string block;
  snappy::Compress(text.data(), text.size(), &block);
  return block;
}

// The header of a block that declares `size` bytes.
std::string Header(uint64_t size) {
  std::string header;
  for (; size >= 0x80; size >>= 7) header.push_back(static_cast<char>(size | 0x80));
  header.push_back(static_cast<char>(size));
  return header;
}

TEST(SnappyBlockTest, DecompressesWhatSnappyCompressed) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "http_requests_total" + std::to_string(i);
  const std::string block = Compress(text);
  ASSERT_LT(block.size(), text.size());
  ByteBuffer buffer;
  const auto size = DecompressedSize(block, text.size());
  ASSERT_TRUE(size.ok()) << size.status();
  const auto bytes = DecompressSnappyBlock(block, *size, &buffer);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(*bytes, text);
}

TEST(SnappyBlockTest, TheDensestBlockIsWithinTheRatio) {
  const std::string block = Compress(std::string(1 << 20, 'x'));
  EXPECT_TRUE(DecompressedSize(block, 0).ok());
}

TEST(SnappyBlockTest, AnEmptyTextIsABlock) {
  ByteBuffer buffer;
  const std::string block = Compress("");
  const auto size = DecompressedSize(block, 1);
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(*size, 0u);
  EXPECT_EQ(*DecompressSnappyBlock(block, 0, &buffer), "");
}

TEST(SnappyBlockTest, NoBytesAreNoBlock) {
  EXPECT_EQ(DecompressedSize("", 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SnappyBlockTest, TheDeclaredSizeIsHeldAgainstTheLimit) {
  const std::string block = Compress(std::string(101, 'x'));
  EXPECT_TRUE(DecompressedSize(block, 101).ok());
  const absl::Status status = DecompressedSize(block, 100).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(status.message(), "the body declares 101 bytes after decompression, the limit is 100");
}

TEST(SnappyBlockTest, AHeaderThatPromisesTooMuchIsNotBelieved) {
  const std::string block = Header(1 << 30) + "abc";
  EXPECT_EQ(DecompressedSize(block, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SnappyBlockTest, TwoGibibytesAreTooMuchForAnyLimit) {
  EXPECT_EQ(DecompressedSize(Header(uint64_t{1} << 31), 0).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(SnappyBlockTest, CorruptBytesAreRefused) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "metric" + std::to_string(i * i);
  const std::string block = Compress(text);
  ByteBuffer buffer;
  const absl::StatusCode invalid = absl::StatusCode::kInvalidArgument;
  const std::string cut = block.substr(0, block.size() - 1);
  EXPECT_EQ(DecompressSnappyBlock(cut, text.size(), &buffer).status().code(), invalid);
  const std::string longer = block + "x";
  EXPECT_EQ(DecompressSnappyBlock(longer, text.size(), &buffer).status().code(), invalid);
}

// What a sender of the framed format would send.
TEST(SnappyBlockTest, TheFramedFormatIsRefused) {
  const std::string framed("\xff\x06\x00\x00sNaPpY", 10);
  ByteBuffer buffer;
  const auto size = DecompressedSize(framed, 0);
  if (size.ok()) {
    EXPECT_FALSE(DecompressSnappyBlock(framed, *size, &buffer).ok());
  }
}

}  // namespace
}  // namespace tidegate::ingest
