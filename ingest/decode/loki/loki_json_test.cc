#include "ingest/decode/loki/loki_json.h"

#include <string>

#include "gtest/gtest.h"
#include "ingest/decode/decompress.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

class LokiJson : public ::testing::Test {
 protected:
  absl::Status Decode(const std::string& json, bool legacy = false) {
    push_.Clear();
    body_ = json + std::string(kReadableBehind, '\0');
    const std::string_view body = std::string_view(body_).substr(0, json.size());
    return legacy ? DecodeLegacyLokiJson(body, &push_) : DecodeLokiJson(body, &push_);
  }
  std::string LabelsOf(size_t series) const {
    return model::ToString(model::LabelsView(push_.batch.series[series].label_bytes));
  }

  std::string body_;
  DecodedPush push_;
};

TEST_F(LokiJson, StreamsValuesAndMetadata) {
  const absl::Status status = Decode(R"({"streams": [
      {"stream": {"env": "x", "app": "a"},
       "values": [["1700000000000000005", "first \"quoted\""],
                  ["1700000000000000006", "second", {"trace.id": "abc"}]]},
      {"values": [["-1", ""]], "stream": {"app": "b", "n": 123, "t": true}, "other": [1, {}]}]})");
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(push_.batch.series.size(), 2u);
  EXPECT_EQ(LabelsOf(0), R"({app="a", env="x"})");
  EXPECT_EQ(LabelsOf(1), R"({app="b", n="123", t="true"})");
  ASSERT_EQ(push_.batch.entries.size(), 3u);
  EXPECT_EQ(push_.batch.entries[0].timestamp, 1'700'000'000'000'000'005);
  EXPECT_EQ(push_.batch.entries[0].line, "first \"quoted\"");
  EXPECT_EQ(push_.batch.entries[1].structured_metadata,
            (model::Labels{{"trace_id", "abc"}}.bytes()));
  EXPECT_EQ(push_.batch.entries[2].timestamp, -1);
}

TEST_F(LokiJson, NoStreams) {
  EXPECT_TRUE(Decode("{}").ok());
  EXPECT_TRUE(Decode(R"({"streams": []})").ok());
  EXPECT_TRUE(push_.batch.series.empty());
}

TEST_F(LokiJson, SaysWhatIsWrong) {
  const auto error = [this](const std::string& value) {
    const absl::Status status =
        Decode(R"({"streams":[{"stream":{"a":"b"},"values":[["1","x"],)" + value + "]}]}");
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_EQ(error(R"([1, "x"])"),
            "streams[0], value 1: the timestamp must be a string of nanoseconds");
  EXPECT_EQ(error(R"(["1.5", "x"])"), "streams[0], value 1: 1.5 is no timestamp in nanoseconds");
  EXPECT_EQ(error(R"(["1", 7])"), "streams[0], value 1: the line must be a string");
  EXPECT_EQ(error(R"(["1"])"), "streams[0], value 1: must have two or three elements");
  EXPECT_EQ(error(R"(["1", "x", {"a": 1}])"),
            "streams[0], value 1: structured metadata must have strings as values");
  EXPECT_EQ(error(R"(["1", "x", {}, 4])"), "streams[0], value 1: must have two or three elements");
  for (const char* wrong :
       {"", "[]", "null", R"({"streams": {}})", R"({"streams": [)", R"({"streams": [1]})",
        R"({"streams":[{"stream":{"a":None},"values":[]}]})",
        R"({"streams":[{"stream":{"a":{}},"values":[]}]})",
        R"({"streams":[{"stream":{"a":"b"},"values":[["1","x"]})",
        "{\"streams\":[{\"stream\":{\"a\":\"\xff\"},\"values\":[]}]}"}) {
    EXPECT_EQ(Decode(wrong).code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

TEST_F(LokiJson, AStreamWithBadLabelsCostsItsOwnEntries) {
  ASSERT_TRUE(Decode(R"({"streams":[{"stream":{"a-b":"c"},"values":[["1","lost"]]},
                                    {"stream":{"a":"b"},"values":[["1","kept"]]}]})")
                  .ok());
  ASSERT_EQ(push_.unreadable_streams.size(), 1u);
  EXPECT_EQ(push_.unreadable_streams[0].entries, 1u);
  EXPECT_EQ(push_.batch.entries.size(), 1u);
}

TEST_F(LokiJson, TheOldForm) {
  const absl::Status status = Decode(R"({"streams":[{"labels":"{app=\"a\"}",
      "entries":[{"ts":"2023-11-14T22:13:20.000000005Z","line":"x"}]}]})",
                                     true);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(LabelsOf(0), R"({app="a"})");
  ASSERT_EQ(push_.batch.entries.size(), 1u);
  EXPECT_EQ(push_.batch.entries[0].timestamp, 1'700'000'000'000'000'005);
  EXPECT_FALSE(Decode(R"({"streams":[{"labels":"{}","entries":[{"ts":"soon"}]}]})", true).ok());
}

}  // namespace
}  // namespace tidegate::ingest
