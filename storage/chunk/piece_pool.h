// Memory for the bit streams of open chunks: small pieces out of large slabs.
#ifndef TIDEGATE_STORAGE_CHUNK_PIECE_POOL_H_
#define TIDEGATE_STORAGE_CHUNK_PIECE_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tidegate::storage::chunk {

// Names a piece inside its pool; 0 names none. A handle is half a pointer, and half of a million
// pointers per chunk state is what decides the size of a series.
using PieceHandle = uint32_t;

// Hands out pieces and never takes one back: all chunks of one cut share a pool and leave together,
// so freeing is dropping the pool, whatever the number of chunks. Not thread safe: guarded like the
// chunks it serves. Pieces never move.
class PiecePool {
 public:
  static constexpr size_t kUnitBytes = 32;  // Pieces are 1, 2 or 4 units.
  static constexpr size_t kMaxPieceBytes = 4 * kUnitBytes;

  PiecePool() = default;
  PiecePool(PiecePool&&) = default;
  PiecePool& operator=(PiecePool&&) = default;

  // A piece of `bytes` (32, 64 or 128), not initialised. The pool holds up to 128 GiB.
  PieceHandle Allocate(size_t bytes);

  uint8_t* At(PieceHandle handle) { return SlabOf(handle) + OffsetOf(handle); }
  const uint8_t* At(PieceHandle handle) const { return SlabOf(handle) + OffsetOf(handle); }

  // Bytes handed out.
  size_t used_bytes() const { return used_units_ * kUnitBytes; }

 private:
  // Untouched pages of a slab cost nothing, so one size suits small and large tenants.
  static constexpr uint32_t kUnitsPerSlab = 8192;  // 256 KiB.

  uint8_t* SlabOf(PieceHandle handle) const { return slabs_[handle / kUnitsPerSlab].get(); }
  static size_t OffsetOf(PieceHandle handle) { return handle % kUnitsPerSlab * kUnitBytes; }

  std::vector<std::unique_ptr<uint8_t[]>> slabs_;
  uint32_t next_unit_ = 1;  // Unit 0 stays unused: its handle means "none".
  uint64_t used_units_ = 0;
};

}  // namespace tidegate::storage::chunk

#endif  // TIDEGATE_STORAGE_CHUNK_PIECE_POOL_H_
