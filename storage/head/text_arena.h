// The bytes of log entries between two cuts.
#ifndef TIDEGATE_STORAGE_HEAD_TEXT_ARENA_H_
#define TIDEGATE_STORAGE_HEAD_TEXT_ARENA_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace tidegate::storage::head {

// Nothing moves and nothing is changed once it is written. Not thread safe; but what was copied may
// be read while more is.
class TextArena {
 public:
  // The copy stays valid as long as the arena or its memory().
  std::string_view Copy(std::string_view first, std::string_view second);
  size_t used_bytes() const { return used_bytes_; }
  // Keeps the bytes alive for a reader.
  std::shared_ptr<const void> memory() const { return blocks_; }

 private:
  // Blocks double, so that thousands of tenants with a few lines each cost little: at most as much
  // again as is used, and the least block. The largest come from the system and go back to it: the
  // allocator would keep what a cut frees for the thread that had it, while the next push, on
  // another thread, takes new memory.
  static constexpr size_t kLeastBlockBytes = 1 << 10;
  static constexpr size_t kMostBlockBytes = 512 << 10;

  struct Free {
    size_t mapped_bytes = 0;  // Zero = of the allocator.
    void operator()(char* block) const;
  };
  using Block = std::unique_ptr<char, Free>;
  using Blocks = std::vector<Block>;
  static Block Allocate(size_t bytes);

  std::shared_ptr<Blocks> blocks_ = std::make_shared<Blocks>();
  char* free_ = nullptr;
  size_t free_bytes_ = 0;
  size_t used_bytes_ = 0;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_TEXT_ARENA_H_
