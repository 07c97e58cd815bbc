// A file of lines that only grows, within a bound: the query log, the audit log.
#ifndef TIDEGATE_API_JSON_LINES_JSON_LINES_FILE_H_
#define TIDEGATE_API_JSON_LINES_JSON_LINES_FILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace tidegate::api {

// Appends to a file. When it would grow beyond its bound it is renamed to NAME.1, in place of an
// earlier one, and begun anew: both together take at most twice the bound. Thread safe.
class JsonLinesFile {
 public:
  // `max_bytes` > 0. Nothing is opened yet.
  JsonLinesFile(std::string path, uint64_t max_bytes)
      : path_(std::move(path)), max_bytes_(max_bytes) {}
  ~JsonLinesFile();
  JsonLinesFile(const JsonLinesFile&) = delete;
  JsonLinesFile& operator=(const JsonLinesFile&) = delete;

  // Opens the file of that name, also when it is open: somebody may have moved it away. Unavailable
  // when it cannot be opened; the next line tries again.
  absl::Status Reopen();
  // Unavailable when the line could not be written as a whole.
  absl::Status Append(const std::string& line);

 private:
  absl::Status OpenLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CloseLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const uint64_t max_bytes_;
  absl::Mutex mutex_;
  int file_ ABSL_GUARDED_BY(mutex_) = -1;
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JSON_LINES_JSON_LINES_FILE_H_
