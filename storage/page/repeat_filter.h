// Leaves out log entries that a stream has already.
#ifndef TIDEGATE_STORAGE_PAGE_REPEAT_FILTER_H_
#define TIDEGATE_STORAGE_PAGE_REPEAT_FILTER_H_

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "model/log_entry.h"

namespace tidegate::storage {

// Follows one stream, ascending by time. Entries of one nanosecond are few, so each is compared
// with those before it. Owned by one thread.
class RepeatFilter {
 public:
  // Another stream begins.
  void Clear();
  // False when the entries do not ascend by time, behind those that came before.
  bool Ascend(std::span<const model::LogEntryView> entries) const;
  // Those that are new, of entries that ascend; valid until the next call, as the entries are.
  std::span<const model::LogEntryView> Drop(std::span<const model::LogEntryView> entries);

 private:
  void Remember();

  std::vector<model::LogEntryView> newest_;  // All of the last nanosecond.
  std::deque<std::string> memory_;           // What newest_ views, between calls.
  std::vector<model::LogEntryView> kept_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_REPEAT_FILTER_H_
