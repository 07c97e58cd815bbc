#include "ingest/service/push_buffers.h"

#include <utility>

namespace tidegate::ingest {

size_t PushBuffer::CapacityBytes() const {
  const model::WriteBatch& batch = push.batch;
  return bytes.capacity() + inner_bytes.capacity() + push.arena.capacity() +
         batch.entries.capacity() * sizeof(batch.entries[0]) +
         batch.series.capacity() * sizeof(batch.series[0]) +
         batch.timestamps.capacity() * sizeof(batch.timestamps[0]) +
         batch.values.capacity() * sizeof(batch.values[0]) +
         batch.histograms.capacity() * sizeof(batch.histograms[0]) +
         batch.exemplars.capacity() * sizeof(batch.exemplars[0]) +
         batch.metadata.capacity() * sizeof(batch.metadata[0]);
}

PushBuffers::Borrowed PushBuffers::Borrow() {
  absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return Borrowed(new PushBuffer, Return{this});
  Borrowed buffer(idle_.back().release(), Return{this});
  idle_.pop_back();
  return buffer;
}

void PushBuffers::TakeBack(PushBuffer* buffer) {
  std::unique_ptr<PushBuffer> owned(buffer);
  owned->push.Clear();
  if (owned->CapacityBytes() > kMaxIdleBytes) return;
  absl::MutexLock lock(&mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(owned));
}

size_t PushBuffers::idle() const {
  absl::MutexLock lock(&mutex_);
  return idle_.size();
}

}  // namespace tidegate::ingest
