// Frames on their way to the disk, in the bytes in which they will lie there.
#ifndef TIDEGATE_STORAGE_LOG_FRAME_BUFFER_H_
#define TIDEGATE_STORAGE_LOG_FRAME_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tidegate::storage {

// Owned by one thread at a time. Everything of a frame is in place but what depends on the segment
// that it will land in: LogTail completes the header when it writes. Made to be used again: memory
// is kept from use to use unless it was a rare peak.
class FrameBuffer {
 public:
  explicit FrameBuffer(uint64_t begin = 0) : begin_(begin) {}

  // Forgets the frames; the next one will stand at `begin`.
  void Reset(uint64_t begin);
  // One copy. `payload_check` = PayloadCheck(payload), which the caller computes outside of locks.
  void Add(std::string_view payload, uint64_t payload_check);

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  uint64_t begin() const { return begin_; }        // Position of the first frame.
  uint64_t end() const { return begin_ + size_; }  // Position behind the last one.

  // The frame at `position`, which must be where one begins.
  char* At(uint64_t position) { return bytes_.get() + (position - begin_); }
  uint64_t FrameBytesAt(uint64_t position) const;

 private:
  void Grow(size_t needed);

  uint64_t begin_;
  std::unique_ptr<char[]> bytes_;  // Not a vector: growing must not write zeros first.
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_FRAME_BUFFER_H_
