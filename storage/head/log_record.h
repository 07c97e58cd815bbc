// One frame of the log: a part of a push, as the head wrote it and replays it.
#ifndef TIDEGATE_STORAGE_HEAD_LOG_RECORD_H_
#define TIDEGATE_STORAGE_HEAD_LOG_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/log_entry.h"
#include "model/sample.h"

namespace tidegate::storage::head {

// Number of a series in the log of one tenant. A definition gives a number its labels and holds
// until the number is defined again; after a cut every number is defined again on its first use, so
// that the log behind the cut's position stands alone. Definitions are written twice
// (tenant_append).
using SeriesRef = uint32_t;

// The content of a frame (docs/formats/log-records.md). Points refer to series by number and are
// applied in the order of the fields below. Strings view the frame's bytes or the writer's buffers.
// Owned by one thread and reused: Clear keeps capacity.
struct LogRecord {
  struct Definition {
    SeriesRef ref;
    std::string_view labels;  // Canonical label bytes.
  };
  struct Sample {
    SeriesRef ref;
    double value;
    model::TimestampMs timestamp;
    model::TimestampMs start_timestamp;  // 0 = unknown.
  };
  struct Histogram {
    SeriesRef ref;
    model::TimestampMs timestamp;
    model::TimestampMs start_timestamp;  // 0 = unknown.
    std::string_view encoded;            // model::EncodeHistogram.
  };
  struct Exemplar {
    SeriesRef ref;
    model::TimestampMs timestamp;
    double value;
    std::string_view labels;  // Canonical label bytes.
  };
  struct Entry {
    SeriesRef ref;
    model::TimestampNs timestamp;
    std::string_view line;
    std::string_view structured_metadata;  // Canonical label bytes.
  };

  std::string_view tenant;
  std::vector<Definition> definitions;
  std::vector<Sample> samples;
  std::vector<Histogram> histograms;
  std::vector<Exemplar> exemplars;
  std::vector<Entry> entries;

  bool empty() const {
    return definitions.empty() && samples.empty() && histograms.empty() && exemplars.empty() &&
           entries.empty();
  }
  void Clear();
};

// Upper bounds of what one item adds to a frame beside the bytes of its strings, and of what a
// frame has beside its items and the tenant's name: a writer that stays below kMaxLogFrameBytes by
// these never has to look at the encoded size.
inline constexpr size_t kMaxFrameOverhead = 128;
inline constexpr size_t kMaxDefinitionOverhead = 12;
inline constexpr size_t kMaxSampleBytes = 36;
inline constexpr size_t kMaxItemOverhead = 48;  // Histograms, exemplars, entries.

// Appends the frame's bytes to `out`.
void EncodeLogRecord(const LogRecord& record, std::string* out);
// Those of a record that holds only the tenant and the definitions of `record`.
void EncodeLogDefinitions(const LogRecord& record, std::string* out);

// Fills `record` with views into `frame`. DataLoss when the bytes make no sense (all of the frame
// is checked first: labels are canonical, timestamps within model/sample.h's bounds; histograms are
// not decoded); FailedPrecondition for a newer version. Allocates a small multiple of the frame at
// most.
absl::Status DecodeLogRecord(std::string_view frame, LogRecord* record);

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_LOG_RECORD_H_
