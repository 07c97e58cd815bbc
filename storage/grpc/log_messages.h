// What a LogSource is asked and hands out, as messages of bounded size, and back.
#ifndef TIDEGATE_STORAGE_GRPC_LOG_MESSAGES_H_
#define TIDEGATE_STORAGE_GRPC_LOG_MESSAGES_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/tidegate/logs.pb.h"
#include "storage/log_source.h"

namespace tidegate::storage {

// InvalidArgument when a matcher does not compile or an enumerator is unknown.
absl::StatusOr<LogSelection> FromWire(const v1::LogSelection& selection);
void ToWire(const LogSelection& selection, v1::LogSelection* out);
absl::StatusOr<StreamQuery> FromWire(const v1::StreamQuery& query);
void ToWire(const StreamQuery& query, v1::StreamQuery* out);

// Cuts a batch into messages, at least one, each of which is a batch by itself: it ends when it has
// passed a bound of lines' bytes, by one line at most. An error of `message_fn` ends it.
absl::Status ToMessages(const LogBatch& batch,
                        const std::function<absl::Status(const v1::LogBatch&)>& message_fn);
// The batch owns copies. Internal when the message makes no sense: nothing that a peer sent is
// trusted.
absl::StatusOr<LogBatch> FromWire(const v1::LogBatch& message);

void ToWire(const StreamVolume& volume, v1::StreamVolume* out);
// Internal when the labels are not canonical.
absl::StatusOr<StreamVolume> FromWire(const v1::StreamVolume& volume);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_LOG_MESSAGES_H_
