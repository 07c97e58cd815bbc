#include "ingest/admit/logs/detected_level.h"

#include <array>
#include <string>
#include <vector>

#include "ingest/admit/logs/level_detection.h"
#include "ingest/decode/loki/stream_labels.h"

namespace tidegate::ingest {
namespace {

// The metadata of an entry that has nothing but a level: by far the most.
const std::array<std::string, kLogLevels>& LevelOnly() {
  static const auto* const kBytes = [] {
    auto* bytes = new std::array<std::string, kLogLevels>();
    for (int i = 0; i < kLogLevels; ++i) {
      model::AppendLabelBytes(kDetectedLevel, LogLevelName(static_cast<LogLevel>(i)), &(*bytes)[i]);
    }
    return bytes;
  }();
  return *kBytes;
}

// The usual spelling of a level, or the value as it is.
std::string_view Spelt(std::string_view value) {
  const LogLevel level = LogLevelOf(value);
  return level == LogLevel::kUnknown ? value : LogLevelName(level);
}

}  // namespace

DetectedLevel::DetectedLevel(model::LabelsView stream, ByteArena* arena)
    : of_stream_(Spelt(LevelLabel(stream))), arena_(*arena) {}

std::string_view DetectedLevel::LevelOf(std::string_view line, model::LabelsView metadata) const {
  if (!of_stream_.empty()) return of_stream_;
  if (!metadata.empty()) {
    if (const std::string_view label = LevelLabel(metadata); !label.empty()) return Spelt(label);
    if (const std::string_view number = metadata.Get("severity_number"); !number.empty()) {
      return LogLevelName(LevelOfSeverityNumber(number));
    }
  }
  return LogLevelName(DetectLevel(line));
}

std::string_view DetectedLevel::With(std::string_view metadata, std::string_view level) const {
  std::vector<model::Label> labels;
  for (const model::Label& label : model::LabelsView(metadata)) {
    if (label.name != kDetectedLevel) labels.push_back(label);
  }
  labels.push_back({kDetectedLevel, level});
  SortLabels(&labels);
  return LabelBytes(labels, &arena_);
}

std::string_view DetectedLevel::Add(std::string_view line, std::string_view metadata) const {
  const model::LabelsView view(metadata);
  if (metadata.empty()) {
    if (of_stream_.empty()) return LevelOnly()[static_cast<size_t>(DetectLevel(line))];
    const LogLevel level = LogLevelOf(of_stream_);
    if (level != LogLevel::kUnknown) return LevelOnly()[static_cast<size_t>(level)];
    return With({}, of_stream_);
  }
  if (const std::string_view there = view.Get(kDetectedLevel); !there.empty()) {
    return Spelt(there) == there ? metadata : With(metadata, Spelt(there));
  }
  return With(metadata, LevelOf(line, view));
}

}  // namespace tidegate::ingest
