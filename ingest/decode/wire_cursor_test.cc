#include "ingest/decode/wire_cursor.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

// A cursor over bytes of its own.
struct Document {
  explicit Document(std::string text)
      : bytes(std::move(text)), cursor(bytes, kMaxWireDepth, &failure) {}

  int64_t failed_at() const { return failure.at == nullptr ? -1 : failure.at - bytes.data(); }

  std::string bytes;
  WireFailure failure;
  WireCursor cursor;
};

std::string Bytes(std::initializer_list<int> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(WireCursorTest, ReadsVarintsOfEveryLength) {
  for (int bits = 0; bits < 64; ++bits) {
    const uint64_t value = uint64_t{1} << bits;
    std::string bytes;
    for (uint64_t rest = value; rest > 0; rest >>= 7) {
      bytes.push_back(static_cast<char>(rest >= 0x80 ? rest | 0x80 : rest));
    }
    Document document(bytes);
    uint64_t read = 0;
    ASSERT_TRUE(document.cursor.ReadVarint(&read));
    EXPECT_EQ(read, value);
    EXPECT_TRUE(document.cursor.done());
  }
}

TEST(WireCursorTest, AVarintMayBeLongerThanNeeded) {
  Document document(Bytes({0x85, 0x80, 0x80, 0x00}));
  uint64_t value = 0;
  ASSERT_TRUE(document.cursor.ReadVarint(&value));
  EXPECT_EQ(value, 5u);
}

TEST(WireCursorTest, TheTenthByteLosesWhatIsBeyond64Bits) {
  Document document(std::string(9, '\xff') + "\x7f");
  uint64_t value = 0;
  ASSERT_TRUE(document.cursor.ReadVarint(&value));
  EXPECT_EQ(value, std::numeric_limits<uint64_t>::max());
}

TEST(WireCursorTest, ElevenBytesAreNoVarint) {
  Document document("\x01" + std::string(10, '\x80') + std::string(1, '\x01'));
  uint64_t value = 0;
  ASSERT_TRUE(document.cursor.ReadVarint(&value));
  EXPECT_FALSE(document.cursor.ReadVarint(&value));
  EXPECT_EQ(document.failed_at(), 1);
}

TEST(WireCursorTest, ATruncatedVarintNamesItsStart) {
  Document document(Bytes({0x01, 0x80, 0x80}));
  uint64_t value = 0;
  ASSERT_TRUE(document.cursor.ReadVarint(&value));
  EXPECT_FALSE(document.cursor.ReadVarint(&value));
  EXPECT_EQ(document.failed_at(), 1);
  EXPECT_STREQ(document.failure.reason, "truncated varint");
}

TEST(WireCursorTest, TagsHaveAtMostFiveBytesAndAFieldNumber) {
  uint32_t tag = 0;
  Document five(Bytes({0x8a, 0x80, 0x80, 0x80, 0x00}));
  ASSERT_TRUE(five.cursor.ReadTag(&tag));
  EXPECT_EQ(tag, WireTag(1, WireType::kBytes));
  EXPECT_FALSE(Document(Bytes({0x8a, 0x80, 0x80, 0x80, 0x80, 0x00})).cursor.ReadTag(&tag));
  for (int number_0 = 0; number_0 < 8; ++number_0) {
    EXPECT_FALSE(Document(Bytes({number_0})).cursor.ReadTag(&tag));
  }
}

TEST(WireCursorTest, LengthsStayWithinTheMessage) {
  std::string_view bytes;
  Document exact(Bytes({3, 'a', 'b', 'c'}));
  ASSERT_TRUE(exact.cursor.ReadBytes(&bytes));
  EXPECT_EQ(bytes, "abc");
  EXPECT_TRUE(exact.cursor.done());
  Document beyond(Bytes({4, 'a', 'b', 'c'}));
  EXPECT_FALSE(beyond.cursor.ReadBytes(&bytes));
  EXPECT_EQ(beyond.failed_at(), 0);
  // Lengths that would wrap a pointer, and one of six bytes.
  EXPECT_FALSE(Document(std::string(9, '\xff') + "\x01").cursor.ReadBytes(&bytes));
  EXPECT_FALSE(Document(Bytes({0xff, 0xff, 0xff, 0xff, 0x0f})).cursor.ReadBytes(&bytes));
  EXPECT_FALSE(Document(Bytes({0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 'a'})).cursor.ReadBytes(&bytes));
}

TEST(WireCursorTest, FixedFieldsNeedAllTheirBytes) {
  double value = 0;
  Document whole(Bytes({0, 0, 0, 0, 0, 0, 0xf0, 0x3f}));
  ASSERT_TRUE(whole.cursor.ReadDouble(&value));
  EXPECT_EQ(value, 1.0);
  EXPECT_FALSE(Document(std::string(7, '\0')).cursor.ReadDouble(&value));
}

TEST(WireCursorTest, ANestedMessageEndsWhereItsLengthSays) {
  Document document(Bytes({2, 0x08, 0x07, 0x55}));
  WireCursor message = document.cursor;
  uint32_t tag = 0;
  uint64_t value = 0;
  ASSERT_TRUE(document.cursor.ReadMessage(&message));
  ASSERT_TRUE(message.ReadTag(&tag));
  ASSERT_TRUE(message.ReadVarint(&value));
  EXPECT_TRUE(message.done());
  EXPECT_EQ(document.cursor.rest(), "\x55");
}

// Skips one field and says whether that consumed everything.
bool Skips(const std::string& bytes) {
  Document document(bytes);
  uint32_t tag = 0;
  return document.cursor.ReadTag(&tag) && document.cursor.SkipField(tag) && document.cursor.done();
}

TEST(WireCursorTest, SkipsEveryWireType) {
  EXPECT_TRUE(Skips(Bytes({0x78, 0xff, 0x01})));
  EXPECT_TRUE(Skips(Bytes({0x79, 1, 2, 3, 4, 5, 6, 7, 8})));
  EXPECT_TRUE(Skips(Bytes({0x7a, 2, 'a', 'b'})));
  EXPECT_TRUE(Skips(Bytes({0x7d, 1, 2, 3, 4})));
  EXPECT_FALSE(Skips(Bytes({0x7d, 1, 2, 3})));
  EXPECT_FALSE(Skips(Bytes({0x7e})));
  EXPECT_FALSE(Skips(Bytes({0x7f})));
}

TEST(WireCursorTest, SkipsGroupsWithAllThatIsInside) {
  EXPECT_TRUE(Skips(Bytes({0x7b, 0x7c})));
  EXPECT_TRUE(Skips(Bytes({0x7b, 0x08, 0x01, 0x12, 0x01, 'a', 0x1b, 0x1c, 0x7c})));
  EXPECT_FALSE(Skips(Bytes({0x7b}))) << "no end";
  EXPECT_FALSE(Skips(Bytes({0x7b, 0x1c}))) << "another group's end";
  EXPECT_FALSE(Skips(Bytes({0x7c}))) << "an end without a start";
}

TEST(WireCursorTest, GroupsNestAHundredDeep) {
  const auto nested = [](int depth) {
    return std::string(depth, '\x7b') + std::string(depth, '\x7c');
  };
  EXPECT_TRUE(Skips(nested(100)));
  EXPECT_FALSE(Skips(nested(101)));
  EXPECT_FALSE(Skips(std::string(1 << 20, '\x7b')));
}

TEST(WireCursorTest, TheFirstFailureStays) {
  Document document(Bytes({0x80}));
  uint64_t value = 0;
  EXPECT_FALSE(document.cursor.ReadVarint(&value));
  document.cursor.Advance(document.bytes.data() + 1);
  EXPECT_FALSE(document.cursor.ReadVarint(&value));
  EXPECT_EQ(document.failed_at(), 0);
}

TEST(WireCursorTest, ZigZagBringsSignsBack) {
  EXPECT_EQ(ZigZagDecode(0), 0);
  EXPECT_EQ(ZigZagDecode(1), -1);
  EXPECT_EQ(ZigZagDecode(2), 1);
  EXPECT_EQ(ZigZagDecode(std::numeric_limits<uint64_t>::max()),
            std::numeric_limits<int64_t>::min());
}

TEST(WireCursorTest, AppendedFieldsReadBack) {
  std::string bytes;
  AppendBytesField(WireTag(200, WireType::kBytes), std::string(300, 'x'), &bytes);
  Document document(bytes);
  uint32_t tag = 0;
  std::string_view content;
  ASSERT_TRUE(document.cursor.ReadTag(&tag));
  ASSERT_TRUE(document.cursor.ReadBytes(&content));
  EXPECT_EQ(tag, WireTag(200, WireType::kBytes));
  EXPECT_EQ(content, std::string(300, 'x'));
}

}  // namespace
}  // namespace tidegate::ingest
