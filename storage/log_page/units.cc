#include "storage/log_page/units.h"

#include <zstd.h>

namespace tidegate::storage {
namespace {

constexpr int kZstdLevel = 1;  // Columns gain under two percent from level 3.
// A frame costs about a microsecond and twelve bytes beside what is in it.
constexpr size_t kOwnFrameBytes = 1024;
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

}  // namespace

void Compressor::Free::operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }

Compressor::Compressor() : context_(ZSTD_createCCtx()) {}

std::string Compressor::Compress(std::string_view raw) {
  std::string stored(ZSTD_compressBound(raw.size()), '\0');
  const size_t size = ZSTD_compressCCtx(context_.get(), stored.data(), stored.size(), raw.data(),
                                        raw.size(), kZstdLevel);
  if (ZSTD_isError(size) || size + raw.size() / 32 >= raw.size()) return std::string(raw);
  stored.resize(size);
  return stored;
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
    units_.push_back({.raw_size = bytes.size(), .stored_size = 0});
    shared_ += bytes;
    return;
  }
  const std::string stored = compressor_.Compress(bytes);
  units_.push_back({.raw_size = bytes.size(), .stored_size = stored.size()});
  own_ += stored;
}

std::string UnitWriter::Finish(std::string* directory) {
  std::string blob = shared_.empty() ? std::string() : compressor_.Compress(shared_);
  PutVarint(shared_.size(), directory);
  PutVarint(blob.size(), directory);
  PutVarint(units_.size(), directory);
  for (const Unit& unit : units_) {
    PutVarint(unit.raw_size, directory);
    PutVarint(unit.stored_size, directory);
  }
  blob += own_;
  return blob;
}

absl::StatusOr<UnitReader> UnitReader::Parse(ByteReader* directory, std::string blob) {
  UnitReader reader;
  reader.shared_raw_size_ = directory->Varint();
  reader.shared_stored_size_ = directory->Varint();
  const uint64_t count = directory->Count(2);
  uint64_t shared_end = 0;
  uint64_t own_end = reader.shared_stored_size_;
  bool fits = directory->ok() && own_end <= blob.size();
  reader.units_.reserve(count);
  for (uint64_t i = 0; fits && i < count; ++i) {
    Unit unit{.raw_size = directory->Varint(), .stored_size = directory->Varint()};
    const bool shared = unit.stored_size == 0;
    uint64_t& end = shared ? shared_end : own_end;
    const uint64_t size = shared ? unit.raw_size : unit.stored_size;
    unit.begin = end;
    fits = directory->ok() && size <= (shared ? reader.shared_raw_size_ : blob.size()) - end;
    end += size;
    reader.units_.push_back(unit);
  }
  if (!fits || shared_end != reader.shared_raw_size_ || own_end != blob.size()) {
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
  if (wanted.stored_size != 0) {
    absl::Status status = Decompress(blob.substr(wanted.begin, wanted.stored_size), size, memory);
    if (!status.ok()) return status;
    return std::string_view(*memory);
  }
  if (!shared_ready_) {
    absl::Status status =
        Decompress(blob.substr(0, shared_stored_size_), shared_raw_size_, &shared_);
    if (!status.ok()) return status;
    shared_ready_ = true;
  }
  return std::string_view(shared_).substr(wanted.begin, size);
}

}  // namespace tidegate::storage
