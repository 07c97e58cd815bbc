#include "ingest/decode/otlp/otlp_streams.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "ingest/decode/loki/structured_metadata.h"

namespace tidegate::ingest {
namespace {

bool Contains(const std::vector<std::string>* names, std::string_view name) {
  return names != nullptr && std::find(names->begin(), names->end(), name) != names->end();
}

}  // namespace

OtlpStreams::OtlpStreams(const OtlpRules& rules, DecodedPush* push)
    : rules_(rules), arena_(push->arena), streams_(push) {}

bool OtlpStreams::IsDropped(std::string_view key) const {
  return Contains(rules_.drop_attributes, key);
}

bool OtlpStreams::IsIndexed(std::string_view key) const {
  return Contains(rules_.index_attributes, key);
}

std::string_view OtlpStreams::TextOf(const OtlpValue& value) {
  return value.kind == OtlpValue::Kind::kString ? value.text : arena_.Copy(OtlpText(value));
}

void OtlpStreams::Flatten(std::string_view name, const OtlpValue& value, int depth, Pairs* pairs) {
  if (value.kind != OtlpValue::Kind::kMap || depth == kMaxOtlpDepth) {
    const std::string_view normal = NormalizedName(name, &arena_);
    // A name that was put together dies with the argument.
    if (!normal.empty()) pairs->push_back({arena_.Copy(normal), TextOf(value)});
    return;
  }
  for (const OtlpAttribute& member : value.members) {
    Flatten(fmt::format("{}_{}", name, member.key), member.value, depth + 1, pairs);
  }
}

void OtlpStreams::AddAll(const std::vector<OtlpAttribute>& attributes, Pairs* pairs) {
  for (const OtlpAttribute& attribute : attributes) {
    if (IsDropped(attribute.key)) continue;
    Flatten(attribute.key, attribute.value, 0, pairs);
  }
}

void OtlpStreams::BeginResource(const std::vector<OtlpAttribute>& attributes) {
  resource_.clear();
  scope_.clear();
  Pairs labels;
  std::vector<OtlpAttribute> others;
  for (const OtlpAttribute& attribute : attributes) {
    if (IsDropped(attribute.key)) continue;
    AddAll({attribute}, IsIndexed(attribute.key) ? &labels : &resource_);
  }
  for (model::Label& label : labels) label.value = ValidText(label.value, &arena_);
  // A label given twice keeps the last value.
  std::stable_sort(labels.begin(), labels.end(),
                   [](const model::Label& a, const model::Label& b) { return a.name < b.name; });
  Pairs unique;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (i + 1 == labels.size() || labels[i + 1].name != labels[i].name) unique.push_back(labels[i]);
  }
  streams_.BeginStream(std::move(unique));
}

void OtlpStreams::BeginScope(const OtlpScope& scope) {
  scope_.clear();
  AddAll(scope.attributes, &scope_);
  if (!scope.name.empty()) scope_.push_back({"scope_name", scope.name});
  if (!scope.version.empty()) scope_.push_back({"scope_version", scope.version});
  if (scope.dropped_attributes != 0) {
    scope_.push_back(
        {"scope_dropped_attributes_count", arena_.Copy(std::to_string(scope.dropped_attributes))});
  }
}

void OtlpStreams::AddNumber(std::string_view name, uint64_t number) {
  if (number != 0) streams_.AddMetadata(name, arena_.Copy(std::to_string(number)));
}

void OtlpStreams::AddText(std::string_view name, std::string_view text) {
  if (!text.empty()) streams_.AddMetadata(name, text);
}

void OtlpStreams::AddHex(std::string_view name, std::string_view bytes) {
  // All zeros mean that there is no id.
  if (bytes.find_first_not_of('\0') == bytes.npos) return;
  streams_.AddMetadata(name, arena_.Copy(absl::BytesToHexString({bytes.data(), bytes.size()})));
}

model::TimestampNs OtlpStreams::TimeOf(const OtlpRecord& record) const {
  const uint64_t time = record.time != 0 ? record.time : record.observed_time;
  if (time == 0) return rules_.now;
  constexpr uint64_t kLast = std::numeric_limits<model::TimestampNs>::max();
  return static_cast<model::TimestampNs>(std::min(time, kLast));
}

void OtlpStreams::Add(const OtlpRecord& record) {
  for (const model::Label& pair : resource_) streams_.AddMetadata(pair.name, pair.value);
  for (const model::Label& pair : scope_) streams_.AddMetadata(pair.name, pair.value);
  record_.clear();
  AddAll(record.attributes, &record_);
  for (const model::Label& pair : record_) streams_.AddMetadata(pair.name, pair.value);
  if (record.time != 0) AddNumber("observed_timestamp", record.observed_time);
  if (record.severity_number > 0) AddNumber("severity_number", record.severity_number);
  AddText("severity_text", record.severity_text);
  AddNumber("dropped_attributes_count", record.dropped_attributes);
  AddNumber("flags", record.flags);
  AddHex("trace_id", record.trace_id);
  AddHex("span_id", record.span_id);
  AddText("event_name", record.event_name);
  streams_.AddEntry(TimeOf(record), TextOf(record.body));
}

void OtlpStreams::EndResource() { streams_.EndStream(); }

}  // namespace tidegate::ingest
