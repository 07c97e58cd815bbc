// OTLP metrics: the first byte of the input chooses the rules, the rest is the request.

#include <cstdint>
#include <string_view>

#include "ingest/decode/otlp_metrics/otlp_metrics.h"
#include "tests/fuzz/metric_push/decoded_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;  // NOLINT
  if (size == 0) return 0;
  model::OtlpMetricRules rules;
  rules.translation_strategy = static_cast<model::OtlpTranslation>(data[0] & 3);
  rules.promote_all_resource_attributes = (data[0] & 4) != 0;
  rules.convert_histograms_to_nhcb = (data[0] & 8) != 0;
  rules.promote_scope_metadata = (data[0] & 16) != 0;
  rules.keep_identifying_resource_attributes = (data[0] & 32) != 0;
  rules.label_name_preserve_multiple_underscores = (data[0] & 64) == 0;
  rules.label_name_underscore_sanitization = (data[0] & 128) == 0;
  rules.delta_max_streams = 3;
  ingest::TenantDeltaTotals deltas;
  ingest::DecodedPush push;
  // Twice, so that deltas have a total.
  for (int i = 0; i < 2; ++i) {
    push.Clear();
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const absl::Status status = ingest::DecodeOtlpMetricsProtobuf(
        body, {.rules = &rules, .deltas = &deltas, .now = 1, .max_label_bytes = 1 << 20}, &push);
    if (status.ok()) ingest::CheckDecodedBatch(push);
  }
  return 0;
}
