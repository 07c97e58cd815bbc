#include "ingest/decode/remote_write.h"

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "ingest/decode/wire_cursor.h"
#include "model/labels.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::ingest {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

prompb::TimeSeries* AddSeries(const Pairs& labels, prompb::WriteRequest* request) {
  prompb::TimeSeries* series = request->add_timeseries();
  for (const auto& [name, value] : labels) {
    prompb::Label* label = series->add_labels();
    label->set_name(name);
    label->set_value(value);
  }
  return series;
}

void AddSample(int64_t timestamp, double value, prompb::TimeSeries* series) {
  prompb::Sample* sample = series->add_samples();
  sample->set_timestamp(timestamp);
  sample->set_value(value);
}

// A length-delimited field with a one-byte length.
std::string Field(int number, const std::string& content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())} +
         content;
}

std::string Label(const std::string& name, const std::string& value) {
  return Field(1, Field(1, name) + Field(2, value));
}

std::string Sample(char timestamp) { return Field(2, {'\x10', timestamp}); }

class RemoteWriteTest : public testing::Test {
 protected:
  absl::Status Decode(std::string message) {
    message_ = std::move(message);
    push_.Clear();
    return DecodeRemoteWrite(message_, &push_);
  }
  absl::Status Decode(const prompb::WriteRequest& request) {
    return Decode(request.SerializeAsString());
  }
  const model::BatchSeries& series(size_t i) const { return batch().series[i]; }
  const model::WriteBatch& batch() const { return push_.batch; }

  std::string message_;
  DecodedPush push_;
};

TEST_F(RemoteWriteTest, AnEmptyRequestIsFine) {
  ASSERT_TRUE(Decode(std::string()).ok());
  EXPECT_TRUE(batch().series.empty());
}

TEST_F(RemoteWriteTest, LabelsLieInTheRequestInCanonicalForm) {
  prompb::WriteRequest request;
  AddSample(1, 2, AddSeries({{"__name__", "up"}, {"job", "node"}}, &request));
  ASSERT_TRUE(Decode(request).ok());
  const model::Labels labels({{"__name__", "up"}, {"job", "node"}});
  ASSERT_EQ(batch().series.size(), 1u);
  EXPECT_EQ(series(0).label_bytes, labels.bytes());
  EXPECT_EQ(series(0).id, model::HashLabelBytes(labels.bytes()));
  EXPECT_GE(series(0).label_bytes.data(), message_.data());
  EXPECT_LT(series(0).label_bytes.data(), message_.data() + message_.size());
}

