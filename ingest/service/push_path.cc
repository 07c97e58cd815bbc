#include "ingest/service/push_path.h"

#include <chrono>
#include <utility>

#include "fmt/format.h"
#include "ingest/admit/batch_checks.h"
#include "ingest/admit/label_text.h"
#include "ingest/admit/tenant_admission.h"
#include "ingest/admit/write_relabel.h"
#include "ingest/service/body_decoding.h"

namespace tidegate::ingest {
namespace {

PushOutcome Outcome(const absl::StatusOr<PushResult>& result) {
  switch (result.status().code()) {
    case absl::StatusCode::kOk:
      return result->rejected.ok() ? PushOutcome::kStored : PushOutcome::kPartial;
    case absl::StatusCode::kInvalidArgument:
      return PushOutcome::kInvalid;
    case absl::StatusCode::kFailedPrecondition:
      return PushOutcome::kBlocked;
    case absl::StatusCode::kOutOfRange:
      return PushOutcome::kTooLarge;
    case absl::StatusCode::kResourceExhausted:
      return PushOutcome::kBusy;
    default:
      return PushOutcome::kUnavailable;
  }
}

// ResourceExhausted means "back off" to a sender, and a full disk or log is no matter of its pace:
// it is told to come back later. The caller's own deadline and cancellation stay what they are.
absl::Status AsUnavailable(const absl::Status& status) {
  if (status.ok() || absl::IsCancelled(status) || absl::IsDeadlineExceeded(status)) return status;
  return absl::UnavailableError(status.message());
}

RejectReason ReasonOf(storage::RejectReason reason) {
  switch (reason) {
    case storage::RejectReason::kInvalidLabels:
      return RejectReason::kInvalidLabels;
    case storage::RejectReason::kLabelLimit:
      return RejectReason::kLabelLimit;
    case storage::RejectReason::kSeriesLimit:
      return RejectReason::kSeriesLimit;
    case storage::RejectReason::kMetricSeriesLimit:
      return RejectReason::kMetricSeriesLimit;
    case storage::RejectReason::kDuplicateTimestamp:
      return RejectReason::kDuplicateTimestamp;
    case storage::RejectReason::kTooLarge:
      return RejectReason::kTooLarge;
    case storage::RejectReason::kExemplarLimit:
      return RejectReason::kExemplarLimit;
  }
  return RejectReason::kInvalidLabels;
}

RejectReason ReasonOf(const storage::Rejection& rejection) {
  const bool stream = rejection.entries > 0;
  if (stream && rejection.reason == storage::RejectReason::kSeriesLimit) {
    return RejectReason::kStreamLimit;
  }
  return ReasonOf(rejection.reason);
}

std::string Describe(const storage::Rejection& rejection, std::string_view label_bytes,
                     const std::string& tenant) {
  if (ReasonOf(rejection) == RejectReason::kStreamLimit) {
    return StreamLimitText(tenant, label_bytes);
  }
  // TenantAdmission's texts about labels name the series themselves.
  if (rejection.reason == storage::RejectReason::kInvalidLabels ||
      rejection.reason == storage::RejectReason::kLabelLimit) {
    return rejection.message;
  }
  return fmt::format("{}: series {}", rejection.message, LabelText(label_bytes));
}

void AddRejections(const std::vector<storage::Rejection>& from, const model::WriteBatch& batch,
                   const std::string& tenant, Rejections* rejections) {
  for (const storage::Rejection& rejection : from) {
    const PointCounts points = {rejection.samples, rejection.histograms, rejection.exemplars,
                                rejection.entries};
    if (rejection.reason == storage::RejectReason::kExemplarLimit) {
      rejections->AddSilently(RejectReason::kExemplarLimit, points.total());
      continue;
    }
    rejections->Add(ReasonOf(rejection), points, [&] {
      return Describe(rejection, batch.series[rejection.series].label_bytes, tenant);
    });
  }
}

std::string Describe(const RefusedSeries& refused) {
  switch (refused.fault) {
    case RefusedSeries::Fault::kReference:
      return fmt::format("labels_refs {} is beyond the symbol table", refused.reference);
    case RefusedSeries::Fault::kOddLabels:
      return "labels_refs has a name without a value";
    case RefusedSeries::Fault::kNoPoints:
      return fmt::format("TimeSeries must contain at least one sample or histogram for series {}",
                         LabelText(refused.label_bytes));
    case RefusedSeries::Fault::kExemplar:
      return fmt::format(
          "labels_refs of an exemplar lead beyond the symbol table, at {}, or are odd in number",
          refused.reference);
    case RefusedSeries::Fault::kMetadata:
      return fmt::format("help_ref or unit_ref {} is beyond the symbol table for series {}",
                         refused.reference, LabelText(refused.label_bytes));
  }
  return "refused";
}

void AddRefusedSeries(const std::vector<RefusedSeries>& refused, Rejections* rejections) {
  for (const RefusedSeries& one : refused) {
    rejections->Add(
        RejectReason::kInvalidSymbols,
        {.samples = one.samples, .histograms = one.histograms, .exemplars = one.exemplars},
        [&] { return Describe(one); });
  }
}

void Count(const TenantMetrics& metrics, const absl::StatusOr<PushResult>& result,
           const Rejections& rejections) {
  metrics.Requests(Outcome(result)).Increment();
  for (size_t i = 0; i < kRejectReasons; ++i) {
    const uint64_t count = rejections.count(static_cast<RejectReason>(i));
    if (count > 0) metrics.rejected[i]->Increment(static_cast<double>(count));
  }
  if (!result.ok()) return;
  metrics.samples->Mark(result->samples);
  metrics.histograms->Increment(static_cast<double>(result->histograms));
  metrics.exemplars->Increment(static_cast<double>(result->exemplars));
  metrics.log_entries->Mark(result->entries);
}

bool IsOtlpMetricFormat(PushFormat format) {
  return format == PushFormat::kOtlpMetricsProtobuf || format == PushFormat::kOtlpMetricsJson;
}

void CountDecoding(const DecoderMetrics& metrics, size_t bytes, const absl::Status& status) {
  prometheus::Counter& outcome = status.ok()                       ? *metrics.decoded
                                 : absl::IsInvalidArgument(status) ? *metrics.malformed
                                                                   : *metrics.refused;
  outcome.Increment();
  metrics.bytes->Increment(static_cast<double>(bytes));
}

}  // namespace

absl::StatusOr<PushResult> PushPath::Push(const model::RequestContext& context,
                                          const PushRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const std::shared_ptr<const model::TenantConfig> tenant = parts_.tenants->Find(context.tenant);
  if (tenant == nullptr) {
    return absl::InvalidArgumentError(fmt::format("there is no tenant {}", context.tenant));
  }
  Rejections rejections;
  absl::StatusOr<PushResult> result = PushForTenant(context, *tenant, request, &rejections);
  Count(parts_.metrics->ForTenant(tenant->name), result, rejections);
  parts_.metrics->in_flight_bytes.Set(static_cast<double>(in_flight_.bytes()));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  parts_.metrics->push_seconds.Observe(elapsed.count());
  parts_.metrics->push_bytes.Observe(static_cast<double>(request.body.size()));
  return result;
}

absl::StatusOr<PushResult> PushPath::PushForTenant(const model::RequestContext& context,
                                                   const model::TenantConfig& tenant,
                                                   const PushRequest& request,
                                                   Rejections* rejections) {
  const model::TenantLimits& limits = tenant.limits;
  if (limits.max_body_bytes != 0 && request.body.size() > limits.max_body_bytes) {
    return absl::OutOfRangeError(fmt::format("the body has {} bytes, the limit is {}",
                                             request.body.size(), limits.max_body_bytes));
  }
  const absl::Time now = absl::FromUnixMillis(parts_.clock->NowMs());
  const bool logs = IsLogFormat(request.format);
  if (!logs) {
    absl::Status status = sample_rates_.AdmitRequest(tenant.name, limits, now);
    if (!status.ok()) {
      rejections->AddSilently(RejectReason::kRateLimited, 1);
      return status;
    }
  }
  if (logs) {
    if (absl::Status status = CheckNotBlocked(tenant.name, limits.logs, now); !status.ok()) {
      rejections->AddSilently(RejectReason::kBlockedIngestion, 1);
      return status;
    }
  }
  if (absl::Status status = head_pressure_.Check(); !status.ok()) return status;
  if (logs) {
    if (absl::Status status = parts_.entry_pressure->Admit(context); !status.ok()) return status;
  }
  const PushBuffers::Borrowed buffer = buffers_.Borrow();
  const std::shared_ptr<const model::PushRules> rules = RulesOf(tenant.name);
  TenantDeltaTotals* const deltas =
      IsOtlpMetricFormat(request.format) ? deltas_.ForTenant(tenant.name) : nullptr;
  BodyDecoding decoding(limits, rules->otlp, deltas, &in_flight_, buffer.get());
  const absl::Status decoded = decoding.Run(request, absl::ToUnixNanos(now));
  CountDecoding(parts_.metrics->ForDecoder(request.format), request.body.size(), decoded);
  if (!decoded.ok()) return decoded;
  return logs ? StoreLogs(context, tenant, &buffer->push, rejections)
              : StoreSamples(context, tenant, *rules, &buffer->push, rejections);
}

std::shared_ptr<const model::PushRules> PushPath::RulesOf(const std::string& tenant) const {
  static const auto* const kDefaults =
      new std::shared_ptr<const model::PushRules>(std::make_shared<model::PushRules>());
  return parts_.push_rules == nullptr ? *kDefaults : parts_.push_rules->FindPushRules(tenant);
}

absl::StatusOr<PushResult> PushPath::StoreSamples(const model::RequestContext& context,
                                                  const model::TenantConfig& tenant,
                                                  const model::PushRules& rules, DecodedPush* push,
                                                  Rejections* rejections) {
  const model::TenantLimits& limits = tenant.limits;
  model::WriteBatch& batch = push->batch;
  const uint64_t points =
      batch.timestamps.size() + batch.histograms.size() + batch.exemplars.size();
  const absl::Time now = absl::FromUnixMillis(parts_.clock->NowMs());
  absl::Status admitted = sample_rates_.AdmitPoints(tenant.name, limits, points, now);
  if (!admitted.ok()) {
    rejections->AddSilently(RejectReason::kRateLimited, points);
    return admitted;
  }
  rejections->AddSilently(RejectReason::kInvalidExemplar, push->invalid_exemplars);
  AddRefusedSeries(push->refused_series, rejections);
  for (const RefusedPoints& refused : push->refused_points) {
    rejections->Add(RejectReason::kInvalidPoint, {.samples = refused.points},
                    [&] { return refused.reason; });
  }
  RelabelBatch(rules.write_relabel, push, rejections);
  CheckBatch(limits, parts_.clock->NowMs(), &batch, rejections);

  PushResult result;
  absl::Status status = Append(context, batch, TenantAdmission(&limits), &result, rejections);
  if (status.ok()) status = StoreMetadata(context, limits, batch.metadata, rejections);
  if (!status.ok()) return AsUnavailable(status);
  result.rejected = rejections->ToStatus();
  result.rejected_points = rejections->told_points();
  return result;
}

absl::StatusOr<PushResult> PushPath::StoreLogs(const model::RequestContext& context,
                                               const model::TenantConfig& tenant, DecodedPush* push,
                                               Rejections* rejections) {
  const model::LogLimits& limits = tenant.limits.logs;
  const absl::Time now = absl::FromUnixMillis(parts_.clock->NowMs());
  PushResult result;
  result.log_streams = push->batch.series.size() + push->unreadable_streams.size();
  absl::Status status = CheckLogs(tenant.name, limits, now, &log_rates_, push, rejections);
  if (!status.ok()) return status;
  const StreamAdmission admission(&tenant.name, &limits);
  status = Append(context, push->batch, admission, &result, rejections);
  parts_.entry_pressure->NoteAppended();
  if (!status.ok()) return AsUnavailable(status);
  result.rejected = rejections->ToLogStatus();
  return result;
}

absl::Status PushPath::Append(const model::RequestContext& context, const model::WriteBatch& batch,
                              const storage::SeriesAdmission& admission, PushResult* result,
                              Rejections* rejections) {
  if (batch.series.empty()) return absl::OkStatus();
  const absl::StatusOr<storage::AppendResult> appended =
      parts_.head->Append(context, batch, admission);
  if (!appended.ok()) return appended.status();
  AddRejections(appended->rejections, batch, context.tenant, rejections);
  result->samples = appended->samples;
  result->histograms = appended->histograms;
  result->exemplars = appended->exemplars;
  result->entries = appended->entries;
  if (appended->position == storage::LogPosition()) return absl::OkStatus();
  return parts_.log->WaitDurable(appended->position, context.deadline);
}

absl::Status PushPath::StoreMetadata(const model::RequestContext& context,
                                     const model::TenantLimits& limits,
                                     const std::vector<model::MetricMetadata>& metadata,
                                     Rejections* rejections) {
  if (metadata.empty()) return absl::OkStatus();
  const uint64_t most = limits.max_global_metadata_per_user;
  if (most != 0) {
    if (absl::Status status = ReadAllMetadata(context); !status.ok()) return status;
  }
  const auto [changed, refused] = metadata_.Changed(context.tenant, metadata, most);
  rejections->AddSilently(RejectReason::kMetadataLimit, refused);
  if (changed.empty()) return absl::OkStatus();
  std::vector<storage::TenantMetadata> to_store;
  for (const model::MetricMetadata& one : changed) to_store.push_back({context.tenant, one});
  if (absl::Status status = parts_.store->PutMetadata(context, to_store); !status.ok()) {
    return absl::UnavailableError(
        fmt::format("cannot store metadata: {}", std::string(status.message())));
  }
  metadata_.Remember(context.tenant, changed);
  parts_.metrics->ForTenant(context.tenant)
      .metadata->Increment(static_cast<double>(changed.size()));
  return absl::OkStatus();
}

// A limit is for all that the store has, from before this start too.
absl::Status PushPath::ReadAllMetadata(const model::RequestContext& context) {
  if (metadata_.KnowsAll(context.tenant)) return absl::OkStatus();
  const auto stored = parts_.store->Metadata(context, "");
  if (!stored.ok()) {
    return absl::UnavailableError(
        fmt::format("cannot read metadata: {}", std::string(stored.status().message())));
  }
  metadata_.RememberAll(context.tenant, *stored);
  return absl::OkStatus();
}

}  // namespace tidegate::ingest
