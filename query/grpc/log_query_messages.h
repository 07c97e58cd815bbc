// Requests and answers of the log query service as messages.
#ifndef TIDEGATE_QUERY_GRPC_LOG_QUERY_MESSAGES_H_
#define TIDEGATE_QUERY_GRPC_LOG_QUERY_MESSAGES_H_

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tidegate/log_query.pb.h"
#include "query/grpc/query_messages.h"
#include "query/log_query_service.h"

namespace tidegate::query {

void ToWire(storage::LogRange range, v1::LogRange* out);
storage::LogRange FromWire(const v1::LogRange& range);

void ToWire(const LogInstantRequest& request, v1::LogInstantRequest* out);
LogInstantRequest FromWire(const v1::LogInstantRequest& request);
void ToWire(const LogRangeRequest& request, v1::LogRangeRequest* out);
LogRangeRequest FromWire(const v1::LogRangeRequest& request);
void ToWire(const LogLabelRequest& request, v1::LogLabelRequest* out);
LogLabelRequest FromWire(const v1::LogLabelRequest& request);
void ToWire(const LogVolumeRequest& request, v1::LogVolumeRequest* out);
LogVolumeRequest FromWire(const v1::LogVolumeRequest& request);
void ToWire(const DetectedFieldsRequest& request, v1::DetectedFieldsRequest* out);
DetectedFieldsRequest FromWire(const v1::DetectedFieldsRequest& request);

void ToWire(const std::vector<DetectedField>& fields, v1::DetectedFieldList* out);
std::vector<DetectedField> FromWire(const v1::DetectedFieldList& fields);
void ToWire(const std::vector<LogPattern>& patterns, v1::LogPatterns* out);
std::vector<LogPattern> FromWire(const v1::LogPatterns& patterns);

// An answer in messages of about a megabyte. Stops when `message_fn` answers false.
void ToMessages(const LogQueryResult& result,
                absl::FunctionRef<bool(const v1::LogQueryResponse&)> message_fn);

// Puts the messages together again. Owned by one thread.
class LogResultJoiner {
 public:
  // Internal for a message that fits nowhere.
  absl::Status Add(const v1::LogQueryResponse& message);
  absl::StatusOr<LogQueryResult> Finish();

 private:
  absl::Status AddStream(const v1::LogStreamPiece& piece);

  bool has_header_ = false;
  bool is_streams_ = false;
  LogQueryResult result_;
  StreamsResult streams_;
  ResultJoiner metric_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_LOG_QUERY_MESSAGES_H_
