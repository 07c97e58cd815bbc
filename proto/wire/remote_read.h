// Remote read's messages between the wire and the model
// (prometheus/docs/querying/remote_read_api.md).
#ifndef TIDEGATE_PROTO_WIRE_REMOTE_READ_H_
#define TIDEGATE_PROTO_WIRE_REMOTE_READ_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/sample.h"

namespace tidegate::wire {

struct RemoteReadQuery {
  model::TimeRange range;  // Within what can be stored; may be empty.
  std::vector<model::Matcher> matchers;
};

struct RemoteReadRequest {
  std::vector<RemoteReadQuery> queries;
  bool streams_chunks = false;  // The first kind of answer that the client accepts and we know.
};

// InvalidArgument when the bytes are no such message, or when no accepted type of answer is known.
// Matchers are as they came: their expressions may not compile.
absl::StatusOr<RemoteReadRequest> ParseReadRequest(std::string_view bytes);

// One series of an answer with samples; columns of equal length. Appends a TimeSeries message
// without its tag, so that whole answers need not exist as objects.
std::string SeriesMessage(model::LabelsView labels,
                          const std::vector<model::TimestampMs>& timestamps,
                          const std::vector<double>& values,
                          const std::vector<model::HistogramSample>& histograms);
// A QueryResult out of such series, and a ReadResponse out of such results.
void AppendSeries(std::string_view series_message, std::string* query_result);
void AppendResult(std::string_view query_result, std::string* read_response);

// One chunk of a streamed answer; `encoding` is a prompb.Chunk.Encoding.
struct RemoteReadChunk {
  model::TimeRange range;
  int encoding = 0;
  std::string data;
};
// A ChunkedReadResponse with (a part of) one series of the query with that index.
std::string ChunkedSeriesMessage(model::LabelsView labels,
                                 const std::vector<RemoteReadChunk>& chunks, int64_t query_index);

}  // namespace tidegate::wire

#endif  // TIDEGATE_PROTO_WIRE_REMOTE_READ_H_
