#include "ingest/decode/loki/loki_protobuf.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "model/labels.h"
#include "proto/loki/push.pb.h"

namespace tidegate::ingest {
namespace {

using Nanos = std::numeric_limits<model::TimestampNs>;

class LokiProtobuf : public ::testing::Test {
 protected:
  lokipb::Stream* Stream(const std::string& labels) {
    lokipb::Stream* stream = request_.add_streams();
    stream->set_labels(labels);
    return stream;
  }
  static lokipb::Entry* Entry(lokipb::Stream* stream, int64_t seconds, int32_t nanos,
                              const std::string& line) {
    lokipb::Entry* entry = stream->add_entries();
    entry->mutable_timestamp()->set_seconds(seconds);
    entry->mutable_timestamp()->set_nanos(nanos);
    entry->set_line(line);
    return entry;
  }
  absl::Status Decode() {
    bytes_ = request_.SerializeAsString();
    return DecodeLokiProtobuf(bytes_, &push_);
  }
  std::string LabelsOf(size_t series) const {
    return model::ToString(model::LabelsView(push_.batch.series[series].label_bytes));
  }

  lokipb::PushRequest request_;
  std::string bytes_;
  DecodedPush push_;
};

TEST_F(LokiProtobuf, StreamsAndEntries) {
  lokipb::Stream* stream = Stream(R"({env="x", app="a"})");
  Entry(stream, 1'700'000'000, 5, "first");
  lokipb::LabelPair* pair = Entry(stream, 1'700'000'001, 0, "second")->add_structured_metadata();
  pair->set_name("trace.id");
  pair->set_value("abc");
  Entry(Stream(R"({app="b"})"), -1, 999'999'999, "");
  ASSERT_TRUE(Decode().ok());
  ASSERT_EQ(push_.batch.series.size(), 2u);
  EXPECT_EQ(LabelsOf(0), R"({app="a", env="x"})");
  EXPECT_EQ(push_.batch.series[0].entries_end, 2u);
  EXPECT_EQ(push_.batch.series[1].entries_begin, 2u);
  ASSERT_EQ(push_.batch.entries.size(), 3u);
  EXPECT_EQ(push_.batch.entries[0].timestamp, 1'700'000'000'000'000'005);
  EXPECT_EQ(push_.batch.entries[0].line, "first");
  EXPECT_EQ(push_.batch.entries[0].structured_metadata, "");
  EXPECT_EQ(push_.batch.entries[1].structured_metadata,
            (model::Labels{{"trace_id", "abc"}}.bytes()));
  EXPECT_EQ(push_.batch.entries[2].timestamp, -1);
}

TEST_F(LokiProtobuf, AnUnreadableStreamCostsItsOwnEntries) {
  Entry(Stream("{oops"), 1, 0, "lost");
  Entry(Stream(R"({app="a"})"), 1, 0, "kept");
  ASSERT_TRUE(Decode().ok());
  ASSERT_EQ(push_.unreadable_streams.size(), 1u);
  EXPECT_EQ(push_.unreadable_streams[0].entries, 1u);
  EXPECT_EQ(push_.unreadable_streams[0].reason,
            "error parsing labels '{oops' with error: 1:6: parse error: expected \"=\", found the "
            "end");
  ASSERT_EQ(push_.batch.entries.size(), 1u);
  EXPECT_EQ(push_.batch.entries[0].line, "kept");
}

TEST_F(LokiProtobuf, TimesBeyondTheRangeAreItsEnds) {
  lokipb::Stream* stream = Stream(R"({app="a"})");
  Entry(stream, 1LL << 62, 0, "");
  Entry(stream, -(1LL << 62), 0, "");
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(push_.batch.entries[0].timestamp, Nanos::max());
  EXPECT_EQ(push_.batch.entries[1].timestamp, Nanos::min());
}

TEST_F(LokiProtobuf, MalformedBytesAreNamed) {
  Entry(Stream(R"({app="a"})"), 1, 0, "line");
  ASSERT_TRUE(Decode().ok());
  push_.Clear();
  const std::string cut = bytes_.substr(0, bytes_.size() - 1);
  const absl::Status status = DecodeLokiProtobuf(cut, &push_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(status.message()).find("malformed push request at byte "), 0u) << status;
}

TEST_F(LokiProtobuf, EmptyMessagesAreBounded) {
  std::string stream;
  for (int i = 0; i < 1'000'000; ++i) stream += std::string("\x12\x00", 2);
  lokipb::PushRequest request;
  std::string body("\x0a");
  for (size_t size = stream.size();; size >>= 7) {
    body.push_back(static_cast<char>((size & 0x7f) | (size >= 0x80 ? 0x80 : 0)));
    if (size < 0x80) break;
  }
  body += stream;
  EXPECT_EQ(DecodeLokiProtobuf(body, &push_).code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace tidegate::ingest
