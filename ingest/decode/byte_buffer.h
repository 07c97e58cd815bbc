// A reusable buffer of bytes that are not initialised.
#ifndef TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_
#define TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_

#include <cstddef>
#include <memory>

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
  size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_BYTE_BUFFER_H_
