// Matchers and time ranges between the model and the wire.
#ifndef TIDEGATE_PROTO_WIRE_MATCHERS_H_
#define TIDEGATE_PROTO_WIRE_MATCHERS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "proto/tidegate/series.pb.h"

namespace tidegate::wire {

void ToWire(model::TimeRange range, v1::TimeRange* out);
model::TimeRange FromWire(const v1::TimeRange& range);

void ToWire(const std::vector<model::CompiledMatcher>& matchers,
            google::protobuf::RepeatedPtrField<v1::Matcher>* out);
// InvalidArgument for an unknown type or an expression that does not compile.
absl::StatusOr<std::vector<model::CompiledMatcher>> FromWire(
    const google::protobuf::RepeatedPtrField<v1::Matcher>& matchers);

}  // namespace tidegate::wire

#endif  // TIDEGATE_PROTO_WIRE_MATCHERS_H_
