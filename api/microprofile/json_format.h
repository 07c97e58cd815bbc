// Metrics of MicroProfile as JSON: values, and what is known about them.
#ifndef TIDEGATE_API_MICROPROFILE_JSON_FORMAT_H_
#define TIDEGATE_API_MICROPROFILE_JSON_FORMAT_H_

#include <string_view>

#include "api/json/json_writer.h"
#include "api/microprofile/metric.h"

namespace tidegate::api {

// A number for gauges and counters, an object for others; timers in nanoseconds.
void WriteValue(const Metric& metric, JsonWriter* json);

// {"unit", "type", "description", "displayName", "tags"}: tags are "k=v,k=v", those of the process
// first; what is empty is left out.
void WriteMetadata(std::string_view name, const Metric& metric, const Tags& global_tags,
                   JsonWriter* json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_JSON_FORMAT_H_
