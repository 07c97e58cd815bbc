#include "proto/wire/metric_family.h"

#include <google/protobuf/io/coded_stream.h>

#include "proto/prometheus/metrics.pb.h"

namespace tidegate::wire {
namespace {

namespace client = prompb::client;

client::MetricType ToWire(FamilyType type) {
  switch (type) {
    case FamilyType::kHistogram:
      return client::HISTOGRAM;
    case FamilyType::kGaugeHistogram:
      return client::GAUGE_HISTOGRAM;
    case FamilyType::kUntyped:
      break;
  }
  return client::UNTYPED;
}

void ToWire(const std::vector<model::HistogramSpan>& spans,
            google::protobuf::RepeatedPtrField<client::BucketSpan>* out) {
  for (const model::HistogramSpan& span : spans) {
    client::BucketSpan* const message = out->Add();
    message->set_offset(span.offset);
    message->set_length(span.length);
  }
}

void ToWire(const model::FloatHistogram& histogram, client::Histogram* out) {
  out->set_sample_sum(histogram.sum);
  out->set_sample_count_float(histogram.count);
  out->set_schema(histogram.schema);
  out->set_zero_threshold(histogram.zero_threshold);
  out->set_zero_count_float(histogram.zero_count);
  ToWire(histogram.negative_spans, out->mutable_negative_span());
  ToWire(histogram.positive_spans, out->mutable_positive_span());
  out->mutable_negative_count()->Add(histogram.negative_buckets.begin(),
                                     histogram.negative_buckets.end());
  out->mutable_positive_count()->Add(histogram.positive_buckets.begin(),
                                     histogram.positive_buckets.end());
}

void ToWire(const FamilyMetric& metric, client::Metric* out) {
  for (const auto& [name, value] : metric.labels) {
    client::LabelPair* const label = out->add_label();
    label->set_name(name);
    label->set_value(value);
  }
  out->set_timestamp_ms(metric.timestamp);
  if (metric.histogram != nullptr) {
    ToWire(*metric.histogram, out->mutable_histogram());
  } else {
    out->mutable_untyped()->set_value(metric.value);
  }
}

}  // namespace

std::string DelimitedFamily(std::string_view name, FamilyType type,
                            const std::vector<FamilyMetric>& metrics) {
  client::MetricFamily family;
  family.set_name(std::string(name));
  family.set_type(ToWire(type));
  for (const FamilyMetric& metric : metrics) ToWire(metric, family.add_metric());
  uint8_t size[10];
  const uint8_t* const end =
      google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(family.ByteSizeLong(), size);
  std::string out(reinterpret_cast<const char*>(size), static_cast<size_t>(end - size));
  family.AppendToString(&out);
  return out;
}

}  // namespace tidegate::wire
