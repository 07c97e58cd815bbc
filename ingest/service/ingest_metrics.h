// The ingester's own metrics (prometheus-cpp).
#ifndef TIDEGATE_INGEST_SERVICE_INGEST_METRICS_H_
#define TIDEGATE_INGEST_SERVICE_INGEST_METRICS_H_

#include <array>
#include <cstddef>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "ingest/admit/reject_reason.h"
#include "ingest/ingester.h"
#include "model/metrics/metrics_registry.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"

namespace tidegate::ingest {

// How a push ended: the `result` label of tidegate_ingest_requests_total.
enum class PushOutcome { kStored, kPartial, kInvalid, kTooLarge, kBusy, kUnavailable, kBlocked };
inline constexpr size_t kPushOutcomes = 7;

// What became of the bodies of one format; they live as long as the registry.
struct DecoderMetrics {
  prometheus::Counter* decoded = nullptr;
  prometheus::Counter* malformed = nullptr;  // The format's rules are broken, or its compression's.
  prometheus::Counter* refused = nullptr;    // A bound on size or memory.
  prometheus::Counter* bytes = nullptr;      // As received, of all three.
};

// One tenant's counters; they live as long as the registry.
struct TenantMetrics {
  std::array<prometheus::Counter*, kPushOutcomes> requests{};
  std::array<prometheus::Counter*, kRejectReasons> rejected{};
  model::Meter* samples = nullptr;
  prometheus::Counter* histograms = nullptr;
  prometheus::Counter* exemplars = nullptr;
  model::Meter* log_entries = nullptr;
  prometheus::Counter* metadata = nullptr;

  prometheus::Counter& Requests(PushOutcome outcome) const {
    return *requests[static_cast<size_t>(outcome)];
  }
};

// Thread safe. The registry must outlive it.
class IngestMetrics {
 public:
  explicit IngestMetrics(model::MetricsRegistry* registry);

  // Made at the first call; so only names of known tenants may be asked for.
  const TenantMetrics& ForTenant(const std::string& tenant);
  // By reason, without those that are zero; nothing for a tenant that has never pushed.
  std::map<std::string, uint64_t> Rejected(const std::string& tenant);
  const DecoderMetrics& ForDecoder(PushFormat format) const {
    return decoders_[static_cast<size_t>(format)];
  }

  model::Timer& push_seconds;
  model::ValueHistogram& push_bytes;  // Of bodies, as received.
  prometheus::Gauge& in_flight_bytes;
  prometheus::Gauge& log_bytes;
  prometheus::Gauge& head_series;
  prometheus::Gauge& head_samples;
  prometheus::Gauge& head_chunk_bytes;
  prometheus::Gauge& head_entry_bytes;
  prometheus::Counter& waited_log_pushes;
  prometheus::Counter& refused_log_pushes;
  prometheus::Counter& cuts;
  prometheus::Counter& failed_cuts;
  model::Timer& cut_seconds;
  prometheus::Counter& replayed_frames;
  prometheus::Counter& damaged_stretches;
  prometheus::Counter& log_gaps;
  prometheus::Counter& new_identities;

 private:
  TenantMetrics MakeTenant(const std::string& tenant);
  void MakeDecoders(model::MetricsRegistry* registry);

  model::MetricsRegistry& registry_;

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Counter>& rejected_;
  prometheus::Family<prometheus::Counter>& histograms_;
  prometheus::Family<prometheus::Counter>& exemplars_;
  prometheus::Family<prometheus::Counter>& metadata_;

  std::array<DecoderMetrics, kPushFormats> decoders_;

  absl::Mutex mutex_;
  // Nodes, because references are handed out.
  absl::node_hash_map<std::string, TenantMetrics> tenants_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_INGEST_METRICS_H_
