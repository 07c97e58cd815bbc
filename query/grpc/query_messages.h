// Query results as messages of bounded size, and back.
#ifndef TIDEGATE_QUERY_GRPC_QUERY_MESSAGES_H_
#define TIDEGATE_QUERY_GRPC_QUERY_MESSAGES_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tidegate/query.pb.h"
#include "query/query_result.h"
#include "query/query_service.h"

namespace tidegate::query {

// Passes on the header and the series in messages of about half a megabyte. `message_fn` says
// whether it wants more.
void ToMessages(const QueryResult& result,
                const std::function<bool(const v1::QueryResponse&)>& message_fn);

// Puts a result together again; nothing that a peer sent is trusted. Owned by one thread.
class ResultJoiner {
 public:
  // Internal when the message makes no sense.
  absl::Status Add(const v1::QueryResponse& message);
  // After the last message. Internal when what came is no whole answer.
  absl::StatusOr<QueryResult> Finish();

 private:
  absl::Status SetHeader(const v1::QueryHeader& header);
  absl::Status AddPiece(const v1::ResultSeries& piece);
  absl::Status AddFloats(const v1::ResultSeries& piece, ResultSeries* series);
  absl::Status AddHistograms(const v1::ResultSeries& piece, ResultSeries* series);

  QueryResult result_;
  std::vector<ResultSeries> series_;
  bool has_header_ = false;
};

MetadataRequest FromWire(const v1::MatchRequest& request);
void ToWire(const MetadataRequest& request, v1::MatchRequest* out);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_QUERY_MESSAGES_H_
