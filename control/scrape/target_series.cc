#include "control/scrape/target_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "control/scrape/content_type.h"
#include "model/exposition/bound_label.h"
#include "model/exposition/protobuf_exposition.h"
#include "model/quote.h"
#include "model/relabel.h"

namespace tidegate::control {
namespace {

enum ReportName : size_t {
  kUp,
  kDuration,
  kScraped,
  kKept,
  kAdded,
  kTimeout,
  kSampleLimit,
  kBodyBytes,
};
constexpr std::string_view kReportNames[] = {"up",
                                             "scrape_duration_seconds",
                                             "scrape_samples_scraped",
                                             "scrape_samples_post_metric_relabeling",
                                             "scrape_series_added",
                                             "scrape_timeout_seconds",
                                             "scrape_sample_limit",
                                             "scrape_body_size_bytes"};
constexpr size_t kOrdinaryReports = kAdded + 1;  // The others are extra_scrape_metrics.

constexpr size_t kShownBytes = 100;

ScrapeFault Unreadable(std::string text) { return {ScrapeResult::kUnreadable, std::move(text)}; }

std::string Text(const absl::Status& status) { return std::string(status.message()); }

std::string ReportLabels(std::string_view name, const model::Labels& target) {
  return std::string(
      model::LabelsBuilder(target.view()).Set(model::kMetricNameLabel, name).Build().bytes());
}

// What the target says about labels that the job sets becomes exported_NAME; shorter names first,
// so that the outcome does not depend on an order.
void MoveAside(std::vector<std::pair<std::string, std::string>> conflicting,
               model::LabelsBuilder* builder) {
  std::stable_sort(conflicting.begin(), conflicting.end(),
                   [](const auto& a, const auto& b) { return a.first.size() < b.first.size(); });
  for (const auto& [name, value] : conflicting) {
    std::string other = name;
    do {
      other = "exported_" + other;
    } while (!builder->Get(other).empty());
    builder->Set(other, value);
  }
}

// Sets one thing that is known about a metric.
template <typename Family, typename Value>
void Say(const Value& value, Value model::MetricMetadata::*member, Family* family) {
  family->changed |= family->metadata.*member != value;
  family->metadata.*member = value;
}

}  // namespace

TargetSeries::TargetSeries(std::shared_ptr<const Target> target) { Change(std::move(target)); }

void TargetSeries::Change(std::shared_ptr<const Target> target) {
  target_ = std::move(target);
  cache_.ForgetTexts();
  families_.clear();
  reports_.clear();
  for (const std::string_view name : kReportNames) {
    reports_.push_back(ReportLabels(name, target_->labels));
  }
}

SeriesCache::Gone TargetSeries::StaleMarkers(model::TimestampMs now, PushBody* out) {
  return [now, out](std::string_view label_bytes) {
    out->AddSample(label_bytes, now, model::StaleNan());
  };
}

ScrapeFault TargetSeries::Read(std::string_view content_type, std::string_view body,
                               model::TimestampMs now, PushBody* out, ScrapeCounts* counts) {
  const PushBody::Mark mark = out->mark();
  Progress progress{now, 0, out, counts, {}};
  ++scrape_;
  ScrapeFault fault;
  const absl::StatusOr<ScrapeProtocol> protocol =
      ProtocolOf(content_type, target_->job->fallback_protocol);
  if (body.empty()) {
    // Nothing is a valid exposition of nothing, whatever its type.
  } else if (!protocol.ok()) {
    fault = Unreadable(Text(protocol.status()));
  } else {
    fault = ReadBody(*protocol, body, &progress);
  }
  if (fault.ok()) fault = progress.limit;
  if (!fault.ok()) out->ReturnTo(mark);
  if (!fault.ok() || body.empty()) {
    cache_.EndWithout(StaleMarkers(now, out));
    return fault;
  }
  cache_.End(StaleMarkers(now, out));
  AddMetadata(out);
  return fault;
}

ScrapeFault TargetSeries::ReadBody(ScrapeProtocol protocol, std::string_view body,
                                   Progress* progress) {
  switch (protocol) {
    case ScrapeProtocol::kProtobuf:
      return ReadProtobuf(body, progress);
    case ScrapeProtocol::kOpenMetrics100:
    case ScrapeProtocol::kOpenMetrics001:
      return ReadText(model::ExpositionFormat::kOpenMetrics, body, progress);
    case ScrapeProtocol::kText100:
    case ScrapeProtocol::kText004:
      break;
  }
  return ReadText(model::ExpositionFormat::kPrometheusText, body, progress);
}

ScrapeFault TargetSeries::ReadText(model::ExpositionFormat format, std::string_view body,
                                   Progress* progress) {
  using Entry = model::ExpositionParser::Entry;
  model::ExpositionParser parser(body, format);
  model::MetricType type = model::MetricType::kUnknown;  // Of the lines that follow.
  const auto read_labels = [&](model::LabelPairs* labels) {
    const std::string_view text = parser.sample().series;
    const absl::Status status = model::ParseSeriesText(text, format, labels);
    model::NormalizeBound(type, labels);
    return status.ok() ? status
                       : absl::InvalidArgumentError(
                             fmt::format("{}: {}", text.substr(0, kShownBytes), Text(status)));
  };
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return Unreadable(Text(entry.status()));
    switch (*entry) {
      case Entry::kEnd:
        return {};
      case Entry::kSample: {
        const model::ExposedSample& sample = parser.sample();
        ScrapeFault fault = TakeSample(
            {sample.series, sample.timestamp, sample.value, nullptr, sample.exemplar, nullptr},
            read_labels, progress);
        if (!fault.ok()) return fault;
        break;
      }
      case Entry::kType:
        type = parser.type();
        Say(type, &model::MetricMetadata::type, &FamilyOf(parser.family()));
        break;
      case Entry::kHelp:
        Say(parser.text(), &model::MetricMetadata::help, &FamilyOf(parser.family()));
        break;
      case Entry::kUnit:
        Say(parser.text(), &model::MetricMetadata::unit, &FamilyOf(parser.family()));
        break;
    }
  }
}

