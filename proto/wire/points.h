// Columns of points between the model and the wire. Sizes and bytes that a peer sent are checked:
// nothing here trusts them.
#ifndef TIDEGATE_PROTO_WIRE_POINTS_H_
#define TIDEGATE_PROTO_WIRE_POINTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/metadata.h"
#include "proto/tidegate/series.pb.h"
#include "proto/tidegate/store.pb.h"

namespace tidegate::wire {

// Timestamps as differences to the one before; the first is absolute.
void ToWire(std::span<const model::TimestampMs> timestamps,
            google::protobuf::RepeatedField<int64_t>* deltas);
// Appends. Internal unless the result is strictly ascending, the earlier end of `out` included.
absl::Status AppendFromWire(const google::protobuf::RepeatedField<int64_t>& deltas,
                            std::vector<model::TimestampMs>* out);

void ToWire(const model::HistogramSample& sample, v1::HistogramPoint* out);
// Internal unless the bytes are one whole histogram whose spans and buckets agree.
absl::StatusOr<model::HistogramSample> FromWire(const v1::HistogramPoint& point);

void ToWire(const model::Exemplar& exemplar, v1::Exemplar* out);
absl::StatusOr<model::Exemplar> FromWire(const v1::Exemplar& exemplar);

// The tenant of the message is the caller's.
void ToWire(const model::MetricMetadata& metadata, v1::MetricMetadata* out);
// A type that this version does not know is "unknown".
model::MetricMetadata FromWire(const v1::MetricMetadata& metadata);

// Label bytes of a peer; Internal unless they are canonical.
absl::StatusOr<model::Labels> LabelsFromWire(const std::string& bytes);
// The same for what a query answers: LogQL's series and streams may have labels without a value.
absl::StatusOr<model::Labels> ResultLabelsFromWire(const std::string& bytes);

}  // namespace tidegate::wire

#endif  // TIDEGATE_PROTO_WIRE_POINTS_H_
