// One line of a log stream.
#ifndef TIDEGATE_MODEL_LOG_ENTRY_H_
#define TIDEGATE_MODEL_LOG_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "model/labels.h"

namespace tidegate::model {

// Log timestamps are nanoseconds since the Unix epoch (Loki's resolution), unlike samples.
using TimestampNs = int64_t;

// Entries of one stream at the same nanosecond keep the order in which they arrived.
struct LogEntry {
  TimestampNs timestamp = 0;
  std::string line;
  Labels structured_metadata;
};

// An entry of a push: views into what was received. `structured_metadata` is canonical label bytes.
struct LogEntryView {
  TimestampNs timestamp = 0;
  std::string_view line;
  std::string_view structured_metadata;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_LOG_ENTRY_H_
