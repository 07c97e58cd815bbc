// Buffers of pushes, kept warm between requests.
#ifndef TIDEGATE_INGEST_SERVICE_PUSH_BUFFERS_H_
#define TIDEGATE_INGEST_SERVICE_PUSH_BUFFERS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest/decode/byte_buffer.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/symbol_table.h"

namespace tidegate::ingest {

// What one push needs while it is at work.
struct PushBuffer {
  ByteBuffer bytes;
  ByteBuffer inner_bytes;  // Of a snappy block inside another encoding.
  DecodedPush push;
  SymbolTable symbols;  // Of remote write 2.0.

  // Roughly what it holds on to.
  size_t CapacityBytes() const;
};

// Thread safe; must outlive what is borrowed.
class PushBuffers {
 public:
  static constexpr size_t kMaxIdle = 16;
  static constexpr size_t kMaxIdleBytes = 16 << 20;  // A larger buffer is freed after its push.

  struct Return {
    PushBuffers* pool;
    void operator()(PushBuffer* buffer) const { pool->TakeBack(buffer); }
  };
  using Borrowed = std::unique_ptr<PushBuffer, Return>;

  // A cleared buffer; it goes back by itself.
  Borrowed Borrow();
  size_t idle() const;

 private:
  void TakeBack(PushBuffer* buffer);

  mutable absl::Mutex mutex_;
  std::vector<std::unique_ptr<PushBuffer>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PUSH_BUFFERS_H_
