#include "ingest/decode/byte_arena.h"

#include <algorithm>
#include <utility>

namespace tidegate::ingest {
namespace {

constexpr size_t kFirstBlock = 16 << 10;

}  // namespace

void ByteArena::AddBlock(size_t size) {
  const size_t grown = blocks_.empty() ? kFirstBlock : std::min(2 * capacity_, kKeptBytes);
  Block block;
  block.size = std::max(size, grown);
  block.bytes = std::make_unique_for_overwrite<char[]>(block.size);
  next_ = block.bytes.get();
  left_ = block.size;
  capacity_ += block.size;
  blocks_.push_back(std::move(block));
}

void ByteArena::Clear() {
  if (blocks_.empty()) return;
  const auto kept =
      std::max_element(blocks_.begin(), blocks_.end(), [](const Block& a, const Block& b) {
        return (a.size <= kKeptBytes ? a.size : 0) < (b.size <= kKeptBytes ? b.size : 0);
      });
  if (kept->size > kKeptBytes) {
    *this = ByteArena();
    return;
  }
  std::swap(blocks_.front(), *kept);
  blocks_.resize(1);
  next_ = blocks_[0].bytes.get();
  left_ = blocks_[0].size;
  capacity_ = blocks_[0].size;
}

}  // namespace tidegate::ingest
