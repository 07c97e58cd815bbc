// Recordings of a real exporter, to generate the fleet from.
//
// The format is text: a line "#TS <milliseconds>" starts a scrape, the lines after it are samples
// of the Prometheus text exposition format without timestamps ("name{label="value"} 1.5"). Other
// comments are skipped.
#ifndef TIDEGATE_BENCH_CAPTURE_H_
#define TIDEGATE_BENCH_CAPTURE_H_

#include <istream>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/series_template.h"

namespace tidegate::bench {

// The series that occur in every scrape but at most one (a recording may end in the middle), in
// their first order. InvalidArgument for a line that is no sample, and for less than two scrapes.
absl::StatusOr<std::vector<SeriesTemplate>> ReadCapture(std::istream& in);

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_CAPTURE_H_
