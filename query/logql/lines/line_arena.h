// Bytes that live as long as one line is worked on.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_LINE_ARENA_H_
#define TIDEGATE_QUERY_LOGQL_LINES_LINE_ARENA_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace tidegate::logql {

// Owned by one thread. Memory is bounded by what one line needs and is used again for the next.
class LineArena {
 public:
  // `size` bytes that stay where they are until Reset.
  char* Allocate(size_t size) {
    while (current_ < blocks_.size() && blocks_[current_].size - used_ < size) {
      ++current_;
      used_ = 0;
    }
    if (current_ == blocks_.size()) AddBlock(size);
    char* const bytes = blocks_[current_].bytes.get() + used_;
    used_ += size;
    return bytes;
  }
  // Gives back the end of what was allocated last.
  void Shrink(size_t bytes) { used_ -= bytes; }

  std::string_view Copy(std::string_view text) {
    if (text.empty()) return {};
    char* const bytes = Allocate(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  void Reset() { current_ = used_ = 0; }

 private:
  static constexpr size_t kBlock = 4096;
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size;
  };
  void AddBlock(size_t least) {
    const size_t size = least > kBlock ? least : kBlock;
    blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  }

  std::vector<Block> blocks_;
  size_t current_ = 0;  // Of blocks_.
  size_t used_ = 0;     // Of the current block.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_LINE_ARENA_H_
