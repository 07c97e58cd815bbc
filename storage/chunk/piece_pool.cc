#include "storage/chunk/piece_pool.h"

namespace tidegate::storage::chunk {

PieceHandle PiecePool::Allocate(size_t bytes) {
  const uint32_t units = static_cast<uint32_t>(bytes / kUnitBytes);
  // A piece lies in one slab.
  if (next_unit_ % kUnitsPerSlab + units > kUnitsPerSlab) {
    next_unit_ += kUnitsPerSlab - next_unit_ % kUnitsPerSlab;
  }
  if (next_unit_ / kUnitsPerSlab >= slabs_.size()) {
    slabs_.emplace_back(new uint8_t[kUnitsPerSlab * kUnitBytes]);
  }
  const PieceHandle handle = next_unit_;
  next_unit_ += units;
  used_units_ += units;
  return handle;
}

}  // namespace tidegate::storage::chunk
