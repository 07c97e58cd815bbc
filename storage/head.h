// The head: the newest samples, in memory and in the log, until a cut seals them.
#ifndef TIDEGATE_STORAGE_HEAD_H_
#define TIDEGATE_STORAGE_HEAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "model/labels.h"
#include "model/request_context.h"
#include "model/write_batch.h"
#include "storage/log.h"
#include "storage/log_source.h"
#include "storage/series_source.h"
#include "storage/store.h"

namespace tidegate::storage {

// Asked once for every series that the head does not know yet; policy lives with the caller.
class SeriesAdmission {
 public:
  virtual ~SeriesAdmission() = default;
  // Checks and canonicalises label bytes as they arrived. InvalidArgument, or OutOfRange beyond a
  // limit = refuse this series, the text goes to the sender.
  virtual absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const = 0;
  // May the tenant have one more series beside `active` ones? ResourceExhausted = refuse.
  virtual absl::Status AdmitSeriesCount(uint64_t active) const = 0;
  // How many series one metric name may have, and what the sender of another one is told; 0 = any.
  virtual uint64_t max_series_of_metric() const { return 0; }
  virtual std::string MetricIsFull() const { return ""; }
};

enum class RejectReason : uint8_t {
  kInvalidLabels,       // Admission refused the label set.
  kLabelLimit,          // Admission found the label set beyond a limit of the tenant.
  kSeriesLimit,         // Admission refused one more series.
  kMetricSeriesLimit,   // One more series of this metric.
  kDuplicateTimestamp,  // Another value is in the head at this timestamp.
  kTooLarge,            // Fits into no log frame.
  kExemplarLimit,       // The series has had enough exemplars since the last cut.
};

// A point or a whole series that was not stored. `series` indexes WriteBatch::series.
struct Rejection {
  uint32_t series = 0;
  RejectReason reason = RejectReason::kInvalidLabels;
  model::TimestampMs timestamp = 0;  // kDuplicateTimestamp only.
  std::string message;
  uint32_t samples = 0;  // How many float samples, histograms and exemplars it cost.
  uint32_t histograms = 0;
  uint32_t exemplars = 0;
  uint32_t entries = 0;
};

struct AppendResult {
  // Wait for this position before acknowledging; zero when nothing was logged.
  LogPosition position;
  uint64_t samples = 0;  // Accepted, re-sent duplicates included.
  uint64_t histograms = 0;
  uint64_t exemplars = 0;
  uint64_t entries = 0;
  uint64_t new_series = 0;
  std::vector<Rejection> rejections;
};

struct HeadStats {
  uint64_t series = 0;
  uint64_t samples = 0;      // Not yet sealed.
  uint64_t chunk_bytes = 0;  // Compressed samples.
  uint64_t entry_bytes = 0;  // Log entries.
  uint64_t index_bytes = 0;  // Series table, dictionary, postings.
  model::TimeRange range;    // Of unsealed samples; empty when there are none.
};

// Frozen data of one cut. Immutable, and still answered by the head's Select until it is released.
class HeadCut {
 public:
  virtual ~HeadCut() = default;
  virtual LogPosition position() const = 0;
  virtual bool empty() const = 0;
  // Encodes the cut segment by segment, each tenant and partition once, bounded in memory by one
  // segment. `now` picks the partitions. Repeatable: the same segments, byte for byte.
  virtual absl::Status Seal(uint64_t producer, model::TimestampMs now,
                            const std::function<absl::Status(SealedSegment)>& segment_fn) const = 0;
};

struct HeadOptions {
  // A series without a sample over this many cuts leaves the table.
  int idle_cuts = 2;
};

// All tenants' open chunks. Thread safe: appends of one tenant take turns, readers go beside them.
// Samples may come in any order and of any age; a sample whose timestamp and value are known is
// accepted silently, another value at a known timestamp is refused while the sample is unsealed.
class Head : public SeriesSource, public LogSource {
 public:
  // Logs and stores a batch. The samples are readable at once and durable when the log says so for
  // the returned position: that wait is the caller's, before it acknowledges. Everything valid is
  // also logged when it is known already, so that a re-send after a failed sync is as durable as
  // the first. Errors are what Log::Append returns; frames of this batch before the failing one
  // stay in the log and in the head, unacknowledged. Sending the batch again is idempotent.
  virtual absl::StatusOr<AppendResult> Append(const model::RequestContext& context,
                                              const model::WriteBatch& batch,
                                              const SeriesAdmission& admission) = 0;

  // Applies one log frame at start-up, before anything else. DataLoss when the frame's bytes are
  // intact but make no sense (the frame is skipped; other frames can follow).
  virtual absl::Status Replay(LogPosition after, std::string_view frame) = 0;

  // Freezes everything appended so far. At most one cut exists at a time: FailedPrecondition until
  // the last one is released. Appends wait for the short moment that it takes.
  virtual absl::StatusOr<std::shared_ptr<const HeadCut>> Cut() = 0;
  // The cut's data is in the store and can be found there: forget it.
  virtual void Release(const HeadCut& cut) = 0;

  virtual HeadStats Stats(std::string_view tenant) const = 0;  // Empty tenant = all.
  // HeadStats::entry_bytes of all tenants, frozen ones included, at the price of one load: to be
  // asked with every push.
  virtual uint64_t EntryBytes() const = 0;
  virtual std::vector<std::string> Tenants() const = 0;
};

// The log must outlive the head.
std::unique_ptr<Head> CreateHead(const HeadOptions& options, Log* log);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_HEAD_H_
