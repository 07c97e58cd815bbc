// Native histograms as the query API prints them (prometheus/util/jsonutil/marshal.go).
#ifndef TIDEGATE_API_PROMETHEUS_HISTOGRAM_JSON_H_
#define TIDEGATE_API_PROMETHEUS_HISTOGRAM_JSON_H_

#include "api/json/json_writer.h"
#include "model/histogram.h"

namespace tidegate::api {

// {"count":"..","sum":"..","buckets":[[rule,"lower","upper","count"],...]}; empty buckets are left
// out, and "buckets" when none is left. Buckets ascend. Rules: 0 left-open, 1 right-open, 2 both
// open, 3 both closed.
void WriteHistogram(const model::FloatHistogram& histogram, JsonWriter& json);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_HISTOGRAM_JSON_H_