TEST_F(RemoteWriteTest, ColumnsFollowTheOrderOfSeries) {
  prompb::WriteRequest request;
  prompb::TimeSeries* first = AddSeries({{"__name__", "a"}}, &request);
  AddSample(1000, 1, first);
  AddSample(2000, 2, first);
  AddSeries({{"__name__", "b"}}, &request);
  AddSample(3000, 3, AddSeries({{"__name__", "c"}}, &request));
  ASSERT_TRUE(Decode(request).ok());
  EXPECT_EQ(batch().timestamps, (std::vector<int64_t>{1000, 2000, 3000}));
  EXPECT_EQ(batch().values, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(series(0).samples_end, 2u);
  EXPECT_EQ(series(1).samples_begin, 2u);
  EXPECT_EQ(series(1).samples_end, 2u);
  EXPECT_EQ(series(2).samples_begin, 2u);
  EXPECT_EQ(series(2).samples_end, 3u);
}

TEST_F(RemoteWriteTest, EveryTimestampAndValueComesThroughToTheBit) {
  const std::vector<int64_t> timestamps = {0,
                                           1,
                                           127,
                                           128,
                                           1 << 14,
                                           1u << 31,
                                           1763793895123,
                                           int64_t{1} << 55,
                                           -1,
                                           -1000,
                                           int64_t{1} << 56,
                                           std::numeric_limits<int64_t>::min(),
                                           std::numeric_limits<int64_t>::max()};
  const std::vector<double> values = {0.0,
                                      -0.0,
                                      1.5,
                                      model::StaleNan(),
                                      std::bit_cast<double>(model::kNormalNanBits),
                                      std::numeric_limits<double>::infinity(),
                                      -std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::denorm_min()};
  prompb::WriteRequest request;
  prompb::TimeSeries* all = AddSeries({{"__name__", "a"}}, &request);
  for (const int64_t timestamp : timestamps) {
    for (const double value : values) AddSample(timestamp, value, all);
  }
  ASSERT_TRUE(Decode(request).ok());
  ASSERT_EQ(batch().values.size(), timestamps.size() * values.size());
  for (size_t i = 0; i < batch().values.size(); ++i) {
    EXPECT_EQ(batch().timestamps[i], timestamps[i / values.size()]);
    EXPECT_TRUE(model::SameBits(batch().values[i], values[i % values.size()])) << i;
  }
}

TEST_F(RemoteWriteTest, LongLabelsAreDelimitedToo) {
  prompb::WriteRequest request;
  for (const size_t size : {100, 127, 128, 300, 16000, 17000, 300000}) {
    AddSample(1, 1, AddSeries({{"__name__", "a"}, {"v", std::string(size, 'x')}}, &request));
  }
  ASSERT_TRUE(Decode(request).ok());
  for (size_t i = 0; i < batch().series.size(); ++i) {
    EXPECT_TRUE(model::CheckLabelBytes(series(i).label_bytes).ok());
    EXPECT_EQ(model::LabelsView(series(i).label_bytes).Get("v"),
              request.timeseries(static_cast<int>(i)).labels(1).value());
  }
}

TEST_F(RemoteWriteTest, ScatteredLabelsAreGathered) {
  const std::string body =
      Field(1, Label("__name__", "a") + Sample(1) + Label("b", "1") + Sample(2) + Label("c", "2"));
  ASSERT_TRUE(Decode(body).ok());
  EXPECT_EQ(series(0).label_bytes,
            model::Labels({{"__name__", "a"}, {"b", "1"}, {"c", "2"}}).bytes());
  EXPECT_EQ(batch().timestamps, (std::vector<int64_t>{1, 2}));
}

TEST_F(RemoteWriteTest, GatheredLabelsStayWhileMoreAreGathered) {
  std::string body;
  for (int i = 0; i < 200; ++i) {
    body += Field(1, Sample(1) + Label("__name__", "metric" + std::to_string(i)));
  }
  ASSERT_TRUE(Decode(body).ok());
  ASSERT_EQ(batch().series.size(), 200u);
  for (size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(model::LabelsView(series(i).label_bytes).metric_name(), "metric" + std::to_string(i));
  }
}

TEST_F(RemoteWriteTest, UnusualTagsAndLengthsOfLabelsAreFramedAnew) {
  const std::string label = Field(1, "__name__") + Field(2, "a");
  const std::string long_tag = std::string("\x8a\x00", 2) + static_cast<char>(label.size());
  const std::string long_length =
      std::string{'\x0a', static_cast<char>(label.size() | 0x80), '\x80', '\0'};
  for (const std::string& prefix : {long_tag, long_length}) {
    ASSERT_TRUE(Decode(Field(1, prefix + label + Sample(1))).ok());
    EXPECT_EQ(series(0).label_bytes, model::Labels({{"__name__", "a"}}).bytes());
  }
}

TEST_F(RemoteWriteTest, ABrokenLabelIsLeftToAdmission) {
  ASSERT_TRUE(Decode(Field(1, Field(1, "\x0a\x7f") + Sample(1)) +
                     Field(1, Label("__name__", "good") + Sample(2)))
                  .ok());
  ASSERT_EQ(batch().series.size(), 2u);
  EXPECT_FALSE(model::CanonicalLabels(series(0).label_bytes).ok());
  EXPECT_TRUE(model::CanonicalLabels(series(1).label_bytes).ok());
}

TEST_F(RemoteWriteTest, UnusualSamplesMeanTheSame) {
  const std::string value("\x09\0\0\0\0\0\0\xf0\x3f", 9);
  const std::string time("\x10\x07", 2);
  const std::string padding(16, 'x');  // So that the fast path has bytes to read.
  for (const std::string& sample :
       {value + time, time + value, std::string("\x10\x05", 2) + value + time,
        value + std::string("\x1d\1\2\3\4", 5) + time,
        value + std::string("\x10\x87\x80\x00", 4)}) {
    ASSERT_TRUE(
        Decode(Field(1, Label("__name__", "a") + Field(2, sample)) + Field(2, padding)).ok());
    EXPECT_EQ(batch().timestamps, std::vector<int64_t>{7});
    EXPECT_EQ(batch().values, std::vector<double>{1});
  }
}

TEST_F(RemoteWriteTest, SamplesWithDefaultsLeftOut) {
  ASSERT_TRUE(Decode(Field(1, Label("__name__", "a") + Field(2, "") + Sample(5))).ok());
  EXPECT_EQ(batch().timestamps, (std::vector<int64_t>{0, 5}));
  EXPECT_EQ(batch().values, (std::vector<double>{0, 0}));
}

TEST_F(RemoteWriteTest, ExemplarsHistogramsAndMetadataFindTheirColumns) {
  prompb::WriteRequest request;
  AddSample(1, 1, AddSeries({{"__name__", "plain"}}, &request));
  prompb::TimeSeries* rich = AddSeries({{"__name__", "rich"}}, &request);
  rich->add_histograms()->set_timestamp(10);
  rich->add_histograms()->set_timestamp(20);
  rich->add_exemplars()->set_timestamp(30);
  prompb::MetricMetadata* metadata = request.add_metadata();
  metadata->set_metric_family_name("rich");
  metadata->set_type(prompb::MetricMetadata::HISTOGRAM);
  ASSERT_TRUE(Decode(request).ok());
  EXPECT_EQ(series(0).histograms_end, 0u);
  EXPECT_EQ(series(1).histograms_begin, 0u);
  EXPECT_EQ(series(1).histograms_end, 2u);
  EXPECT_EQ(series(1).exemplars_end, 1u);
  EXPECT_EQ(batch().histograms[1].timestamp, 20);
  EXPECT_EQ(batch().exemplars[0].timestamp, 30);
  ASSERT_EQ(batch().metadata.size(), 1u);
  EXPECT_EQ(batch().metadata[0].type, model::MetricType::kHistogram);
}

TEST_F(RemoteWriteTest, AnInvalidExemplarIsCountedAndTheRestIsKept) {
  prompb::WriteRequest request;
  prompb::TimeSeries* series = AddSeries({{"__name__", "a"}}, &request);
  series->add_exemplars()->add_labels()->set_value("nameless");
  series->add_exemplars()->set_value(1);
  ASSERT_TRUE(Decode(request).ok());
  EXPECT_EQ(push_.invalid_exemplars, 1u);
  EXPECT_EQ(batch().exemplars.size(), 1u);
}

TEST_F(RemoteWriteTest, UnknownFieldsAreSkippedOnEveryLevel) {
  const std::string unknown = Field(15, "later") + std::string("\x30\x05\x7b\x7c", 4);
  // Field 6 of TimeSeries carried a creation timestamp in drafts of remote write 2.0.
  const std::string body =
      unknown + Field(1, unknown + Label("__name__", "a") + unknown + Sample(3) + unknown) +
      unknown;
  ASSERT_TRUE(Decode(body).ok());
  EXPECT_EQ(series(0).label_bytes, model::Labels({{"__name__", "a"}}).bytes());
  EXPECT_EQ(batch().timestamps, std::vector<int64_t>{3});
}

TEST_F(RemoteWriteTest, MalformedBytesAreRefusedWithTheirOffset) {
  const std::string good = Field(1, Label("__name__", "a") + Sample(3));
  const absl::Status status = Decode(good + "\x0a\x7f");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "malformed write request at byte " + std::to_string(good.size() + 1) +
                                  ": length goes beyond the end of the message");
}

