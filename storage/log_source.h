// Where LogQL reads from: the head of an ingester, the sealed store, or both merged.
#ifndef TIDEGATE_STORAGE_LOG_SOURCE_H_
#define TIDEGATE_STORAGE_LOG_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/matcher.h"
#include "model/request_context.h"
#include "storage/lent_threads.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// Half open: begin is inclusive, end exclusive (LogQL's rule for log queries). Nanoseconds since
// the Unix epoch.
struct LogRange {
  model::TimestampNs begin = 0;
  model::TimestampNs end = 0;
  bool empty() const { return begin >= end; }
  friend bool operator==(const LogRange&, const LogRange&) = default;
};

// One test on the line as it was stored. Holds when one of the alternatives is found in the line;
// negated, when none is.
struct LineTest {
  enum class Kind : uint8_t {
    kContains,  // Substring, case sensitive, bytes. The empty string is in every line.
    kMatches,   // RE2 search, unanchored; `.` does not match a newline.
  };
  Kind kind = Kind::kContains;
  std::vector<std::string> alternatives;  // At least one.
  bool negated = false;

  friend bool operator==(const LineTest&, const LineTest&) = default;
};

// Which columns of the entries are wanted; fewer cost less.
enum class LineColumn : uint8_t {
  kNone,   // Timestamps only.
  kSizes,  // And the lines' lengths in bytes.
  kLines,  // And the lines (their sizes come with them).
};

enum class LogOrder : uint8_t { kForward, kBackward };  // Ascending, descending by timestamp.

struct LogSelection {
  std::vector<model::CompiledMatcher> matchers;  // On the stream's labels; all must match.
  LogRange range;
  // All must hold. The source applies them exactly: what fails one does not come.
  std::vector<LineTest> tests;
  LineColumn lines = LineColumn::kLines;
  bool structured_metadata = true;
  LogOrder order = LogOrder::kForward;
  // The caller takes only the first `limit` entries in `order` over all streams; the source may
  // leave out any entry that cannot be among them. 0 = all.
  uint64_t limit = 0;
  // May work for the call; nullptr = nobody but its own thread. Other processes do not see it.
  LentThreads* threads = nullptr;
};

// Entries of one stream, in the selection's order; entries at one nanosecond in the order of their
// arrival (backward: the reverse). Columns that were asked for have one element an entry, others
// are empty. The views live as long as `memory` does. Immutable once handed over.
struct LogBatch {
  std::shared_ptr<const model::Labels> stream;
  std::vector<model::TimestampNs> timestamps;
  std::vector<uint32_t> line_sizes;
  std::vector<std::string_view> lines;
  // Index into metadata_sets; sets may repeat and may be unused. Empty when no entry has any.
  std::vector<uint32_t> metadata;
  std::vector<model::Labels> metadata_sets;
  std::shared_ptr<const void> memory;
  // What it cost to find them, for the query's statistics: all lines that were looked at (by
  // themselves or through their block's header or template) and their bytes. Those of blocks that
  // an index excludes are not among them.
  uint64_t lines_scanned = 0;
  uint64_t bytes_scanned = 0;
  // About what the batch keeps alive, for the query's budget.
  uint64_t memory_bytes = 0;
};

// One stream and about how much it holds in a range, from headers and indexes alone; exact when the
// blocks lie inside the range.
struct StreamVolume {
  model::Labels stream;
  uint64_t entries = 0;
  uint64_t bytes = 0;   // Of lines, uncompressed.
  uint64_t chunks = 0;  // Blocks that overlap the range.
};

// For the label APIs: the union of several selections over one range; no selection = every stream.
struct StreamQuery {
  std::vector<std::vector<model::CompiledMatcher>> selections;
  LogRange range;
  size_t limit = 0;  // Return at most this many; 0 = all.
};

// Implementations are thread safe. Every call honours the context's deadline and cancellation and
// reads only the context's tenant. Errors and damage: as SeriesSource has them.
//
// An entry that was stored twice (same stream, timestamp, line and structured metadata) comes once.
class LogSource {
 public:
  virtual ~LogSource() = default;

  // A stream may come in many batches: those of one stream never overlap in time and come in the
  // selection's order; streams come in any order. Batches are bounded (about 64k entries or 4 MB of
  // lines). The sink is called on the caller's thread; an error from it stops the selection.
  virtual absl::Status SelectLogs(const model::RequestContext& context,
                                  const LogSelection& selection, Sink<LogBatch>& sink) = 0;

  // Streams that may have entries in the range. In no particular order, without duplicates.
  virtual absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(
      const model::RequestContext& context, const StreamQuery& query) = 0;
  // Sorted, without duplicates; from the index alone.
  virtual absl::StatusOr<std::vector<std::string>> StreamLabelNames(
      const model::RequestContext& context, const StreamQuery& query) = 0;
  virtual absl::StatusOr<std::vector<std::string>> StreamLabelValues(
      const model::RequestContext& context, const std::string& label_name,
      const StreamQuery& query) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_SOURCE_H_
