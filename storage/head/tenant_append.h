// One push on its way into a tenant's head.
#ifndef TIDEGATE_STORAGE_HEAD_TENANT_APPEND_H_
#define TIDEGATE_STORAGE_HEAD_TENANT_APPEND_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/write_batch.h"
#include "storage/head.h"
#include "storage/head/pending_frame.h"
#include "storage/head/tenant_head.h"
#include "storage/log.h"

namespace tidegate::storage::head {

// Lives for one call of TenantHead::Append, which holds the append mutex. Goes through the batch
// once: finds each series, checks its points against what is unsealed, collects what is valid; and
// whenever a frame is full, and at the end, logs the frame and then applies it. So the log never
// holds a point that contradicts the head, and replaying frames repeats what was applied.
class TenantAppend {
 public:
  TenantAppend(TenantHead* head, const model::WriteBatch& batch, const SeriesAdmission& admission,
               uint32_t epoch, LogRun run, PendingFrame* frame)
      : head_(*head),
        batch_(batch),
        admission_(admission),
        epoch_(epoch),
        run_(run),
        frame_(*frame) {}

  absl::StatusOr<AppendResult> Run();

 private:
  absl::Status AddSeries(uint32_t series);
  SeriesRef Resolve(uint32_t series);
  SeriesRef ResolveUnknown(uint32_t series);
  bool AdmitNew(uint32_t series, const model::Labels& labels);
  bool HasSeries(std::string_view metric_name, uint64_t count);
  absl::Status Define(SeriesRef ref);
  absl::Status AddSamples(uint32_t series, SeriesRef ref);
  absl::Status AddHistograms(uint32_t series, SeriesRef ref);
  absl::Status AddExemplars(uint32_t series, SeriesRef ref);
  absl::Status AddEntries(uint32_t series, SeriesRef ref);
  // Adds to the frame by `add`, into a new frame when it is full. False: it fits in none.
  template <typename Add>
  absl::StatusOr<bool> AddToFrame(const Add& add);
  absl::Status Flush();
  absl::StatusOr<LogPosition> LogFrame();
  // After LogFrame: the definitions of the frame hold, or have to be made again.
  void KeepDefinitions();
  void TakeBackDefinitions();

  void RejectSeries(uint32_t series, RejectReason reason, std::string message);
  // The rejection of this series and reason, made with that message if it is the first one.
  Rejection& Reject(uint32_t series, RejectReason reason, model::TimestampMs timestamp,
                    const std::string& message);
  void RejectSample(uint32_t series, model::TimestampMs timestamp, double value);
  void RejectHistogram(uint32_t series, model::TimestampMs timestamp);

  TenantHead& head_;
  const model::WriteBatch& batch_;
  const SeriesAdmission& admission_;
  const uint32_t epoch_;
  const LogRun run_;
  PendingFrame& frame_;
  AppendResult result_;
  std::vector<std::pair<SeriesRef, uint32_t>> defined_;  // In this frame, with the epoch before.
  absl::flat_hash_set<PairId> full_metrics_;  // A metric that is full stays it during a push.
  std::string encoded_;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_TENANT_APPEND_H_
