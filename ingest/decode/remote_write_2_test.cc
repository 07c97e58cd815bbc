#include "ingest/decode/remote_write_2.h"

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "model/labels.h"
#include "proto/prometheus/write_v2.pb.h"

namespace tidegate::ingest {
namespace {

namespace pb = prompb::v2;
using Fault = RefusedSeries::Fault;
using Pairs = std::vector<std::pair<std::string, std::string>>;

class RemoteWrite2Test : public testing::Test {
 protected:
  RemoteWrite2Test() { Symbol(""); }

  uint32_t Symbol(const std::string& text) {
    const auto [place, is_new] = symbols_.try_emplace(text, request_.symbols_size());
    if (is_new) request_.add_symbols(text);
    return place->second;
  }
  pb::TimeSeries* AddSeries(const Pairs& labels) {
    pb::TimeSeries* series = request_.add_timeseries();
    for (const auto& [name, value] : labels) {
      series->add_labels_refs(Symbol(name));
      series->add_labels_refs(Symbol(value));
    }
    return series;
  }
  static pb::Sample* AddSample(pb::TimeSeries* series, int64_t timestamp, double value) {
    pb::Sample* sample = series->add_samples();
    sample->set_timestamp(timestamp);
    sample->set_value(value);
    return sample;
  }

  absl::Status DecodeBytes(std::string message) {
    message_ = std::move(message);
    push_.Clear();
    return DecodeRemoteWrite2(
        message_, max_label_bytes_,
        [this](size_t bytes) {
          charged_ += bytes;
          return charge_;
        },
        &table_, &push_);
  }
  absl::Status Decode() { return DecodeBytes(request_.SerializeAsString()); }
  const model::WriteBatch& batch() const { return push_.batch; }

