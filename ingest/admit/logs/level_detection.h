// The level of a log line, as Loki detects it at push time.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_DETECTION_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_DETECTION_H_

#include <cstdint>
#include <string_view>

#include "model/labels.h"

namespace tidegate::ingest {

enum class LogLevel : uint8_t { kUnknown, kTrace, kDebug, kInfo, kWarn, kError, kCritical, kFatal };
inline constexpr int kLogLevels = 8;

inline constexpr std::string_view kDetectedLevel = "detected_level";

// "unknown", "trace", ...
std::string_view LogLevelName(LogLevel level);

// trace trc, debug dbg, info inf information, warn wrn warning, error err, critical, fatal, without
// regard to case. kUnknown for anything else.
LogLevel LogLevelOf(std::string_view word);

// The value of the first of the label names that speak of levels (level, LEVEL, Level, log.level,
// severity, ...) that is there; empty when none is. Metadata has log_level for log.level.
std::string_view LevelLabel(model::LabelsView labels);

// The level of an OpenTelemetry severity number, given as text.
LogLevel LevelOfSeverityNumber(std::string_view number);

// From the line alone: the level field of a JSON object (to a depth of two) or of logfmt when the
// line looks like one, otherwise the first word that names a level. A word stands alone: no letter,
// digit, `_`, `-`, `/`, `:` or `.` before it, no letter, digit, `_`, `-` or `/` behind it.
// Allocates nothing.
LogLevel DetectLevel(std::string_view line);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_DETECTION_H_