ScrapeFault TargetSeries::ReadProtobuf(std::string_view body, Progress* progress) {
  using Entry = model::ProtobufExposition::Entry;
  model::ProtobufExposition parser(body, target_->job->always_scrape_classic_histograms);
  const auto read_labels = [&parser](model::LabelPairs* labels) {
    return parser.ReadLabels(labels);
  };
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return Unreadable(Text(entry.status()));
    if (*entry == Entry::kEnd) return {};
    if (*entry == Entry::kFamily) {
      const model::MetricMetadata& said = parser.family();
      Family& family = FamilyOf(said.metric_family);
      family.changed |= family.metadata != said;
      family.metadata = said;
      continue;
    }
    const model::ProtobufSample& sample = parser.sample();
    const model::Histogram* const histogram =
        sample.histogram.has_value() ? &*sample.histogram : nullptr;
    ScrapeFault fault =
        TakeSample({sample.key, sample.timestamp, sample.value, histogram, {}, &sample.exemplars},
                   read_labels, progress);
    if (!fault.ok()) return fault;
  }
}

TargetSeries::Family& TargetSeries::FamilyOf(const std::string& name) {
  Family& family = families_[name];
  if (family.metadata.metric_family.empty()) family.metadata.metric_family = name;
  family.scrape = scrape_;
  return family;
}

void TargetSeries::AddMetadata(PushBody* out) {
  for (auto it = families_.begin(); it != families_.end();) {
    Family& family = it->second;
    if (family.scrape != scrape_) {
      families_.erase(it++);
      continue;
    }
    if (std::exchange(family.changed, false)) out->AddMetadata(family.metadata);
    ++it;
  }
}

