// What one push could not store, counted and put into words.
#ifndef TIDEGATE_INGEST_ADMIT_REJECTIONS_H_
#define TIDEGATE_INGEST_ADMIT_REJECTIONS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "ingest/admit/reject_reason.h"

namespace tidegate::ingest {

// Points by kind.
struct PointCounts {
  uint64_t samples = 0;
  uint64_t histograms = 0;
  uint64_t exemplars = 0;
  uint64_t entries = 0;

  uint64_t total() const { return samples + histograms + exemplars + entries; }
};

// Owned by one thread. Memory is bounded whatever is added: only the first offenders are described.
class Rejections {
 public:
  static constexpr size_t kMaxOffenders = 10;
  static constexpr size_t kMaxOffenderBytes = 512;

  // Points that the sender must hear of. `describe_fn` is called only when there is room for
  // another text; equal texts in a row are kept once.
  void Add(RejectReason reason, const PointCounts& points,
           absl::FunctionRef<std::string()> describe_fn);
  // Things that were dropped without failing the push.
  void AddSilently(RejectReason reason, uint64_t count);

  // How many points (or things) were refused for a reason, for the counters.
  uint64_t count(RejectReason reason) const { return counts_[static_cast<size_t>(reason)]; }
  // How many points the sender must hear of.
  uint64_t told_points() const { return points_.total(); }

  // Ok when nothing was added that the sender must hear of. InvalidArgument otherwise, one line:
  // totals first, then the first offenders (senders log only the start of the first line).
  absl::Status ToStatus() const;

  // The same for a push of logs, in Loki's form: the one text, or "N errors: text; text".
  // ResourceExhausted when nothing but rates and the number of streams is to blame.
  absl::Status ToLogStatus() const;

 private:
  std::array<uint64_t, kRejectReasons> counts_{};
  std::array<uint64_t, kRejectReasons> told_{};
  PointCounts points_;
  uint64_t offenders_ = 0;
  std::vector<std::string> texts_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_REJECTIONS_H_
