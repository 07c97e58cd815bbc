#include "proto/wire/remote_read.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <limits>
#include <variant>

#include "absl/status/status.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::wire {
namespace {

constexpr uint32_t kFirstFieldBytes = 1 << 3 | 2;  // Field 1, length-delimited.

model::MatchType TypeOf(prompb::LabelMatcher::Type type) {
  switch (type) {
    case prompb::LabelMatcher::NEQ:
      return model::MatchType::kNotEqual;
    case prompb::LabelMatcher::RE:
      return model::MatchType::kRegex;
    case prompb::LabelMatcher::NRE:
      return model::MatchType::kNotRegex;
    default:
      return model::MatchType::kEqual;
  }
}

// Whoever names no type takes samples.
absl::StatusOr<bool> StreamsChunks(const prompb::ReadRequest& message) {
  if (message.accepted_response_types().empty()) return false;
  for (const int type : message.accepted_response_types()) {
    if (type == prompb::ReadRequest::STREAMED_XOR_CHUNKS) return true;
    if (type == prompb::ReadRequest::SAMPLES) return false;
  }
  return absl::InvalidArgumentError(
      "server does not support any of the requested response types; supported: SAMPLES, "
      "STREAMED_XOR_CHUNKS");
}

void AddLabels(model::LabelsView labels, google::protobuf::RepeatedPtrField<prompb::Label>* out) {
  for (const model::Label& label : labels) {
    prompb::Label* const message = out->Add();
    message->set_name(std::string(label.name));
    message->set_value(std::string(label.value));
  }
}

void AddSpans(const std::vector<model::HistogramSpan>& spans,
              google::protobuf::RepeatedPtrField<prompb::BucketSpan>* out) {
  for (const model::HistogramSpan& span : spans) {
    prompb::BucketSpan* const message = out->Add();
    message->set_offset(span.offset);
    message->set_length(span.length);
  }
}

void SetCounts(const model::IntHistogram& histogram, prompb::Histogram* out) {
  out->set_count_int(histogram.count);
  out->set_zero_count_int(histogram.zero_count);
  out->mutable_positive_deltas()->Add(histogram.positive_deltas.begin(),
                                      histogram.positive_deltas.end());
  out->mutable_negative_deltas()->Add(histogram.negative_deltas.begin(),
                                      histogram.negative_deltas.end());
}

void SetCounts(const model::FloatHistogram& histogram, prompb::Histogram* out) {
  out->set_count_float(histogram.count);
  out->set_zero_count_float(histogram.zero_count);
  out->mutable_positive_counts()->Add(histogram.positive_buckets.begin(),
                                      histogram.positive_buckets.end());
  out->mutable_negative_counts()->Add(histogram.negative_buckets.begin(),
                                      histogram.negative_buckets.end());
}

void ToMessage(const model::HistogramSample& sample, prompb::Histogram* out) {
  out->set_timestamp(sample.timestamp);
  std::visit(
      [out](const auto& histogram) {
        out->set_sum(histogram.sum);
        out->set_schema(histogram.schema);
        out->set_zero_threshold(histogram.zero_threshold);
        out->set_reset_hint(
            static_cast<prompb::Histogram::ResetHint>(histogram.counter_reset_hint));
        AddSpans(histogram.positive_spans, out->mutable_positive_spans());
        AddSpans(histogram.negative_spans, out->mutable_negative_spans());
        out->mutable_custom_values()->Add(histogram.custom_values.begin(),
                                          histogram.custom_values.end());
        SetCounts(histogram, out);
      },
      sample.histogram);
}

void AppendFirstField(std::string_view bytes, std::string* out) {
  uint8_t prefix[2 * 5];
  uint8_t* end =
      google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(kFirstFieldBytes, prefix);
  end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
      static_cast<uint32_t>(bytes.size()), end);
  out->append(reinterpret_cast<const char*>(prefix), static_cast<size_t>(end - prefix));
  out->append(bytes);
}

}  // namespace

absl::StatusOr<RemoteReadRequest> ParseReadRequest(std::string_view bytes) {
  prompb::ReadRequest message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("the body is no prometheus.ReadRequest");
  }
  RemoteReadRequest request;
  const absl::StatusOr<bool> streams_chunks = StreamsChunks(message);
  if (!streams_chunks.ok()) return streams_chunks.status();
  request.streams_chunks = *streams_chunks;
  for (const prompb::Query& query : message.queries()) {
    RemoteReadQuery& out = request.queries.emplace_back();
    // Prometheus asks for all of time where a user names no range.
    out.range = {std::max<int64_t>(query.start_timestamp_ms(), model::kMinTimestamp),
                 std::min<int64_t>(query.end_timestamp_ms(), model::kMaxTimestamp)};
    for (const prompb::LabelMatcher& matcher : query.matchers()) {
      if (!prompb::LabelMatcher::Type_IsValid(matcher.type())) {
        return absl::InvalidArgumentError("invalid matcher type");
      }
      out.matchers.push_back({TypeOf(matcher.type()), matcher.name(), matcher.value()});
    }
  }
  return request;
}

std::string SeriesMessage(model::LabelsView labels,
                          const std::vector<model::TimestampMs>& timestamps,
                          const std::vector<double>& values,
                          const std::vector<model::HistogramSample>& histograms) {
  prompb::TimeSeries message;
  AddLabels(labels, message.mutable_labels());
  for (size_t i = 0; i < timestamps.size(); ++i) {
    prompb::Sample* const sample = message.add_samples();
    sample->set_timestamp(timestamps[i]);
    sample->set_value(values[i]);
  }
  for (const model::HistogramSample& histogram : histograms) {
    ToMessage(histogram, message.add_histograms());
  }
  return message.SerializeAsString();
}

void AppendSeries(std::string_view series_message, std::string* query_result) {
  AppendFirstField(series_message, query_result);
}

void AppendResult(std::string_view query_result, std::string* read_response) {
  AppendFirstField(query_result, read_response);
}

std::string ChunkedSeriesMessage(model::LabelsView labels,
                                 const std::vector<RemoteReadChunk>& chunks, int64_t query_index) {
  prompb::ChunkedReadResponse message;
  message.set_query_index(query_index);
  prompb::ChunkedSeries* const series = message.add_chunked_series();
  AddLabels(labels, series->mutable_labels());
  for (const RemoteReadChunk& chunk : chunks) {
    prompb::Chunk* const out = series->add_chunks();
    out->set_min_time_ms(chunk.range.min);
    out->set_max_time_ms(chunk.range.max);
    out->set_type(static_cast<prompb::Chunk::Encoding>(chunk.encoding));
    out->set_data(chunk.data);
  }
  return message.SerializeAsString();
}

}  // namespace tidegate::wire
