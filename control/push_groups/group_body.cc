#include "control/push_groups/group_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <utility>

#include "absl/strings/escaping.h"
#include "model/exposition/bound_label.h"
#include "model/exposition/exposition_parser.h"
#include "model/exposition/protobuf_exposition.h"
#include "model/labels.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr std::string_view kPushTime = "push_time_seconds";
constexpr std::string_view kPushFailureTime = "push_failure_time_seconds";

absl::Status HasTimestamp(std::string_view name) {
  return absl::InvalidArgumentError(
      fmt::format("pushed metrics must not have timestamps: {}", name));
}

// The family of the lines that follow a TYPE, or the metric itself.
std::string FamilyNameOf(std::string_view name, std::string_view announced,
                         model::MetricType type) {
  if (name == announced) return std::string(name);
  const bool buckets =
      type == model::MetricType::kHistogram || type == model::MetricType::kGaugeHistogram;
  for (const std::string_view suffix : {"_sum", "_count", "_bucket"}) {
    const bool counts =
        suffix == "_bucket" ? buckets : buckets || type == model::MetricType::kSummary;
    if (counts && name == fmt::format("{}{}", announced, suffix)) return std::string(announced);
  }
  return std::string(name);
}

class Reader {
 public:
  Reader(const PushLabels& group_labels, model::TimestampMs now)
      : group_labels_(group_labels), now_(now) {}

  absl::Status ReadText(std::string_view body);
  absl::Status ReadProtobuf(std::string_view body);
  // Without families of which nothing but their type or help was said, and without texts that no
  // answer could hold.
  PushedFamilies Take() {
    std::erase_if(families_, [](const auto& family) { return family.second.series.empty(); });
    for (auto& [name, family] : families_) {
      for (std::string* const text : {&family.metadata.help, &family.metadata.unit}) {
        if (!model::IsValidUtf8(*text)) text->clear();
      }
    }
    return std::move(families_);
  }

 private:
  bool IsGroupLabel(std::string_view name) const {
    return std::any_of(group_labels_.begin(), group_labels_.end(),
                       [name](const auto& label) { return label.first == name; });
  }
  PushedFamily& Family(const std::string& name) {
    PushedFamily& family = families_[name];
    family.metadata.metric_family = name;
    family.pushed = now_;
    return family;
  }
  // Takes the name out of the labels, and leaves those out that the group sets.
  PushedSeries SeriesOf(model::LabelPairs labels) const;

  const PushLabels& group_labels_;
  const model::TimestampMs now_;
  PushedFamilies families_;
};

PushedSeries Reader::SeriesOf(model::LabelPairs labels) const {
  PushedSeries series;
  for (auto& [name, value] : labels) {
    if (name == model::kMetricNameLabel) {
      series.name = std::move(value);
    } else if (!IsGroupLabel(name) && !value.empty()) {
      series.labels.emplace_back(std::move(name), std::move(value));
    }
  }
  std::sort(series.labels.begin(), series.labels.end());
  return series;
}

absl::Status Reader::ReadText(std::string_view body) {
  using Entry = model::ExpositionParser::Entry;
  constexpr auto kFormat = model::ExpositionFormat::kPrometheusText;
  model::ExpositionParser parser(body, kFormat);
  std::string announced;
  model::MetricType type = model::MetricType::kUnknown;
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return entry.status();
    switch (*entry) {
      case Entry::kEnd:
        return absl::OkStatus();
      case Entry::kType:
        announced = parser.family();
        type = parser.type();
        Family(announced).metadata.type = type;
        break;
      case Entry::kHelp:
        Family(parser.family()).metadata.help = parser.text();
        break;
      case Entry::kUnit:
        Family(parser.family()).metadata.unit = parser.text();
        break;
      case Entry::kSample: {
        model::LabelPairs labels;
        absl::Status status = model::ParseSeriesText(parser.sample().series, kFormat, &labels);
        if (!status.ok()) return status;
        model::NormalizeBound(type, &labels);
        PushedSeries series = SeriesOf(std::move(labels));
        if (parser.sample().timestamp.has_value()) return HasTimestamp(series.name);
        series.value = parser.sample().value;
        Family(FamilyNameOf(series.name, announced, type)).series.push_back(std::move(series));
      }
    }
  }
}

absl::Status Reader::ReadProtobuf(std::string_view body) {
  using Entry = model::ProtobufExposition::Entry;
  model::ProtobufExposition parser(body, /*classic=*/false);
  while (true) {
    const absl::StatusOr<Entry> entry = parser.Next();
    if (!entry.ok()) return entry.status();
    if (*entry == Entry::kEnd) return absl::OkStatus();
    PushedFamily& family = Family(parser.family().metric_family);
    if (*entry == Entry::kFamily) {
      family.metadata = parser.family();
      continue;
    }
    model::LabelPairs labels;
    if (absl::Status status = parser.ReadLabels(&labels); !status.ok()) return status;
    PushedSeries series = SeriesOf(std::move(labels));
    if (parser.sample().timestamp.has_value()) return HasTimestamp(series.name);
    series.value = parser.sample().value;
    series.histogram = parser.sample().histogram;
    family.series.push_back(std::move(series));
  }
}

std::string FloatText(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof(text), value).ptr);
}

json::object EncodeLabels(const PushLabels& labels) {
  json::object object;
  for (const auto& [name, value] : labels) object[name] = value;
  return object;
}

// `number` keeps NaN and infinities; a histogram is in model's own bytes.
json::object EncodeSeries(const PushedSeries& series) {
  json::object object{{"name", series.name}, {"labels", EncodeLabels(series.labels)}};
  if (series.histogram.has_value()) {
    std::string bytes;
    model::EncodeHistogram(*series.histogram, &bytes);
    object["histogram"] = absl::Base64Escape(bytes);
  } else {
    object["number"] = FloatText(series.value);
  }
  return object;
}

