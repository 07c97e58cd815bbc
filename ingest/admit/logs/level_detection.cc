#include "ingest/admit/logs/level_detection.h"

#include <charconv>
#include <cstring>

#include "ingest/admit/logs/level_field.h"
#include "ingest/admit/logs/level_word.h"

namespace tidegate::ingest {
namespace {

constexpr std::string_view kNames[kLogLevels] = {"unknown", "trace", "debug",    "info",
                                                 "warn",    "error", "critical", "fatal"};

struct Spelling {
  std::string_view word;
  LogLevel level;
};

constexpr Spelling kSpellings[] = {
    {"trace", LogLevel::kTrace},       {"trc", LogLevel::kTrace},   {"debug", LogLevel::kDebug},
    {"dbg", LogLevel::kDebug},         {"info", LogLevel::kInfo},   {"inf", LogLevel::kInfo},
    {"information", LogLevel::kInfo},  {"warn", LogLevel::kWarn},   {"wrn", LogLevel::kWarn},
    {"warning", LogLevel::kWarn},      {"error", LogLevel::kError}, {"err", LogLevel::kError},
    {"critical", LogLevel::kCritical}, {"fatal", LogLevel::kFatal},
};

bool EqualsIgnoreCase(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const char c = a[i];
    if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::string_view LogLevelName(LogLevel level) { return kNames[static_cast<size_t>(level)]; }

LogLevel LogLevelOf(std::string_view word) {
  for (const Spelling& spelling : kSpellings) {
    if (EqualsIgnoreCase(word, spelling.word)) return spelling.level;
  }
  return LogLevel::kUnknown;
}

std::string_view LevelLabel(model::LabelsView labels) {
  constexpr std::string_view kLabels[] = {
      "level",    "LEVEL",    "Level",         "log.level",     "log_level",
      "severity", "SEVERITY", "Severity",      "SeverityText",  "lvl",
      "LVL",      "Lvl",      "severity_text", "Severity_Text", "SEVERITY_TEXT"};
  size_t best = std::size(kLabels);
  std::string_view value;
  for (const model::Label& label : labels) {
    for (size_t i = 0; i < best; ++i) {
      if (label.name != kLabels[i]) continue;
      best = i;
      value = label.value;
    }
  }
  return value;
}

LogLevel LevelOfSeverityNumber(std::string_view number) {
  int value = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) {
    return LogLevel::kInfo;
  }
  if (value == 0 || value > 24) return LogLevel::kUnknown;
  if (value <= 4) return LogLevel::kTrace;
  if (value <= 8) return LogLevel::kDebug;
  if (value <= 12) return LogLevel::kInfo;
  if (value <= 16) return LogLevel::kWarn;
  if (value <= 20) return LogLevel::kError;
  return LogLevel::kFatal;
}

LogLevel DetectLevel(std::string_view line) {
  std::string_view field;
  if (line.empty()) return LogLevel::kUnknown;
  if (LooksLikeJson(line)) {
    field = JsonLevelField(line);
  } else if (std::memchr(line.data(), '=', line.size()) != nullptr) {
    field = LogfmtLevelField(line);
  }
  const LogLevel level = LogLevelOf(field);
  return level != LogLevel::kUnknown ? level : FirstLevelWord(line);
}

}  // namespace tidegate::ingest
