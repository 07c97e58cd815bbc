// Bodies of remote write, of either version, series by series.
#ifndef TIDEGATE_BENCH_WRITE_REQUEST_H_
#define TIDEGATE_BENCH_WRITE_REQUEST_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace tidegate::bench {

// Owned by one thread.
class WriteRequest {
 public:
  // 1 or 2.
  explicit WriteRequest(int version) : version_(version) {}

  // A series with one sample. The label bytes are canonical.
  void Add(std::string_view label_bytes, double value, int64_t timestamp_ms);
  int series() const { return series_; }
  // The message, uncompressed; a new one begins.
  std::string Take();

 private:
  void AppendReferences(std::string_view label_bytes, std::string* out);
  uint32_t Reference(std::string_view text);

  int version_;
  int series_ = 0;
  std::string timeseries_;
  // Of version 2: written first, the empty one among them.
  std::string symbols_;
  absl::flat_hash_map<std::string, uint32_t> references_;
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_WRITE_REQUEST_H_