TEST_F(RemoteWriteTest, EveryTruncationIsSeen) {
  prompb::WriteRequest request;
  prompb::TimeSeries* series = AddSeries({{"__name__", "up"}, {"job", "node"}}, &request);
  AddSample(1763793895123, 1.5, series);
  series->add_exemplars()->set_value(3);
  series->add_histograms()->set_sum(4);
  const std::string body = request.SerializeAsString();
  for (size_t size = 1; size < body.size(); ++size) {
    EXPECT_EQ(Decode(body.substr(0, size)).code(), absl::StatusCode::kInvalidArgument) << size;
  }
}

TEST_F(RemoteWriteTest, TruncationInsideASeriesIsSeen) {
  for (const std::string& inside : {std::string("\x0a"), std::string("\x0a\x05x"),
                                    std::string("\x12\x0b\x09"), std::string("\x12\x02\x10\x80"),
                                    std::string("\x1a\x01\x11"), std::string("\x22\x01\x19")}) {
    EXPECT_EQ(Decode(Field(1, inside)).code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(RemoteWriteTest, MillionsOfEmptyMessagesDoNotTakeMemory) {
  std::string series;
  for (int i = 0; i < 200000; ++i) series.append("\x22\x00", 2);  // Empty histograms.
  std::string body;
  AppendBytesField(WireTag(1, WireType::kBytes), series, &body);
  EXPECT_EQ(Decode(body).code(), absl::StatusCode::kOutOfRange);
  std::string nothing;
  for (int i = 0; i < 500000; ++i) nothing.append("\x0a\x00", 2);  // Series without anything.
  EXPECT_EQ(Decode(nothing).code(), absl::StatusCode::kOutOfRange);
}

TEST_F(RemoteWriteTest, ClearForgetsEverything) {
  ASSERT_TRUE(Decode(Field(1, Sample(1) + Label("__name__", "a"))).ok());
  push_.Clear();
  EXPECT_TRUE(push_.gathered_labels.empty());
  EXPECT_TRUE(batch().series.empty());
  EXPECT_TRUE(batch().timestamps.empty());
}

}  // namespace
}  // namespace tidegate::ingest
