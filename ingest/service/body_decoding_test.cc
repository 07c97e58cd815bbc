#include "ingest/service/body_decoding.h"

#include <snappy.h>
#include <zstd.h>

#include <string>

#include "gtest/gtest.h"
#include "proto/loki/push.pb.h"

namespace tidegate::ingest {
namespace {

std::string Message() {
  lokipb::PushRequest request;
  lokipb::Stream* stream = request.add_streams();
  stream->set_labels("{app=\"a\"}");
  stream->add_entries()->set_line("line");
  return request.SerializeAsString();
}

std::string Snappy(const std::string& text) {
  std::string block;
  snappy::Compress(text.data(), text.size(), &block);
  return block;
}

std::string Zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

class BodyDecodingTest : public ::testing::Test {
 protected:
  absl::Status Run(PushFormat format, PushEncoding encoding, const std::string& body) {
    buffer_.push.Clear();
    return BodyDecoding(limits_, otlp_, nullptr, &in_flight_, &buffer_)
        .Run({format, encoding, body}, 0);
  }
  size_t entries() const { return buffer_.push.batch.entries.size(); }

  model::TenantLimits limits_;
  model::OtlpMetricRules otlp_;
  InFlightBytes in_flight_{8 << 20};
  PushBuffer buffer_;
};

TEST_F(BodyDecodingTest, LokisProtobufIsASnappyBlockInsideAnything) {
  for (const auto& [encoding, body] : {std::pair(PushEncoding::kSnappyBlock, Snappy(Message())),
                                       std::pair(PushEncoding::kZstd, Zstd(Snappy(Message()))),
                                       std::pair(PushEncoding::kZstd, Zstd(Message())),
                                       std::pair(PushEncoding::kIdentity, Message())}) {
    const absl::Status status = Run(PushFormat::kLokiProtobuf, encoding, body);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(entries(), 1u);
  }
}

TEST_F(BodyDecodingTest, BytesAreGivenBack) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(Run(PushFormat::kLokiJson, PushEncoding::kIdentity,
                    R"({"streams":[{"stream":{"a":"b"},"values":[["1","x"]]}]})")
                    .ok());
  }
  EXPECT_EQ(in_flight_.bytes(), 0u);
}

TEST_F(BodyDecodingTest, WhatParsingWouldTakeIsCountedFirst) {
  const std::string text = R"({"streams":[{"stream":{"a":"b"},"values":[["1",")" +
                           std::string(1 << 20, 'x') + R"("]]}]})";
  EXPECT_TRUE(Run(PushFormat::kLokiJson, PushEncoding::kIdentity, text).ok());
  const std::string brackets = "{\"x\":[" + std::string(1 << 20, ',') + "]}";
  EXPECT_EQ(Run(PushFormat::kLokiJson, PushEncoding::kIdentity, brackets).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(BodyDecodingTest, BoundsAreTheTenants) {
  limits_.max_decompressed_bytes = 1000;
  const std::string large(2000, ' ');
  EXPECT_EQ(Run(PushFormat::kLokiJson, PushEncoding::kZstd, Zstd(large)).code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Run(PushFormat::kLokiProtobuf, PushEncoding::kZstd, Zstd(Snappy(large))).code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Run(PushFormat::kLokiProtobuf, PushEncoding::kSnappyBlock, Snappy(large)).code(),
            absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace tidegate::ingest
