#include "api/http/content_coding.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

namespace tidegate::api {
namespace {

// Decodes gzip and zlib streams; empty when the input is damaged or incomplete.
std::string Inflate(std::string_view compressed) {
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, 15 + 32), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char step[4096];
    stream.next_out = reinterpret_cast<Bytef*>(step);
    stream.avail_out = sizeof(step);
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(step, sizeof(step) - stream.avail_out);
  }
  inflateEnd(&stream);
  return result == Z_STREAM_END ? out : "";
}

std::string RepetitiveText(size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += "[1700000000.000,\"" + std::to_string(text.size()) + "\"],";
  return text;
}

TEST(ChooseCoding, PrefersGzip) {
  EXPECT_EQ(ChooseCoding("gzip"), ContentCoding::kGzip);
  EXPECT_EQ(ChooseCoding("deflate, gzip;q=0.1"), ContentCoding::kGzip);
  EXPECT_EQ(ChooseCoding("br, deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(ChooseCoding("GZIP"), ContentCoding::kGzip);
}

TEST(ChooseCoding, RespectsRefusals) {
  EXPECT_EQ(ChooseCoding("gzip;q=0"), ContentCoding::kIdentity);
  EXPECT_EQ(ChooseCoding("gzip; q=0.000, deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(ChooseCoding("gzip;q=0.001"), ContentCoding::kGzip);
}

TEST(ChooseCoding, FallsBackToIdentity) {
  EXPECT_EQ(ChooseCoding(""), ContentCoding::kIdentity);
  EXPECT_EQ(ChooseCoding("br, zstd"), ContentCoding::kIdentity);
  EXPECT_EQ(ChooseCoding(",;,q=1"), ContentCoding::kIdentity);
}

TEST(IsCompressible, TextAndJsonOnly) {
  EXPECT_TRUE(IsCompressible("text/plain; charset=utf-8"));
  EXPECT_TRUE(IsCompressible("application/json"));
  EXPECT_FALSE(IsCompressible("application/x-protobuf"));
}

TEST(CompressWhole, RoundTrips) {
  const std::string text = RepetitiveText(100'000);
  for (ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kDeflate}) {
    const std::string compressed = CompressWhole(coding, text);
    EXPECT_LT(compressed.size(), text.size() / 2);
    EXPECT_EQ(Inflate(compressed), text);
  }
}

TEST(CompressWhole, SaysWhenItDoesNotHelp) {
  std::mt19937 random(7);
  std::string noise(4096, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  EXPECT_EQ(CompressWhole(ContentCoding::kGzip, noise), "");
  EXPECT_EQ(CompressWhole(ContentCoding::kGzip, "a"), "");
}

TEST(StreamCompressor, RoundTripsPieces) {
  for (ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kDeflate}) {
    const auto compressor = NewStreamCompressor(coding);
    ASSERT_NE(compressor, nullptr);
    std::string text;
    std::string compressed;
    for (int i = 0; i < 50; ++i) {
      const std::string piece = RepetitiveText(i * 997);
      text += piece;
      ASSERT_TRUE(compressor->Compress(piece, /*finish=*/false, &compressed));
    }
    EXPECT_EQ(Inflate(compressed), "");  // Not complete without the trailer.
    ASSERT_TRUE(compressor->Compress("", /*finish=*/true, &compressed));
    EXPECT_EQ(Inflate(compressed), text);
  }
}

}  // namespace
}  // namespace tidegate::api
