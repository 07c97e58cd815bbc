// The ingester: takes pushes, makes them durable, keeps them readable until they are sealed.
#ifndef TIDEGATE_INGEST_INGESTER_H_
#define TIDEGATE_INGEST_INGESTER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "model/push_rules.h"
#include "model/request_context.h"
#include "model/sample.h"
#include "model/tenant.h"
#include "storage/log.h"
#include "storage/log_source.h"
#include "storage/series_source.h"
#include "storage/store.h"

namespace tidegate::model {
class MetricsRegistry;
}

namespace tidegate::ingest {

// The protocol of a push body. New senders add a value here and a decoder in ingest/decode.
enum class PushFormat : uint8_t {
  kRemoteWrite1,    // prometheus.WriteRequest
  kLokiProtobuf,    // logproto.PushRequest; inside any other encoding it is a snappy block or bare.
  kLokiJson,        // {"streams": [{"stream": {}, "values": []}]}
  kLokiLegacyJson,  // {"streams": [{"labels": "", "entries": []}]}
  kOtlpLogsProtobuf,
  kOtlpLogsJson,
  kRemoteWrite2,  // io.prometheus.write.v2.Request
  kOtlpMetricsProtobuf,
  kOtlpMetricsJson,
  kPrometheusText,  // What a target exposes, in each of the three formats.
  kOpenMetrics,
  kPrometheusProtobuf,  // MetricFamily messages, each behind its size.
  kJsonLines,           // docs/formats/json-lines.md
};
inline constexpr size_t kPushFormats = 13;

// How the body is compressed.
enum class PushEncoding : uint8_t {
  kSnappyBlock,
  kIdentity,
  kGzip,
  kDeflate,
  kZstd,
  kLz4,
};

// One push as it arrived; the body is a view that must live until Push returns.
struct PushRequest {
  PushFormat format = PushFormat::kRemoteWrite1;
  PushEncoding encoding = PushEncoding::kSnappyBlock;
  std::string_view body;
  // Of expositions: labels that every series gets, in the place of its own; and the time of samples
  // that say none (0 = now).
  std::vector<std::pair<std::string, std::string>> labels = {};
  model::TimestampMs time = 0;
};

// What was stored. Counts are exact.
struct PushResult {
  uint64_t samples = 0;
  uint64_t histograms = 0;
  uint64_t exemplars = 0;
  uint64_t entries = 0;
  // Not stored, and not worth sending again as it is: InvalidArgument with a text for the sender
  // that names the first few offenders and how many there were; ResourceExhausted when only rates
  // and the number of log streams are to blame. Ok when everything was stored.
  absl::Status rejected;
  uint64_t log_streams = 0;      // In a push of logs, refused ones included.
  uint64_t rejected_points = 0;  // Of metrics, that `rejected` speaks of.
};

struct IngesterStats {
  uint64_t series = 0;
  uint64_t samples = 0;  // Unsealed.
  uint64_t chunk_bytes = 0;
  uint64_t log_bytes = 0;
  // What was refused of the tenant's, by reason, since the ingester started. Counts of zero are
  // left out.
  std::map<std::string, uint64_t> rejected;
};

// Thread safe. Implemented in process (CreateIngester) and by the gRPC client; one contract suite
// runs on both.
class Ingester {
 public:
  virtual ~Ingester() = default;

  // Returns when everything that the result counts is durable. Errors, with nothing acknowledged:
  //   InvalidArgument    the body cannot be decoded (400)
  //   OutOfRange         a size bound of the tenant was exceeded (413)
  //   ResourceExhausted  back off: too much in flight, beyond a rate, or log entries come faster
  //                      than they are sealed (429 with Retry-After)
  //   FailedPrecondition the tenant's ingestion of logs is blocked (block_ingestion_status_code)
  //   Unavailable        the disk is full, the log cannot be written, starting or stopping (503)
  virtual absl::StatusOr<PushResult> Push(const model::RequestContext& context,
                                          const PushRequest& request) = 0;

  // Seals everything that is open, hands it to the store and trims the log. Returns when done.
  virtual absl::Status Flush(const model::RequestContext& context) = 0;

  // Unsealed data.
  virtual storage::SeriesSource& series() = 0;
  virtual storage::LogSource& logs() = 0;
  virtual absl::StatusOr<IngesterStats> Stats(const model::RequestContext& context) = 0;
  // Ok, or why pushes are refused right now.
  virtual absl::Status Ready() const = 0;
};

struct IngesterOptions {
  std::string directory;  // Holds the log (in log/) and the producer id; made when missing.
  storage::LogDurability durability = storage::LogDurability::kGroup;
  uint64_t log_segment_bytes = 64 << 20;
  uint64_t max_log_bytes = uint64_t{16} << 30;
  absl::Duration head_cut_interval = absl::Minutes(30);
  // Cut early beyond these; zero = never. Log entries lie in memory as they came and shrink by ten
  // when they are sealed. The last bounds the time of a replay.
  uint64_t cut_head_bytes = uint64_t{2} << 30;
  uint64_t cut_entry_bytes = uint64_t{32} << 20;
  uint64_t cut_log_bytes = uint64_t{4} << 30;
  // Beyond this much for log entries pushes of logs wait for sealing, and are refused with
  // ResourceExhausted when that takes long. Zero = any. Twice cut_entry_bytes: one cut is sealed
  // while the next gathers.
  uint64_t max_entry_bytes = uint64_t{64} << 20;
  int max_waiting_log_pushes = 4;  // More are refused at once.
  uint64_t max_head_bytes = 0;     // Unsealed data beyond it: Unavailable. Zero = any.
  // Outlives the ingester; nullptr: every tenant has the defaults.
  const model::PushRulesSource* push_rules = nullptr;
  uint64_t max_in_flight_bytes = 256 << 20;  // Compressed and decompressed bodies at work.
};

// The ingester of this process.
class LocalIngester : public Ingester {
 public:
  // Refuses new pushes, seals everything and closes the log. Takes at most until `deadline`; what
  // is not sealed by then is in the log.
  virtual absl::Status Shutdown(absl::Time deadline) = 0;
};

// Opens the log and replays it in the background: Ready() and pushes say Unavailable until that is
// done. What is passed in must outlive the ingester; its own metrics go into `metrics`.
absl::StatusOr<std::unique_ptr<LocalIngester>> CreateIngester(const IngesterOptions& options,
                                                              storage::Store* store,
                                                              const model::TenantRegistry* tenants,
                                                              const model::Clock* clock,
                                                              model::MetricsRegistry* metrics);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_INGESTER_H_
