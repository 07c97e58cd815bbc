#include "storage/head/text_arena.h"

#include <sys/mman.h>

#include <algorithm>

namespace tidegate::storage::head {

void TextArena::Free::operator()(char* block) const {
  if (mapped_bytes == 0) {
    delete[] block;
  } else {
    munmap(block, mapped_bytes);
  }
}

TextArena::Block TextArena::Allocate(size_t bytes) {
  if (bytes >= kMostBlockBytes) {
    // All of it will be written: one call is cheaper than a fault for each page.
    void* const block = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (block != MAP_FAILED) return {static_cast<char*>(block), Free{bytes}};
  }
  return {new char[bytes], Free()};
}

std::string_view TextArena::Copy(std::string_view first, std::string_view second) {
  const size_t size = first.size() + second.size();
  if (size == 0) return {};
  if (size > free_bytes_) {
    const size_t block = std::max(size, std::clamp(used_bytes_, kLeastBlockBytes, kMostBlockBytes));
    blocks_->push_back(Allocate(block));
    free_ = blocks_->back().get();
    free_bytes_ = block;
  }
  char* const copy = free_;
  std::copy(first.begin(), first.end(), copy);
  std::copy(second.begin(), second.end(), copy + first.size());
  free_ += size;
  free_bytes_ -= size;
  used_bytes_ += size;
  return {copy, size};
}

}  // namespace tidegate::storage::head