json::object EncodeFamily(const PushedFamily& family) {
  json::array series;
  for (const PushedSeries& one : family.series) series.push_back(EncodeSeries(one));
  return {{"type", static_cast<int64_t>(family.metadata.type)},
          {"help", family.metadata.help},
          {"unit", family.metadata.unit},
          {"pushed_ms", family.pushed},
          {"series", std::move(series)}};
}

std::string TextOf(const json::value& value) {
  return {value.as_string().data(), value.as_string().size()};
}

PushLabels DecodeLabels(const json::value& value) {
  PushLabels labels;
  for (const auto& member : value.as_object()) {
    labels.emplace_back(std::string(member.key()), TextOf(member.value()));
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

// As the library does, it throws at what it does not find; DecodeGroup catches.
PushedSeries DecodeSeries(const json::object& object) {
  PushedSeries series;
  series.name = TextOf(object.at("name"));
  series.labels = DecodeLabels(object.at("labels"));
  if (const json::value* const histogram = object.if_contains("histogram")) {
    std::string bytes;
    absl::Base64Unescape(TextOf(*histogram), &bytes);
    std::string_view rest = bytes;
    auto decoded = model::DecodeHistogram(&rest);
    if (decoded.ok()) series.histogram = *std::move(decoded);
  } else {
    const std::string number = TextOf(object.at("number"));
    std::from_chars(number.data(), number.data() + number.size(), series.value);
  }
  return series;
}

PushedFamily DecodeFamily(std::string_view name, const json::object& object) {
  PushedFamily family;
  family.metadata = {std::string(name),
                     static_cast<model::MetricType>(object.at("type").as_int64()),
                     TextOf(object.at("help")), TextOf(object.at("unit"))};
  family.pushed = object.at("pushed_ms").as_int64();
  for (const json::value& one : object.at("series").as_array()) {
    family.series.push_back(DecodeSeries(one.as_object()));
  }
  return family;
}

std::string LabelBytes(const PushGroup& group, std::string_view name, const PushLabels& own) {
  model::LabelsBuilder builder;
  for (const auto& [label, value] : own) builder.Set(label, value);
  for (const auto& [label, value] : group.labels) builder.Set(label, value);
  builder.Set(model::kMetricNameLabel, name);
  return std::string(builder.Build().bytes());
}

// Calls sample_fn(label bytes, value, histogram) for every series.
void ForEachSeries(const PushGroup& group,
                   const std::function<void(const std::string&, double,
                                            const std::optional<model::Histogram>&)>& sample_fn) {
  for (const auto& [name, family] : group.families) {
    for (const PushedSeries& series : family.series) {
      sample_fn(LabelBytes(group, series.name, series.labels), series.value, series.histogram);
    }
  }
  const auto seconds = [](model::TimestampMs ms) { return static_cast<double>(ms) / 1000; };
  sample_fn(LabelBytes(group, kPushTime, {}), seconds(group.pushed), std::nullopt);
  sample_fn(LabelBytes(group, kPushFailureTime, {}), seconds(group.failed), std::nullopt);
}

}  // namespace

absl::StatusOr<PushedFamilies> ParseGroupBody(PushGroupFormat format, std::string_view body,
                                              const PushLabels& group_labels,
                                              model::TimestampMs now) {
  Reader reader(group_labels, now);
  absl::Status status =
      format == PushGroupFormat::kProtobuf ? reader.ReadProtobuf(body) : reader.ReadText(body);
  if (!status.ok()) return status;
  PushedFamilies families = reader.Take();
  for (const std::string_view reserved : {kPushTime, kPushFailureTime}) {
    if (families.erase(std::string(reserved)) > 0) {
      return absl::InvalidArgumentError(
          fmt::format("the metric {} is the gateway's own", reserved));
    }
  }
  return families;
}

std::string EncodeGroup(const PushGroup& group) {
  json::object families;
  for (const auto& [name, family] : group.families) families[name] = EncodeFamily(family);
  return json::serialize(json::object{{"labels", EncodeLabels(group.labels)},
                                      {"pushed_ms", group.pushed},
                                      {"failed_ms", group.failed},
                                      {"families", std::move(families)}});
}

absl::StatusOr<PushGroup> DecodeGroup(std::string_view value) {
  try {
    const json::value root = json::parse({value.data(), value.size()});
    const json::object& object = root.as_object();
    PushGroup group;
    group.labels = DecodeLabels(object.at("labels"));
    group.pushed = object.at("pushed_ms").as_int64();
    group.failed = object.at("failed_ms").as_int64();
    for (const auto& member : object.at("families").as_object()) {
      const std::string_view name(member.key().data(), member.key().size());
      group.families.emplace(std::string(name), DecodeFamily(name, member.value().as_object()));
    }
    return group;
  } catch (const std::exception& error) {
    return absl::DataLossError(fmt::format("a group of pushed metrics: {}", error.what()));
  }
}

std::set<std::string> GroupSeries(const PushGroup& group) {
  std::set<std::string> series;
  ForEachSeries(group, [&](const std::string& label_bytes, double,
                           const std::optional<model::Histogram>&) { series.insert(label_bytes); });
  return series;
}

void AppendGroup(const PushGroup& group, model::TimestampMs now, PushBody* out) {
  ForEachSeries(group, [&](const std::string& label_bytes, double value,
                           const std::optional<model::Histogram>& histogram) {
    if (histogram.has_value()) {
      out->AddHistogram(label_bytes, {now, 0, *histogram});
    } else {
      out->AddSample(label_bytes, now, value);
    }
  });
  for (const auto& [name, family] : group.families) out->AddMetadata(family.metadata);
}

}  // namespace tidegate::control
