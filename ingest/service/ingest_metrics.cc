#include "ingest/service/ingest_metrics.h"

#include "model/metrics/metrics_registry.h"

namespace tidegate::ingest {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

constexpr std::array<const char*, kPushOutcomes> kOutcomeNames = {
    "stored", "partial", "invalid", "too_large", "busy", "unavailable", "blocked"};

// The `decoder` label, by PushFormat.
constexpr std::array<const char*, kPushFormats> kDecoderNames = {
    "remote_write_1",     "loki_protobuf",   "loki_json",      "loki_legacy_json",
    "otlp_logs_protobuf", "otlp_logs_json",  "remote_write_2", "otlp_metrics_protobuf",
    "otlp_metrics_json",  "prometheus_text", "open_metrics",   "prometheus_protobuf",
    "json_lines"};

prometheus::Family<prometheus::Counter>& Counters(model::MetricsRegistry* registry,
                                                  const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(*registry);
}

prometheus::Counter& Counter(model::MetricsRegistry* registry, const char* name, const char* help) {
  return Counters(registry, name, help).Add({});
}

prometheus::Gauge& Gauge(model::MetricsRegistry* registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(*registry).Add({});
}

}  // namespace

IngestMetrics::IngestMetrics(model::MetricsRegistry* registry)
    : push_seconds(registry->AddTimer(
          "tidegate_ingest_push_duration_seconds", "Time from a push's arrival to its durability.",
          {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5})),
      push_bytes(registry->AddHistogram("tidegate_ingest_push_bytes",
                                        "Bodies of pushes, as received.",
                                        {1024, 8192, 65536, 524288, 4194304, 33554432})),
      in_flight_bytes(Gauge(registry, "tidegate_ingest_in_flight_bytes",
                            "Compressed and decompressed bodies at work.")),
      log_bytes(Gauge(registry, "tidegate_ingest_log_bytes", "Log that is not trimmed.")),
      head_series(Gauge(registry, "tidegate_ingest_head_series", "Series in the head.")),
      head_samples(Gauge(registry, "tidegate_ingest_head_samples", "Samples not yet sealed.")),
      head_chunk_bytes(
          Gauge(registry, "tidegate_ingest_head_chunk_bytes", "Compressed samples in memory.")),
      head_entry_bytes(
          Gauge(registry, "tidegate_ingest_head_entry_bytes", "Unsealed log entries in memory.")),
      waited_log_pushes(Counter(registry, "tidegate_ingest_waited_log_pushes_total",
                                "Pushes of logs that waited for entries to be sealed.")),
      refused_log_pushes(Counter(registry, "tidegate_ingest_refused_log_pushes_total",
                                 "Pushes of logs that were refused as sealing fell behind.")),
      cuts(Counter(registry, "tidegate_ingest_cuts_total", "Cuts handed over to the store.")),
      failed_cuts(Counter(registry, "tidegate_ingest_failed_cuts_total",
                          "Attempts to hand over a cut that failed and are tried again.")),
      cut_seconds(registry->AddTimer("tidegate_ingest_cut_duration_seconds",
                                     "Time from freezing a cut to its commit.",
                                     {0.01, 0.1, 0.5, 1, 5, 15, 60, 300})),
      replayed_frames(Counter(registry, "tidegate_ingest_replayed_frames_total",
                              "Log frames applied at start-up.")),
      damaged_stretches(Counter(registry, "tidegate_ingest_log_damage_total",
                                "Damaged stretches of the log that replay skipped.")),
      log_gaps(Counter(registry, "tidegate_ingest_log_gaps_total",
                       "Starts with a store that lacks what the log was trimmed of.")),
      new_identities(Counter(registry, "tidegate_ingest_new_identities_total",
                             "Times that the store did not know this ingester any more.")),
      registry_(*registry),
      requests_(Counters(registry, "tidegate_ingest_requests_total", "Pushes by how they ended.")),
      rejected_(Counters(
          registry, "tidegate_ingest_rejected_samples_total",
          "Samples, histograms, exemplars, metadata and log entries not stored, by reason.")),
      histograms_(Counters(registry, "tidegate_ingest_histograms_total",
                           "Native histograms accepted, re-sent ones included.")),
      exemplars_(Counters(registry, "tidegate_ingest_exemplars_total", "Exemplars accepted.")),
      metadata_(Counters(registry, "tidegate_ingest_metadata_total",
                         "Metric families whose metadata was new or changed.")) {
  MakeDecoders(registry);
}

void IngestMetrics::MakeDecoders(model::MetricsRegistry* registry) {
  auto& requests = Counters(registry, "tidegate_ingest_decoder_requests_total",
                            "Bodies that came to a decoder, by what became of them.");
  auto& bytes = Counters(registry, "tidegate_ingest_decoder_bytes_total",
                         "Bodies that came to a decoder, as received.");
  for (size_t i = 0; i < kPushFormats; ++i) {
    const std::string name = kDecoderNames[i];
    decoders_[i] = {.decoded = &requests.Add({{"decoder", name}, {"result", "decoded"}}),
                    .malformed = &requests.Add({{"decoder", name}, {"result", "malformed"}}),
                    .refused = &requests.Add({{"decoder", name}, {"result", "refused"}}),
                    .bytes = &bytes.Add({{"decoder", name}})};
  }
}

const TenantMetrics& IngestMetrics::ForTenant(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  const auto it = tenants_.find(tenant);
  if (it != tenants_.end()) return it->second;
  return tenants_.emplace(tenant, MakeTenant(tenant)).first->second;
}

std::map<std::string, uint64_t> IngestMetrics::Rejected(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  std::map<std::string, uint64_t> rejected;
  const auto it = tenants_.find(tenant);
  if (it == tenants_.end()) return rejected;
  for (size_t i = 0; i < kRejectReasons; ++i) {
    const auto count = static_cast<uint64_t>(it->second.rejected[i]->Value());
    if (count > 0) rejected.emplace(RejectReasonName(static_cast<RejectReason>(i)), count);
  }
  return rejected;
}

TenantMetrics IngestMetrics::MakeTenant(const std::string& tenant) {
  TenantMetrics metrics;
  for (size_t i = 0; i < kPushOutcomes; ++i) {
    metrics.requests[i] = &requests_.Add({{"tenant", tenant}, {"result", kOutcomeNames[i]}});
  }
  for (size_t i = 0; i < kRejectReasons; ++i) {
    const char* const reason = RejectReasonName(static_cast<RejectReason>(i));
    metrics.rejected[i] = &rejected_.Add({{"tenant", tenant}, {"reason", reason}});
  }
  metrics.samples =
      &registry_.AddMeter("tidegate_ingest_samples_total",
                          "Float samples accepted, re-sent ones included.", {{"tenant", tenant}});
  metrics.histograms = &histograms_.Add({{"tenant", tenant}});
  metrics.exemplars = &exemplars_.Add({{"tenant", tenant}});
  metrics.log_entries =
      &registry_.AddMeter("tidegate_ingest_log_entries_total",
                          "Log entries accepted, re-sent ones included.", {{"tenant", tenant}});
  metrics.metadata = &metadata_.Add({{"tenant", tenant}});
  return metrics;
}

}  // namespace tidegate::ingest
