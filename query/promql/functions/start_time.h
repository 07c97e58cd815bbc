// What start timestamps say about counters.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_START_TIME_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_START_TIME_H_

#include "model/sample.h"

namespace tidegate::promql {

struct TimedStart {
  model::TimestampMs start = 0;  // 0 = unknown.
  model::TimestampMs time = 0;   // Of the sample.
};

// Whether the counter of `current` began after the sample `previous`. A start at the very time of
// the previous sample is a reset only for delta series, which is to say when the previous start is
// known and older.
inline bool IsStartTimeReset(const TimedStart& previous, const TimedStart& current) {
  if (current.start == 0 || current.start >= current.time) return false;
  if (current.start != previous.time) return current.start > previous.time;
  return previous.start < previous.time && previous.start != 0;
}

// A start before the previous sample that is not the previous start: two senders, or a broken one.
inline bool StartTimesOverlap(const TimedStart& previous, const TimedStart& current) {
  return current.start != 0 && current.start < previous.time && current.start != previous.start;
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_START_TIME_H_
