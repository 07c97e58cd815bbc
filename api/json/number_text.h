// Numbers as Prometheus' JSON prints them (prometheus/util/jsonutil/marshal.go).
#ifndef TIDEGATE_API_JSON_NUMBER_TEXT_H_
#define TIDEGATE_API_JSON_NUMBER_TEXT_H_

#include <cstddef>
#include <string>

#include "model/sample.h"

namespace tidegate::api {

// Room that WriteFloat and WriteTimestamp need at most.
inline constexpr size_t kMaxNumberText = 40;

// The shortest decimal text that reads back as the same double: plain digits from 1e-6 up to below
// 1e21, otherwise with an exponent (1e-7, 1e+21); NaN, +Inf, -Inf. Returns the end of the text.
char* WriteFloat(double value, char* out);

// Seconds; exactly three decimals unless the milliseconds are zero. Returns the end of the text.
char* WriteTimestamp(model::TimestampMs timestamp, char* out);

std::string FloatText(double value);
// The same without ever an exponent: how Prometheus answers scalars (promql/value.go).
std::string FixedFloatText(double value);
std::string TimestampText(model::TimestampMs timestamp);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JSON_NUMBER_TEXT_H_