ScrapeFault TargetSeries::TakeSample(const Exposed& sample, ReadLabels read_labels,
                                     Progress* progress) {
  ++progress->counts->scraped;
  uint32_t series = 0;
  bool is_new = false;
  ScrapeFault fault = FindOrAdd(sample.key, read_labels, &series, &is_new);
  if (!fault.ok()) return fault;
  if (cache_.LabelBytes(series).empty()) {
    cache_.Mark(series, false);  // Dropped; it is still there to be recognised.
    return {};
  }
  // Duplicates count as exposed, but only the first one is stored.
  ++progress->counts->kept;
  const bool own_time = sample.timestamp.has_value() && target_->job->honor_timestamps;
  const bool lasting = !own_time || target_->job->track_timestamps_staleness;
  if (!cache_.Mark(series, lasting) && !own_time) return {};
  const uint64_t limit = target_->job->sample_limit;
  if (limit > 0 && ++progress->appended > limit) {
    progress->limit = {ScrapeResult::kLimitExceeded, "sample limit exceeded"};
    return {};
  }
  if (is_new) ++progress->counts->added;
  Append(series, sample, progress);
  return {};
}

void TargetSeries::Append(uint32_t series, const Exposed& sample, Progress* progress) {
  const bool own_time = sample.timestamp.has_value() && target_->job->honor_timestamps;
  const model::TimestampMs at = own_time ? *sample.timestamp : progress->now;
  if (sample.histogram != nullptr) {
    progress->out->AddHistogram(cache_.LabelBytes(series), {at, 0, *sample.histogram});
  } else {
    progress->out->AddSample(cache_.LabelBytes(series), at, sample.value);
  }
  AppendExemplars(series, sample, at, progress);
}

// Only what the scrape before did not have. A broken exemplar costs itself only.
void TargetSeries::AppendExemplars(uint32_t series, const Exposed& sample, model::TimestampMs at,
                                   Progress* progress) {
  if (!sample.exemplar.empty() && cache_.NoteExemplar(series, sample.exemplar)) {
    const auto exemplar = model::ParseExemplar(sample.exemplar, at);
    if (exemplar.ok()) progress->out->AddExemplar(cache_.LabelBytes(series), *exemplar);
  }
  if (sample.exemplars == nullptr || sample.exemplars->empty()) return;
  std::string all;
  for (const model::Exemplar& one : *sample.exemplars) {
    all += fmt::format("{} {} {};", one.labels.bytes(), one.value, one.timestamp);
  }
  if (!cache_.NoteExemplar(series, all)) return;
  for (model::Exemplar one : *sample.exemplars) {
    if (one.timestamp == 0) one.timestamp = at;
    progress->out->AddExemplar(cache_.LabelBytes(series), one);
  }
}

ScrapeFault TargetSeries::FindOrAdd(std::string_view key, ReadLabels read_labels, uint32_t* series,
                                    bool* is_new) {
  if (const auto known = cache_.Find(key)) {
    *series = *known;
    return {};
  }
  if (absl::Status status = read_labels(&pairs_); !status.ok()) return Unreadable(Text(status));
  const absl::StatusOr<model::Labels> labels = LabelsOf(std::move(pairs_));
  if (!labels.ok()) return Unreadable(Text(labels.status()));
  if (ScrapeFault fault = CheckLimits(labels->view()); !fault.ok()) return fault;
  *series = cache_.Add(key, labels->bytes());
  *is_new = true;
  return {};
}

