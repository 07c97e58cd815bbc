#include "ingest/decode/exposition/exposition_push.h"

#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "model/exposition/bound_label.h"
#include "model/exposition/exposition_parser.h"
#include "model/exposition/protobuf_exposition.h"
#include "model/exposition/series_text.h"
#include "model/labels.h"
#include "model/metadata.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

constexpr size_t kShownBytes = 100;

std::string Text(const absl::Status& status) { return std::string(status.message()); }

class Decoder {
 public:
  Decoder(std::string_view body, const ExpositionRules& rules, DecodedPush* push)
      : body_(body), rules_(rules), push_(push), batch_(push->batch) {}

  absl::Status Run();

 private:
  absl::Status ReadText(model::ExpositionFormat format);
  absl::Status ReadTextSample(const model::ExposedSample& sample, model::ExpositionFormat format,
                              model::MetricType type);
  absl::Status ReadProtobuf();
  absl::Status BeginSeries(model::LabelPairs labels);
  void EndSeries();
  model::MetricMetadata& FamilyOf(const std::string& name);

  const std::string_view body_;
  const ExpositionRules& rules_;
  DecodedPush* const push_;
  model::WriteBatch& batch_;
  std::map<std::string, model::MetricMetadata> families_;
  size_t label_bytes_ = 0;
};

absl::Status Decoder::Run() {
  absl::Status status;
  switch (rules_.kind) {
    case ExpositionKind::kText:
      status = ReadText(model::ExpositionFormat::kPrometheusText);
      break;
    case ExpositionKind::kOpenMetrics:
      status = ReadText(model::ExpositionFormat::kOpenMetrics);
      break;
    case ExpositionKind::kProtobuf:
      status = ReadProtobuf();
  }
  if (!status.ok()) return status;
  for (auto& [name, metadata] : families_) batch_.metadata.push_back(std::move(metadata));
  return absl::OkStatus();
}

model::MetricMetadata& Decoder::FamilyOf(const std::string& name) {
  model::MetricMetadata& metadata = families_[name];
  metadata.metric_family = name;
  return metadata;
}

absl::Status Decoder::BeginSeries(model::LabelPairs labels) {
  if (rules_.labels != nullptr) {
    for (const auto& [name, value] : *rules_.labels) {
      std::erase_if(labels, [&name = name](const auto& label) { return label.first == name; });
      if (!value.empty()) labels.emplace_back(name, value);
    }
  }
  const model::Labels sorted(std::move(labels));
  label_bytes_ += sorted.bytes().size();
  if (rules_.max_label_bytes != 0 && label_bytes_ > rules_.max_label_bytes) {
    return absl::OutOfRangeError(
        fmt::format("the labels of the request take more than {} bytes", rules_.max_label_bytes));
  }
  model::BatchSeries& series = batch_.series.emplace_back();
  series.label_bytes = push_->arena.Copy(sorted.bytes());
  series.id = model::HashLabelBytes(series.label_bytes);
  series.samples_begin = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_begin = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_begin = static_cast<uint32_t>(batch_.exemplars.size());
  return absl::OkStatus();
}

void Decoder::EndSeries() {
  model::BatchSeries& series = batch_.series.back();
  series.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
}

absl::Status Decoder::ReadTextSample(const model::ExposedSample& sample,
                                     model::ExpositionFormat format, model::MetricType type) {
  model::LabelPairs labels;
  absl::Status status = model::ParseSeriesText(sample.series, format, &labels);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {}", sample.series.substr(0, kShownBytes), Text(status)));
  }
  model::NormalizeBound(type, &labels);
  if (status = BeginSeries(std::move(labels)); !status.ok()) return status;
  const model::TimestampMs time = sample.timestamp.value_or(rules_.now);
  push_->AddSample(time, 0, sample.value);
  if (!sample.exemplar.empty()) {
    auto exemplar = model::ParseExemplar(sample.exemplar, time);
    if (!exemplar.ok()) return exemplar.status();
    batch_.exemplars.push_back(*std::move(exemplar));
  }
  EndSeries();
  return absl::OkStatus();
}

absl::Status Decoder::ReadText(model::ExpositionFormat format) {
  using Entry = model::ExpositionParser::Entry;
  model::ExpositionParser parser(body_, format);
  model::MetricType type = model::MetricType::kUnknown;  // Of the lines that follow.
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return entry.status();
    absl::Status status;
    switch (*entry) {
      case Entry::kEnd:
        return absl::OkStatus();
      case Entry::kSample:
        status = ReadTextSample(parser.sample(), format, type);
        break;
      case Entry::kType:
        type = parser.type();
        FamilyOf(parser.family()).type = type;
        break;
      case Entry::kHelp:
        FamilyOf(parser.family()).help = parser.text();
        break;
      case Entry::kUnit:
        FamilyOf(parser.family()).unit = parser.text();
        break;
    }
    if (!status.ok()) return status;
  }
}

absl::Status Decoder::ReadProtobuf() {
  using Entry = model::ProtobufExposition::Entry;
  model::ProtobufExposition parser(body_, /*classic=*/false);
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return entry.status();
    if (*entry == Entry::kEnd) return absl::OkStatus();
    if (*entry == Entry::kFamily) {
      FamilyOf(parser.family().metric_family) = parser.family();
      continue;
    }
    const model::ProtobufSample& sample = parser.sample();
    model::LabelPairs labels;
    absl::Status status = parser.ReadLabels(&labels);
    if (status.ok()) status = BeginSeries(std::move(labels));
    if (!status.ok()) return status;
    const model::TimestampMs time = sample.timestamp.value_or(rules_.now);
    if (sample.histogram.has_value()) {
      batch_.histograms.push_back({time, 0, *sample.histogram});
    } else {
      push_->AddSample(time, 0, sample.value);
    }
    for (model::Exemplar exemplar : sample.exemplars) {
      if (exemplar.timestamp == 0) exemplar.timestamp = time;
      batch_.exemplars.push_back(std::move(exemplar));
    }
    EndSeries();
  }
}

}  // namespace

absl::Status DecodeExposition(std::string_view body, const ExpositionRules& rules,
                              DecodedPush* push) {
  return Decoder(body, rules, push).Run();
}

}  // namespace tidegate::ingest
