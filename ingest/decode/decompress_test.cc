#include "ingest/decode/decompress.h"

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string Deflated(const std::string& text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = out.size();
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

std::string Lz4(const std::string& text) {
  std::string out(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), nullptr));
  return out;
}

struct Case {
  BodyCompression compression;
  std::string (*compress_fn)(const std::string&);
};

const Case kCases[] = {
    {BodyCompression::kGzip, [](const std::string& text) { return Deflated(text, 15 + 16); }},
    {BodyCompression::kDeflate, [](const std::string& text) { return Deflated(text, -15); }},
    {BodyCompression::kDeflate, [](const std::string& text) { return Deflated(text, 15); }},
    {BodyCompression::kZstd, Zstd},
    {BodyCompression::kLz4, Lz4},
};

absl::StatusOr<std::string> Plain(BodyCompression compression, const std::string& body,
                                  size_t max_bytes = 0) {
  ByteBuffer buffer;
  const auto result = Decompress(
      compression, body, max_bytes, [](size_t) { return absl::OkStatus(); }, &buffer);
  if (!result.ok()) return result.status();
  return std::string(*result);
}

TEST(Decompress, EveryFormat) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  for (const Case& one : kCases) {
    for (const std::string& content : {text, std::string("x"), std::string()}) {
      const auto result = Plain(one.compression, one.compress_fn(content));
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_EQ(*result, content);
    }
  }
}

TEST(Decompress, TheBoundCountsWhatComesOut) {
  const std::string text(100'000, 'a');
  for (const Case& one : kCases) {
    const std::string body = one.compress_fn(text);
    EXPECT_EQ(*Plain(one.compression, body, text.size()), text);
    EXPECT_EQ(Plain(one.compression, body, text.size() - 1).status().code(),
              absl::StatusCode::kOutOfRange);
  }
}

TEST(Decompress, CutOrForeignBodiesAreRefused) {
  for (const Case& one : kCases) {
    const std::string body = one.compress_fn(std::string(5000, 'b') + "c");
    for (size_t size = 0; size < body.size(); ++size) {
      EXPECT_EQ(Plain(one.compression, body.substr(0, size)).status().code(),
                absl::StatusCode::kInvalidArgument)
          << size;
    }
    EXPECT_FALSE(Plain(one.compression, body + "\xFF\xFE\xFD\xFC\xFB").ok());
    EXPECT_FALSE(Plain(one.compression, "\xFF\xFFplain text").ok());
  }
}

TEST(Decompress, SeveralMembersAreOneBody) {
  const std::string gzip = kCases[0].compress_fn("first ") + kCases[0].compress_fn("second");
  EXPECT_EQ(*Plain(BodyCompression::kGzip, gzip), "first second");
  EXPECT_EQ(*Plain(BodyCompression::kZstd, Zstd("first ") + Zstd("second")), "first second");
}

TEST(Decompress, GrowthIsAskedFor) {
  ByteBuffer buffer;
  size_t charged = 0;
  const std::string text(1 << 20, 'a');
  const auto charge = [&](size_t bytes) {
    charged += bytes;
    return charged > (256 << 10) ? absl::ResourceExhaustedError("enough") : absl::OkStatus();
  };
  const auto result = Decompress(BodyCompression::kZstd, Zstd(text), 0, charge, &buffer);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_LE(buffer.capacity(), (256u << 10) + kReadableBehind);
}

}  // namespace
}  // namespace tidegate::ingest
