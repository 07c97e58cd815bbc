// A sink of whole streams that is a function.
#ifndef TIDEGATE_STORAGE_LOGS_STREAM_READER_H_
#define TIDEGATE_STORAGE_LOGS_STREAM_READER_H_

#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Passes each stream on. What the function views must outlive it.
class StreamReader final : public Sink<SelectedStream> {
 public:
  explicit StreamReader(std::function<absl::Status(SelectedStream)> stream_fn)
      : stream_fn_(std::move(stream_fn)) {}
  absl::Status Add(SelectedStream stream) override { return stream_fn_(std::move(stream)); }

 private:
  const std::function<absl::Status(SelectedStream)> stream_fn_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_STREAM_READER_H_
