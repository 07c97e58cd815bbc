// From the bytes of a push to its batch: decompression within bounds, then the format's decoder.
#ifndef TIDEGATE_INGEST_SERVICE_BODY_DECODING_H_
#define TIDEGATE_INGEST_SERVICE_BODY_DECODING_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/otlp_metrics/delta_totals.h"
#include "ingest/ingester.h"
#include "ingest/service/in_flight_bytes.h"
#include "ingest/service/push_buffers.h"
#include "model/log_entry.h"
#include "model/otlp_rules.h"
#include "model/tenant.h"

namespace tidegate::ingest {

bool IsLogFormat(PushFormat format);

// Decodes one push. What it takes from `in_flight` it gives back when it goes out of scope, so it
// lives as long as the buffer's content is used. Owned by one thread.
class BodyDecoding {
 public:
  // Everything must outlive it; `deltas` are needed by OTLP metrics only.
  BodyDecoding(const model::TenantLimits& limits, const model::OtlpMetricRules& otlp,
               TenantDeltaTotals* deltas, InFlightBytes* in_flight, PushBuffer* buffer)
      : limits_(limits), otlp_(otlp), deltas_(deltas), in_flight_(*in_flight), buffer_(*buffer) {}

  // `now` is for records without a time of their own. Errors as Ingester::Push has them.
  absl::Status Run(const PushRequest& request, model::TimestampNs now);

 private:
  absl::Status Decode(const PushRequest& request, std::string_view message, model::TimestampNs now);
  absl::Status DecodeMetrics(const PushRequest& request, std::string_view message,
                             model::TimestampNs now);
  absl::StatusOr<std::string_view> Message(const PushRequest& request);
  absl::StatusOr<std::string_view> Unpacked(const PushRequest& request);
  absl::StatusOr<std::string_view> FromSnappy(std::string_view block, ByteBuffer* buffer);
  absl::StatusOr<std::string_view> WithRoomBehind(std::string_view body);
  absl::Status Charge(uint64_t bytes);

  const model::TenantLimits& limits_;
  const model::OtlpMetricRules& otlp_;
  TenantDeltaTotals* const deltas_;
  InFlightBytes& in_flight_;
  PushBuffer& buffer_;
  std::vector<InFlightBytes::Reservation> reservations_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_BODY_DECODING_H_
