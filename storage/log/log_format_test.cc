#include "storage/log/log_format.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/log.h"

namespace tidegate::storage {
namespace {

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const unsigned char byte : bytes) hex += fmt::format("{:02x}", byte);
  return hex;
}

constexpr SegmentIdentity kSegment = {.log_id = 0x1122334455667788, .number = 3};

std::string Frame(const FrameHeader& header, uint64_t position) {
  std::string bytes(kFrameHeaderBytes, '\0');
  EncodeFrameHeader(header, kSegment, position, bytes.data());
  return bytes;
}

// Golden bytes: what is on disks must be readable for ever. A change here is a new format version.

TEST(LogFormatTest, GoldenSegmentHeader) {
  EXPECT_EQ(Hex(EncodeSegmentHeader(
                {.identity = kSegment, .base = 0x5000, .continues_from = 0x4000, .epoch = 7})),
            "54474c4f47534547010000000000000088776655443322110300000000000000"
            "00500000000000000040000000000000070000000000000045743c9a01d1aabd");
}

TEST(LogFormatTest, GoldenFrameHeader) {
  EXPECT_EQ(
      Hex(Frame({.length = 5, .unsynced = 16, .payload_check = PayloadCheck("hello")}, 0x5040)),
      "0500000010000000fddc625c55e855958da483a015644054");
}

TEST(LogFormatTest, GoldenSeal) {
  EXPECT_EQ(Hex(Frame({.payload_check = PayloadCheck("")}, 0x5040)),
            "0000000000000000c294d3380580062d6bc5204ed7a57444");
}

TEST(LogFormatTest, GoldenStateAndEpoch) {
  EXPECT_EQ(Hex(EncodeLogState({.log_id = 0x1122334455667788, .begin = 0x5000})),
            "54474c4f47535441010000000000000088776655443322110050000000000000"
            "8f33c6d539218e83");
  EXPECT_EQ(Hex(EncodeEpoch(7)),
            "54474c4f4745504f01000000000000000700000000000000d42861b80a6857d7");
}

TEST(LogFormatTest, GoldenNames) {
  EXPECT_EQ(SegmentFileName(0x1f, 0xabcdef), "000000000000001f-0000000000abcdef.segment");
  EXPECT_EQ(SpareFileName(4), "spare-4");
}

TEST(LogFormatTest, FramesAreHeaderPayloadAndPadding) {
  EXPECT_EQ(FrameBytes(0), 24u);
  EXPECT_EQ(FrameBytes(1), 32u);
  EXPECT_EQ(FrameBytes(8), 32u);
  EXPECT_EQ(FrameBytes(9), 40u);
}

TEST(LogFormatTest, RecordsComeBack) {
  const auto header = DecodeSegmentHeader(EncodeSegmentHeader(
      {.identity = kSegment, .base = 0x5000, .continues_from = 0x4000, .epoch = 7}));
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->identity, kSegment);
  EXPECT_EQ(header->base, 0x5000u);
  EXPECT_EQ(header->continues_from, 0x4000u);
  EXPECT_EQ(header->epoch, 7u);
  const auto state = DecodeLogState(EncodeLogState({.log_id = 9, .begin = 8}));
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->log_id, 9u);
  EXPECT_EQ(state->begin, 8u);
  EXPECT_EQ(DecodeEpoch(EncodeEpoch(~uint64_t{0})).value(), ~uint64_t{0});
}

TEST(LogFormatTest, EveryFlippedBitOfARecordIsDamage) {
  const std::string intact =
      EncodeSegmentHeader({.identity = kSegment, .base = 0x5000, .continues_from = 0x5000});
  for (size_t bit = 0; bit < intact.size() * 8; ++bit) {
    std::string bytes = intact;
    bytes[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_TRUE(absl::IsDataLoss(DecodeSegmentHeader(bytes).status())) << bit;
  }
  for (size_t length = 0; length < intact.size(); ++length) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeSegmentHeader(intact.substr(0, length)).status())) << length;
  }
}

TEST(LogFormatTest, ARecordOfAnotherKindIsDamage) {
  EXPECT_TRUE(absl::IsDataLoss(DecodeEpoch(EncodeLogState({})).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeLogState(EncodeEpoch(1)).status()));
}

TEST(LogFormatTest, ASegmentCannotGoOnBehindItsOwnBase) {
  EXPECT_TRUE(absl::IsDataLoss(
      DecodeSegmentHeader(
          EncodeSegmentHeader({.identity = kSegment, .base = 8, .continues_from = 16}))
          .status()));
}

TEST(LogFormatTest, EveryFlippedBitOfAFrameHeaderIsRefused) {
  const std::string intact = Frame({.length = 100, .unsynced = 8, .payload_check = 42}, 0x5040);
  ASSERT_TRUE(DecodeFrameHeader(intact, kSegment, 0x5040).has_value());
  for (size_t bit = 0; bit < intact.size() * 8; ++bit) {
    std::string bytes = intact;
    bytes[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_FALSE(DecodeFrameHeader(bytes, kSegment, 0x5040).has_value()) << bit;
  }
}

TEST(LogFormatTest, AFrameIsValidInItsSegmentAndAtItsPositionOnly) {
  const std::string bytes = Frame({.length = 100, .payload_check = 42}, 0x5040);
  EXPECT_FALSE(DecodeFrameHeader(bytes, kSegment, 0x5048).has_value());
  EXPECT_FALSE(
      DecodeFrameHeader(bytes, {.log_id = kSegment.log_id, .number = 4}, 0x5040).has_value());
  EXPECT_FALSE(
      DecodeFrameHeader(bytes, {.log_id = 1, .number = kSegment.number}, 0x5040).has_value());
}

TEST(LogFormatTest, FramesThatCannotBeAreRefusedHoweverWellChecked) {
  EXPECT_FALSE(
      DecodeFrameHeader(Frame({.length = kMaxLogFrameBytes + 1}, 8), kSegment, 8).has_value());
  EXPECT_FALSE(DecodeFrameHeader(Frame({.unsynced = 9}, 8), kSegment, 8).has_value());
  EXPECT_FALSE(DecodeFrameHeader(std::string(24, '\0'), kSegment, 8).has_value());
  EXPECT_FALSE(DecodeFrameHeader(std::string(23, '\0'), kSegment, 8).has_value());
}

TEST(LogFormatTest, OnlyItsOwnSpellingIsASegmentName) {
  const auto name = ParseSegmentFileName("000000000000001f-0000000000abcdef.segment");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->number, 0x1fu);
  EXPECT_EQ(name->base, 0xabcdefu);
  for (const char* other :
       {"", "STATE", "000000000000001F-0000000000abcdef.segment",
        "000000000000001f_0000000000abcdef.segment", "000000000000001f-0000000000abcdef.segmen",
        "000000000000001f-0000000000abcdef.segment~", "-00000000000001f-0000000000abcdef.segment",
        "0x0000000000001f-0000000000abcdef.segment"}) {
    EXPECT_FALSE(ParseSegmentFileName(other).has_value()) << other;
  }
  EXPECT_TRUE(IsSpareFileName("spare-12"));
  EXPECT_FALSE(IsSpareFileName("000000000000001f-0000000000abcdef.segment"));
}

}  // namespace
}  // namespace tidegate::storage
