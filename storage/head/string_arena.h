// Strings that never move and go together.
#ifndef TIDEGATE_STORAGE_HEAD_STRING_ARENA_H_
#define TIDEGATE_STORAGE_HEAD_STRING_ARENA_H_

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace tidegate::storage::head {

// Not thread safe; what was returned may be read by anyone until the arena goes.
class StringArena {
 public:
  std::string_view Copy(std::string_view text) {
    if (text.size() > room_) AddBlock(text.size());
    char* const to = next_;
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    next_ += text.size();
    room_ -= text.size();
    return {to, text.size()};
  }

  size_t memory_bytes() const { return bytes_; }

 private:
  static constexpr size_t kFirstBlock = 1 << 10;  // Small tenants stay small.
  static constexpr size_t kLastBlock = 256 << 10;

  void AddBlock(size_t at_least) {
    const size_t size = std::max(at_least, block_size_);
    blocks_.emplace_back(new char[size]);
    bytes_ += size;
    next_ = blocks_.back().get();
    room_ = size;
    block_size_ = std::min(2 * block_size_, kLastBlock);
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t room_ = 0;
  size_t bytes_ = 0;
  size_t block_size_ = kFirstBlock;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_STRING_ARENA_H_
