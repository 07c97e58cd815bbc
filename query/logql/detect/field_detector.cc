#include "query/logql/detect/field_detector.h"

#include <utility>

#include "query/logql/detect/json_key_paths.h"
#include "query/logql/detect/value_type.h"
#include "query/logql/pipeline/entry_labels.h"

namespace tidegate::logql {
namespace {

const WantedFields& Everything() {
  static const auto* const kEverything = new WantedFields;
  return *kEverything;
}

}  // namespace

FieldDetector::FieldDetector(std::vector<std::string> parsers)
    : parsers_(std::move(parsers)), json_(&Everything()), logfmt_({}, &Everything()) {}

FieldDetector::Field& FieldDetector::Take(std::string_view name, std::string_view value) {
  const auto [known, added] = fields_.try_emplace(std::string(name));
  if (added) known->second.type = DetectedType(value);
  known->second.values.emplace(value);
  return known->second;
}

void FieldDetector::Add(const model::Labels& stream_labels, const query::LogResultEntry& entry) {
  for (const model::Label& label : entry.structured_metadata) Take(label.name, label.value);
  if (parsers_.empty()) return AddLine(stream_labels, entry);
  for (const model::Label& label : entry.parsed) {
    if (label.name == kErrorLabel || label.name == kErrorDetailsLabel) continue;
    Take(label.name, label.value).parsers.insert(parsers_.begin(), parsers_.end());
  }
}

void FieldDetector::AddLine(const model::Labels& stream_labels,
                            const query::LogResultEntry& entry) {
  const LineFields json = json_.Parse(entry.line);
  const LineFields fields = json.complete ? json : logfmt_.Parse(entry.line);
  if (fields.fields->empty()) return;
  std::map<std::string, std::vector<std::string>, std::less<>> paths;
  if (json.complete) paths = JsonKeyPaths(entry.line);
  EntryLabels labels;
  labels.SetStream(stream_labels);
  labels.SetMetadata(entry.structured_metadata);
  labels.Begin();
  for (const LineField& field : *fields.fields) {
    const size_t before = labels.items().size();
    labels.Extract(field.name, field.value);
    if (labels.items().size() == before) continue;  // The first of equal names counts.
    Field& taken = Take(labels.items().back().name, field.value);
    taken.parsers.insert(json.complete ? "json" : "logfmt");
    const auto path = paths.find(field.name);
    if (path != paths.end() && taken.json_path.empty()) taken.json_path = path->second;
  }
}

std::vector<query::DetectedField> FieldDetector::Fields(size_t limit) const {
  std::vector<query::DetectedField> fields;
  for (const auto& [name, field] : fields_) {
    if (fields.size() == limit) break;
    query::DetectedField& one = fields.emplace_back();
    one.label = name;
    one.type = field.type;
    one.cardinality = field.values.size();
    one.parsers.assign(field.parsers.begin(), field.parsers.end());
    one.json_path = field.json_path;
  }
  return fields;
}

std::vector<std::string> FieldDetector::ValuesOf(std::string_view field, size_t limit) const {
  std::vector<std::string> values;
  const auto found = fields_.find(field);
  if (found == fields_.end()) return values;
  for (const std::string& value : found->second.values) {
    if (values.size() == limit) break;
    values.push_back(value);
  }
  return values;
}

}  // namespace tidegate::logql
