// A reusable buffer of bytes that are not initialised.
#ifndef TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_
#define TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>

namespace tidegate::ingest {

// Owned by one thread. std::string would write zeros over bytes that are about to be overwritten.
class ByteBuffer {
 public:
  // At least `size` bytes of any content; they stay until the next call. Grows, never shrinks.
  char* Reserve(size_t size) {
    if (size > capacity_) {
      bytes_.reset();  // First, so that old and new are not held together.
      capacity_ = 0;
      bytes_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    return bytes_.get();
  }
  // The same, with the first `kept` bytes as they are.
  char* Grow(size_t size, size_t kept) {
    if (size > capacity_) {
      auto larger = std::make_unique_for_overwrite<char[]>(size);
      if (kept > 0) std::memcpy(larger.get(), bytes_.get(), kept);
      bytes_ = std::move(larger);
      capacity_ = size;
    }
    return bytes_.get();
  }
  size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_
