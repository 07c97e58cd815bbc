#include "control/rules/evaluation/ingester_writer.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "control/write/push_body.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kPushTimeout = absl::Seconds(30);

bool IsMarker(const RuleSample& sample) {
  return sample.histogram == nullptr && model::IsStaleNan(sample.value);
}

}  // namespace

absl::Status IngesterWriter::Write(const std::string& tenant,
                                   const std::vector<RuleSample>& samples) {
  PushBody body;
  for (const RuleSample& sample : samples) {
    if (sample.histogram == nullptr) {
      body.AddSample(sample.labels.bytes(), sample.timestamp, sample.value);
    } else {
      body.AddHistogram(sample.labels.bytes(), {sample.timestamp, 0, *sample.histogram});
    }
  }
  model::RequestContext context;
  context.tenant = tenant;
  context.request_id = "rule";
  context.deadline = absl::Now() + kPushTimeout;
  context.cancelled = cancelled_;
  const absl::StatusOr<ingest::PushResult> result = ingester_.Push(
      context, {ingest::PushFormat::kRemoteWrite1, ingest::PushEncoding::kIdentity, body.bytes()});
  if (!result.ok()) return result.status();
  const bool only_markers = std::all_of(samples.begin(), samples.end(), IsMarker);
  return only_markers ? absl::OkStatus() : result->rejected;
}

}  // namespace tidegate::control
