// Bytes that views point to until all of them are let go at once.
#ifndef TIDEGATE_INGEST_DECODE_BYTE_ARENA_H_
#define TIDEGATE_INGEST_DECODE_BYTE_ARENA_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace tidegate::ingest {

// Owned by one thread. Blocks stay for the next request; what was handed out never moves.
class ByteArena {
 public:
  static constexpr size_t kKeptBytes = 1 << 20;

  // `size` bytes of any content, valid until Clear.
  char* Allocate(size_t size) {
    if (size > left_) AddBlock(size);
    char* const bytes = next_;
    next_ += size;
    left_ -= size;
    return bytes;
  }
  std::string_view Copy(std::string_view bytes) {
    char* const copy = Allocate(bytes.size());
    if (!bytes.empty()) std::memcpy(copy, bytes.data(), bytes.size());
    return {copy, bytes.size()};
  }
  // Gives back the end of the last allocation.
  void Shrink(size_t unused) {
    next_ -= unused;
    left_ += unused;
  }
  // Keeps the largest block of at most kKeptBytes, so that a push after another usually allocates
  // nothing.
  void Clear();
  size_t capacity() const { return capacity_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };

  void AddBlock(size_t size);

  std::vector<Block> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_BYTE_ARENA_H_