absl::StatusOr<model::Labels> TargetSeries::LabelsOf(model::LabelPairs exposed) const {
  std::vector<std::pair<std::string, std::string>> conflicting;
  std::vector<std::string> said;  // Names that the target's own labels win for.
  for (const auto& [name, value] : exposed) {
    if (target_->job->honor_labels) {
      said.push_back(name);
    } else if (!value.empty() && target_->labels.Has(name)) {
      conflicting.emplace_back(name, value);
    }
  }
  const model::Labels own(std::move(exposed));
  model::LabelsBuilder builder(own.view());
  for (const model::Label& label : target_->labels) {
    if (std::find(said.begin(), said.end(), label.name) != said.end()) continue;
    builder.Set(label.name, label.value);
  }
  MoveAside(std::move(conflicting), &builder);
  if (!model::Relabel(target_->job->metric_relabel, &builder)) return model::Labels();
  model::Labels labels = builder.Build();
  if (labels.empty() || labels.Has(model::kMetricNameLabel)) return labels;
  return absl::InvalidArgumentError("missing metric name (__name__ label)");
}

ScrapeFault TargetSeries::CheckLimits(model::LabelsView labels) const {
  const ScrapeConfig& job = *target_->job;
  if (job.label_limit == 0 && job.label_name_length_limit == 0 &&
      job.label_value_length_limit == 0) {
    return {};
  }
  const auto fault = [&](std::string text) {
    return ScrapeFault{ScrapeResult::kLimitExceeded, std::move(text)};
  };
  const std::string_view metric = labels.metric_name().substr(0, 50);
  if (job.label_limit > 0 && labels.size() > job.label_limit) {
    return fault(fmt::format("label_limit exceeded (metric: {}, number of labels: {}, limit: {})",
                             metric, labels.size(), job.label_limit));
  }
  for (const model::Label& label : labels) {
    if (job.label_name_length_limit > 0 && label.name.size() > job.label_name_length_limit) {
      return fault(fmt::format(
          "label_name_length_limit exceeded (metric: {}, label name: {}, length: {}, "
          "limit: {})",
          metric, label.name.substr(0, 50), label.name.size(), job.label_name_length_limit));
    }
    if (job.label_value_length_limit > 0 && label.value.size() > job.label_value_length_limit) {
      return fault(
          fmt::format("label_value_length_limit exceeded (metric: {}, label name: {}, value: {}, "
                      "length: {}, limit: {})",
                      metric, label.name.substr(0, 50), model::Quoted(label.value.substr(0, 50)),
                      label.value.size(), job.label_value_length_limit));
    }
  }
  return {};
}

void TargetSeries::Miss(model::TimestampMs now, PushBody* out) {
  ++scrape_;
  cache_.EndWithout(StaleMarkers(now, out));
}

void TargetSeries::AddReport(const ScrapeReport& report, model::TimestampMs now,
                             PushBody* out) const {
  out->AddSample(reports_[kUp], now, report.up ? 1 : 0);
  out->AddSample(reports_[kDuration], now, report.duration_seconds);
  out->AddSample(reports_[kScraped], now, static_cast<double>(report.counts.scraped));
  out->AddSample(reports_[kKept], now, static_cast<double>(report.counts.kept));
  out->AddSample(reports_[kAdded], now, static_cast<double>(report.counts.added));
  if (!target_->job->extra_scrape_metrics) return;
  out->AddSample(reports_[kTimeout], now, absl::ToDoubleSeconds(target_->timeout));
  out->AddSample(reports_[kSampleLimit], now, static_cast<double>(target_->job->sample_limit));
  out->AddSample(reports_[kBodyBytes], now, static_cast<double>(report.body_bytes));
}

void TargetSeries::Retire(model::TimestampMs now, PushBody* out) {
  Miss(now, out);
  const size_t reports =
      target_->job->extra_scrape_metrics ? std::size(kReportNames) : kOrdinaryReports;
  for (size_t i = 0; i < reports; ++i) out->AddSample(reports_[i], now, model::StaleNan());
}

std::vector<model::MetricMetadata> TargetSeries::Metadata() const {
  std::vector<model::MetricMetadata> all;
  for (const auto& [name, family] : families_) all.push_back(family.metadata);
  return all;
}

}  // namespace tidegate::control