  pb::Request request_;
  std::map<std::string, uint32_t> symbols_;
  size_t max_label_bytes_ = 0;
  size_t charged_ = 0;
  absl::Status charge_;
  std::string message_;
  SymbolTable table_;
  DecodedPush push_;
};

TEST_F(RemoteWrite2Test, ASeriesHasTheIdentityThatVersion1GivesIt) {
  AddSample(AddSeries({{"job", "node"}, {"__name__", "up"}}), 1'700'000'000'000, 2);
  ASSERT_TRUE(Decode().ok());
  const model::Labels labels({{"__name__", "up"}, {"job", "node"}});
  ASSERT_EQ(batch().series.size(), 1u);
  EXPECT_EQ(batch().series[0].label_bytes, labels.bytes());
  EXPECT_EQ(batch().series[0].id, model::HashLabelBytes(labels.bytes()));
  EXPECT_EQ(batch().timestamps, std::vector<model::TimestampMs>({1'700'000'000'000}));
  EXPECT_EQ(batch().values, std::vector<double>({2}));
  EXPECT_TRUE(batch().start_timestamps.empty());
}

TEST_F(RemoteWrite2Test, StartTimestampsBecomeAColumnWithTheFirstOne) {
  pb::TimeSeries* const series = AddSeries({{"__name__", "up"}});
  AddSample(series, 1000, 0);
  AddSample(series, -2000, 0)->set_start_timestamp(500);
  AddSample(series, std::numeric_limits<int64_t>::max(), 1);
  AddSample(AddSeries({{"__name__", "down"}}), 0, 1)->set_start_timestamp(7);
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(batch().timestamps,
            std::vector<model::TimestampMs>({1000, -2000, std::numeric_limits<int64_t>::max(), 0}));
  EXPECT_EQ(batch().start_timestamps, std::vector<model::TimestampMs>({0, 500, 0, 7}));
}

TEST_F(RemoteWrite2Test, HistogramsExemplarsAndTheirTimes) {
  pb::TimeSeries* const series = AddSeries({{"__name__", "h"}});
  pb::Histogram* const histogram = series->add_histograms();
  histogram->set_timestamp(9);
  histogram->set_start_timestamp(3);
  histogram->set_schema(-53);
  histogram->set_count_int(2);
  histogram->add_custom_values(0.5);
  pb::Exemplar* const exemplar = series->add_exemplars();
  exemplar->set_value(4);
  exemplar->set_timestamp(8);
  exemplar->add_labels_refs(Symbol("trace_id"));
  exemplar->add_labels_refs(Symbol("abc"));
  series->add_exemplars();  // No labels, which is allowed.
  ASSERT_TRUE(Decode().ok());
  ASSERT_EQ(batch().histograms.size(), 1u);
  EXPECT_EQ(batch().histograms[0].timestamp, 9);
  EXPECT_EQ(batch().histograms[0].start_timestamp, 3);
  ASSERT_EQ(batch().exemplars.size(), 2u);
  EXPECT_EQ(batch().exemplars[0], (model::Exemplar{model::Labels({{"trace_id", "abc"}}), 4, 8}));
  EXPECT_EQ(batch().series[0].exemplars_end, 2u);
}

TEST_F(RemoteWrite2Test, MetadataGoesToTheFamilyOnce) {
  for (const char* le : {"1", "+Inf"}) {
    pb::TimeSeries* const series = AddSeries({{"__name__", "t_bucket"}, {"le", le}});
    AddSample(series, 1, 1);
    series->mutable_metadata()->set_type(pb::Metadata::HISTOGRAM);
    series->mutable_metadata()->set_help_ref(Symbol("Time."));
    series->mutable_metadata()->set_unit_ref(Symbol("seconds"));
  }
  pb::TimeSeries* const counter = AddSeries({{"__name__", "a_count"}});
  AddSample(counter, 1, 1);
  counter->mutable_metadata()->set_type(pb::Metadata::COUNTER);
  AddSample(AddSeries({{"__name__", "unspecified"}}), 1, 1);
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(batch().metadata, std::vector<model::MetricMetadata>(
                                  {{"t", model::MetricType::kHistogram, "Time.", "seconds"},
                                   {"a_count", model::MetricType::kCounter, "", ""}}));
}

TEST_F(RemoteWrite2Test, WhatCannotBeStoredCostsItself) {
  AddSample(AddSeries({{"__name__", "before"}}), 1, 1);
  pb::TimeSeries* const beyond = AddSeries({{"__name__", "x"}});
  beyond->add_labels_refs(70'000);
  beyond->add_labels_refs(1);
  AddSample(beyond, 1, 1)->set_start_timestamp(1);
  pb::TimeSeries* const odd = AddSeries({{"__name__", "x"}});
  odd->add_labels_refs(1);
  odd->add_histograms();
  AddSeries({{"__name__", "x"}});
  pb::TimeSeries* const kept = AddSeries({{"__name__", "kept"}});
  AddSample(kept, 2, 2);
  kept->add_exemplars()->add_labels_refs(5000);
  kept->mutable_metadata()->set_help_ref(6000);
  ASSERT_TRUE(Decode().ok());
  ASSERT_EQ(batch().series.size(), 2u);
  EXPECT_EQ(batch().timestamps, std::vector<model::TimestampMs>({1, 2}));
  EXPECT_TRUE(batch().histograms.empty());
  EXPECT_TRUE(batch().exemplars.empty());
  EXPECT_EQ(batch().start_timestamps.size(), 2u);
  ASSERT_EQ(push_.refused_series.size(), 5u);
  EXPECT_EQ(push_.refused_series[0].fault, Fault::kReference);
  EXPECT_EQ(push_.refused_series[0].reference, 70'000u);
  EXPECT_EQ(push_.refused_series[0].samples, 1u);
  EXPECT_EQ(push_.refused_series[1].fault, Fault::kOddLabels);
  EXPECT_EQ(push_.refused_series[1].histograms, 1u);
  EXPECT_EQ(push_.refused_series[2].fault, Fault::kNoPoints);
  EXPECT_EQ(push_.refused_series[3].fault, Fault::kExemplar);
  EXPECT_EQ(push_.refused_series[4].fault, Fault::kMetadata);
  EXPECT_EQ(push_.refused_series[4].samples, 0u);
}

TEST_F(RemoteWrite2Test, ExemplarsMayComeAlone) {
  AddSeries({{"__name__", "x"}})->add_exemplars()->set_value(2);
  ASSERT_TRUE(Decode().ok());
  EXPECT_TRUE(push_.refused_series.empty());
  EXPECT_EQ(batch().series[0].exemplars_end, 1u);
}

TEST_F(RemoteWrite2Test, SymbolsMayStandBehindTheSeries) {
  pb::Request front, back;
  AddSample(AddSeries({{"__name__", "up"}}), 1, 1);
  *front.mutable_timeseries() = request_.timeseries();
  *back.mutable_symbols() = request_.symbols();
  ASSERT_TRUE(DecodeBytes(front.SerializeAsString() + back.SerializeAsString()).ok());
  ASSERT_EQ(batch().series.size(), 1u);
  EXPECT_EQ(batch().series[0].label_bytes, model::Labels({{"__name__", "up"}}).bytes());
  EXPECT_TRUE(push_.refused_series.empty());
}

TEST_F(RemoteWrite2Test, UnusualFramingMeansTheSame) {
  // Symbols "", "a" with a long length, and "b"; references unpacked; a sample backwards.
  const std::string message =
      std::string("\x22\x00", 2) +
      std::string(
          "\x22\x81\x00"
          "a",
          4) +
      std::string(
          "\x22\x01"
          "b") +
      std::string("\x2a\x0f\x08\x01\x08\x02\x12\x09\x10\x05\x18\x82\x00\x48\x00\x10\x07", 17);
  ASSERT_TRUE(DecodeBytes(message).ok()) << DecodeBytes(message);
  ASSERT_EQ(batch().series.size(), 1u);
  EXPECT_EQ(batch().series[0].label_bytes, model::Labels({{"a", "b"}}).bytes());
  EXPECT_EQ(batch().timestamps, std::vector<model::TimestampMs>({7}));
  EXPECT_EQ(batch().start_timestamps, std::vector<model::TimestampMs>({2}));
}

TEST_F(RemoteWrite2Test, TheFirstSymbolIsEmpty) {
  EXPECT_TRUE(DecodeBytes("").ok());
  const absl::Status status = DecodeBytes(
      "\x22\x01"
      "a");
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST_F(RemoteWrite2Test, MalformedBytesNameTheirOffset) {
  const absl::Status status = DecodeBytes(std::string("\x22\x00\x2a\x02\x12\x05", 6));
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "malformed write request at byte 5: length goes beyond the end of the message");
}

TEST_F(RemoteWrite2Test, LabelsWrittenOutAreBounded) {
  const std::string large(100'000, 'x');
  for (int i = 0; i < 30; ++i) AddSample(AddSeries({{"__name__", large}}), i, 1);
  EXPECT_TRUE(Decode().ok());
  EXPECT_GE(charged_, 30u * large.size());
  max_label_bytes_ = 1'000'000;
  EXPECT_TRUE(absl::IsOutOfRange(Decode()));
  max_label_bytes_ = 0;
  charge_ = absl::ResourceExhaustedError("busy");
  EXPECT_TRUE(absl::IsResourceExhausted(Decode()));
}

TEST_F(RemoteWrite2Test, MillionsOfEmptyMessagesAreRefused) {
  std::string message("\x22\x00", 2);
  for (int i = 0; i < 1'000'000; ++i) message.append("\x2a\x00", 2);
  EXPECT_TRUE(absl::IsOutOfRange(DecodeBytes(message)));
}

}  // namespace
}  // namespace tidegate::ingest
