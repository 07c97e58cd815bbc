// Where queries read from: the head of an ingester, the sealed store, or both merged.
#ifndef TIDEGATE_STORAGE_SERIES_SOURCE_H_
#define TIDEGATE_STORAGE_SERIES_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/matcher.h"
#include "model/request_context.h"
#include "model/sample.h"

namespace tidegate::storage {

// Timestamps of a column, strictly ascending. Series that were scraped together often share one
// instance: work that depends only on time can be done once per instance.
using TimeColumn = std::shared_ptr<const std::vector<model::TimestampMs>>;

// The samples of one series in one time range. Float samples lie in columns of equal length
// (`timestamps` is never null once a series is handed out); a series may hold both kinds, never
// both at one timestamp.
struct SeriesColumns {
  TimeColumn timestamps;
  std::vector<double> values;
  std::vector<model::TimestampMs> start_timestamps;  // Empty (none known) or parallel; 0 = unknown.
  std::vector<model::HistogramSample> histograms;    // Strictly ascending by timestamp.
};

struct SelectedSeries {
  model::Labels labels;
  SeriesColumns columns;
};

struct SelectedExemplars {
  model::Labels labels;
  std::vector<model::Exemplar> exemplars;  // Ascending by timestamp.
};

// Which series and which time. All matchers must match; an empty list matches everything.
struct Selection {
  std::vector<model::CompiledMatcher> matchers;
  model::TimeRange range;
};

// For the label APIs: the union of several selections over one range; no selection = every series.
struct LabelQuery {
  std::vector<std::vector<model::CompiledMatcher>> selections;
  model::TimeRange range;
  size_t limit = 0;  // Return at most this many; 0 = all.
};

// Receives what a selection finds, one item at a time, on the caller's thread. An error stops the
// selection and is returned by it. A slow receiver slows the sender: that is the flow control.
template <typename Item>
class Sink {
 public:
  virtual ~Sink() = default;
  virtual absl::Status Add(Item item) = 0;
  // Somebody between source and sink keeps about `bytes` (negative: keeps them no longer) before it
  // passes them on: they count against the same budget. An error stops the selection.
  virtual absl::Status Hold(int64_t bytes) {
    (void)bytes;
    return absl::OkStatus();
  }
};

// Implementations are thread safe. Every call honours the context's deadline and cancellation and
// reads only the context's tenant. Errors: Cancelled, DeadlineExceeded; Unavailable when a part of
// the data cannot be asked right now (never a silently partial answer); ResourceExhausted from a
// sink's budget. Damage on disk is no error: what does not check is left out, said once in the log
// and counted (StatsOf in storage/store/local_store.h), and the rest is answered.
class SeriesSource {
 public:
  virtual ~SeriesSource() = default;

  // Metric series with at least one sample in the range. Each series comes at most once, with all
  // its samples in range, in no particular order of series. Stale markers are included.
  virtual absl::Status Select(const model::RequestContext& context, const Selection& selection,
                              Sink<SelectedSeries>& sink) = 0;
  virtual absl::Status SelectExemplars(const model::RequestContext& context,
                                       const Selection& selection,
                                       Sink<SelectedExemplars>& sink) = 0;
  // Label sets of metric series that may have samples in the range (exact to the granularity of the
  // index: a chunk). In no particular order, without duplicates.
  virtual absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                            const LabelQuery& query) = 0;
  // Sorted, without duplicates.
  virtual absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                              const LabelQuery& query) = 0;
  virtual absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                               const std::string& label_name,
                                                               const LabelQuery& query) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_SERIES_SOURCE_H_
