#include "ingest/admit/logs/detected_level.h"

#include <array>
#include <string>

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

// The labels are sorted: the level goes where it belongs among them.
std::string_view DetectedLevel::With(std::string_view metadata, std::string_view level) {
  labels_.clear();
  bool placed = false;
  for (const model::Label& label : model::LabelsView(metadata)) {
    if (label.name == kDetectedLevel) continue;
    if (!placed && label.name > kDetectedLevel) {
      labels_.push_back({kDetectedLevel, level});
      placed = true;
    }
    labels_.push_back(label);
  }
  if (!placed) labels_.push_back({kDetectedLevel, level});
  return LabelBytes(labels_, &arena_);
}

std::string_view DetectedLevel::Add(std::string_view line, std::string_view metadata) {
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
