#include "storage/log_page/units.h"

#include <zstd.h>

#include <algorithm>

namespace tidegate::storage {
namespace {

constexpr int kZstdLevel = 1;  // Columns gain under two percent from level 3.
// A frame costs about a microsecond and twelve bytes beside what is in it.
constexpr size_t kOwnFrameBytes = 1024;
// Every byte of the units in a shared frame is less; the last frame has texts.
constexpr int kSharedBounds[kSharedFrames - 1] = {4, 16, 64, 128, 256};
// No damaged size costs more memory.
constexpr uint64_t kMaxUnitBytes = uint64_t{1} << 30;

// Working memory for reading, one for each thread that reads.
ZSTD_DCtx* Decompressor() {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

// Texts, and numbers by their length in bits.
size_t SharedFrameFor(std::string_view bytes) {
  const bool text = std::all_of(bytes.begin(), bytes.end(),
                                [](char c) { return c >= ' ' && static_cast<uint8_t>(c) < 127; });
  if (text) return kSharedFrames - 1;
  uint8_t any = 0;
  for (const char c : bytes) any |= static_cast<uint8_t>(c);
  size_t frame = 0;
  while (any >= kSharedBounds[frame]) ++frame;
  return frame;
}

}  // namespace

void Compressor::Free::operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }

Compressor::Compressor() : context_(ZSTD_createCCtx()) {}

std::string Compressor::Compress(std::string_view raw) {
  if (frame_.size() < ZSTD_compressBound(raw.size())) frame_.resize(ZSTD_compressBound(raw.size()));
  const size_t size = ZSTD_compressCCtx(context_.get(), frame_.data(), frame_.size(), raw.data(),
                                        raw.size(), kZstdLevel);
  if (ZSTD_isError(size) || size + raw.size() / 32 >= raw.size()) return std::string(raw);
  return std::string(frame_.data(), size);
}

absl::Status Decompress(std::string_view stored, uint64_t raw_size, std::string* raw) {
  if (stored.size() == raw_size) {
    raw->assign(stored);
    return absl::OkStatus();
  }
  if (raw_size > kMaxUnitBytes ||
      ZSTD_getFrameContentSize(stored.data(), stored.size()) != raw_size) {
    return absl::DataLossError("a column's size does not match its compressed frame");
  }
  raw->resize(raw_size);
  const size_t size =
      ZSTD_decompressDCtx(Decompressor(), raw->data(), raw->size(), stored.data(), stored.size());
  if (ZSTD_isError(size) || size != raw_size) {
    return absl::DataLossError("a column does not decompress");
  }
  return absl::OkStatus();
}

void UnitWriter::Add(std::string_view bytes) {
  if (bytes.size() < kOwnFrameBytes) {
    const size_t frame = SharedFrameFor(bytes);
    units_.push_back({.raw_size = bytes.size(), .place = frame});
    shared_[frame] += bytes;
    return;
  }
  const std::string stored = compressor_.Compress(bytes);
  units_.push_back({.raw_size = bytes.size(), .place = kSharedFrames + stored.size()});
  own_ += stored;
}

std::string UnitWriter::Finish(std::string* directory) {
  std::string blob;
  for (const std::string& raw : shared_) {
    const std::string stored = raw.empty() ? std::string() : compressor_.Compress(raw);
    PutVarint(raw.size(), directory);
    PutVarint(stored.size(), directory);
    blob += stored;
  }
  PutVarint(units_.size(), directory);
  for (const Unit& unit : units_) {
    PutVarint(unit.raw_size, directory);
    PutVarint(unit.place, directory);
  }
  blob += own_;
  return blob;
}

absl::StatusOr<UnitReader> UnitReader::Parse(ByteReader* directory, std::string blob) {
  UnitReader reader;
  uint64_t own_end = 0;
  bool fits = true;
  for (SharedFrame& frame : reader.shared_) {
    frame.raw_size = directory->Varint();
    frame.stored_size = directory->Varint();
    frame.begin = own_end;
    fits = fits && directory->ok() && frame.stored_size <= blob.size() - own_end;
    if (fits) own_end += frame.stored_size;
  }
  const uint64_t count = directory->Count(2);
  std::array<uint64_t, kSharedFrames> ends{};
  reader.units_.reserve(count);
  for (uint64_t i = 0; fits && i < count; ++i) {
    Unit unit{.raw_size = directory->Varint(), .place = directory->Varint()};
    const bool shared = unit.place < kSharedFrames;
    uint64_t& end = shared ? ends[unit.place] : own_end;
    const uint64_t size = shared ? unit.raw_size : unit.place - kSharedFrames;
    unit.begin = end;
    fits = directory->ok() &&
           size <= (shared ? reader.shared_[unit.place].raw_size : blob.size()) - end;
    if (fits) end += size;
    reader.units_.push_back(unit);
  }
  for (size_t i = 0; i < kSharedFrames; ++i) fits = fits && ends[i] == reader.shared_[i].raw_size;
  if (!fits || !directory->ok() || own_end != blob.size()) {
    return absl::DataLossError("a log page's directory and its columns do not agree");
  }
  reader.blob_ = std::move(blob);
  return reader;
}

absl::StatusOr<std::string_view> UnitReader::Read(uint32_t unit, uint64_t size,
                                                  std::string* memory) {
  if (unit >= units_.size() || units_[unit].raw_size != size) {
    return absl::DataLossError("a column has another length than its page says");
  }
  const Unit& wanted = units_[unit];
  const std::string_view blob(blob_);
  if (wanted.place >= kSharedFrames) {
    const std::string_view stored = blob.substr(wanted.begin, wanted.place - kSharedFrames);
    if (stored.size() == size) return stored;
    absl::Status status = Decompress(stored, size, memory);
    if (!status.ok()) return status;
    return std::string_view(*memory);
  }
  SharedFrame& frame = shared_[wanted.place];
  if (!frame.ready) {
    absl::Status status =
        Decompress(blob.substr(frame.begin, frame.stored_size), frame.raw_size, &frame.bytes);
    if (!status.ok()) return status;
    frame.ready = true;
  }
  return std::string_view(frame.bytes).substr(wanted.begin, size);
}

}  // namespace tidegate::storage
