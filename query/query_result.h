// What a query answers.
#ifndef TIDEGATE_QUERY_QUERY_RESULT_H_
#define TIDEGATE_QUERY_QUERY_RESULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "query/vector/pacer.h"

namespace tidegate::query {

struct FloatPoint {
  model::TimestampMs timestamp = 0;
  double value = 0;
};

struct HistogramPoint {
  model::TimestampMs timestamp = 0;
  std::shared_ptr<const model::FloatHistogram> histogram;
};

// One series of an answer; points ascend by timestamp. In an instant vector it has exactly one
// point.
struct ResultSeries {
  model::Labels labels;
  std::vector<FloatPoint> floats;
  std::vector<HistogramPoint> histograms;
};

struct ScalarResult {
  FloatPoint point;
};

struct StringResult {
  model::TimestampMs timestamp = 0;
  std::string value;
};

// An instant vector; in the order that the query asks for (sort, topk), otherwise sorted by labels.
struct VectorResult {
  std::vector<ResultSeries> series;
};

// A range vector; sorted by labels.
struct MatrixResult {
  std::vector<ResultSeries> series;
};

struct QueryStats {
  uint64_t samples_read = 0;  // Loaded from the source.
  uint64_t series_read = 0;
  uint64_t peak_bytes = 0;  // Highest memory that the query's budget counted.
  // Where the time went.
  double queue_seconds = 0;    // Waiting for a turn.
  double prepare_seconds = 0;  // Parsing and loading.
  double evaluate_seconds = 0;
  double sort_seconds = 0;  // Bringing the result into its order and form.
  // When asked for, one entry per step from `first_step` on. A sample counts in `total` at every
  // step that looks at it, in `read` at the first one only.
  model::TimestampMs first_step = 0;
  int64_t step_ms = 0;
  std::vector<uint64_t> total_per_step = {};
  std::vector<uint64_t> read_per_step = {};
};

// Immutable once returned.
struct QueryResult {
  std::variant<ScalarResult, StringResult, VectorResult, MatrixResult> value;
  // Complete texts ("PromQL warning: ... (1:5)"), sorted, at most ten of each kind and one that
  // counts the rest.
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  QueryStats stats;
  // Keeps the query's turn and the memory of its result counted for as long as somebody holds the
  // result. Who makes an answer of the result calls Pass for each piece of it. nullptr when the
  // result came from another process.
  std::shared_ptr<Pacer> lease;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_QUERY_RESULT_H_
