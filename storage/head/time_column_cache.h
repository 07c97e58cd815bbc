// Lets series with equal timestamps share one column.
#ifndef TIDEGATE_STORAGE_HEAD_TIME_COLUMN_CACHE_H_
#define TIDEGATE_STORAGE_HEAD_TIME_COLUMN_CACHE_H_

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "model/sample.h"
#include "storage/series_source.h"

namespace tidegate::storage::head {

// Remembers the last few columns of a selection: the series of a target follow each other. Owned by
// one thread.
class TimeColumnCache {
 public:
  TimeColumn Intern(std::span<const model::TimestampMs> timestamps) {
    for (const TimeColumn& column : recent_) {
      if (column != nullptr && std::ranges::equal(*column, timestamps)) return column;
    }
    TimeColumn column = std::make_shared<const std::vector<model::TimestampMs>>(timestamps.begin(),
                                                                                timestamps.end());
    recent_[next_++ % recent_.size()] = column;
    return column;
  }

 private:
  std::array<TimeColumn, 8> recent_;
  size_t next_ = 0;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_TIME_COLUMN_CACHE_H_
