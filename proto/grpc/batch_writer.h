// Small items gathered into messages of a server's stream.
#ifndef TIDEGATE_PROTO_GRPC_BATCH_WRITER_H_
#define TIDEGATE_PROTO_GRPC_BATCH_WRITER_H_

#include <grpcpp/support/sync_stream.h>

#include <cstddef>

#include "absl/status/status.h"

namespace tidegate::rpc {

// A message is written when about this much is in it: large enough that the cost of a message does
// not count, small enough that a slow reader holds little.
inline constexpr size_t kBatchBytes = 256 << 10;

// Add items to message(), say how much each was, and end with Finish. A write waits until the
// client has room (flow control). Cancelled when the client has gone away. Owned by one thread.
template <typename Message>
class BatchWriter {
 public:
  explicit BatchWriter(grpc::ServerWriter<Message>* writer) : writer_(writer) {}

  Message* message() { return &message_; }
  // Counts what was added. Writes and clears the message once it is full.
  absl::Status Added(size_t bytes) {
    bytes_ += bytes;
    pending_ = true;
    return bytes_ < kBatchBytes ? absl::OkStatus() : Write();
  }
  // Writes what is left over.
  absl::Status Finish() { return pending_ ? Write() : absl::OkStatus(); }

 private:
  absl::Status Write() {
    const bool written = writer_->Write(message_);
    message_.Clear();
    bytes_ = 0;
    pending_ = false;
    return written ? absl::OkStatus() : absl::CancelledError("the client has gone away");
  }

  grpc::ServerWriter<Message>* writer_;
  Message message_;
  size_t bytes_ = 0;
  bool pending_ = false;
};

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_BATCH_WRITER_H_
