#include "storage/page/envelope.h"

#include <fmt/format.h>
#include <xxhash.h>
#include <zstd.h>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr int kZstdLevel = 1;  // Level 9 gains two percent on packed columns.
constexpr size_t kChecksumBytes = 8;

uint64_t Checksum(std::string_view key, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), XXH3_64bits(key.data(), key.size()));
}

// The bytes to store: compressed when that is smaller.
std::string Compress(const std::string& raw) {
  std::string stored(ZSTD_compressBound(raw.size()), '\0');
  const size_t size =
      ZSTD_compress(stored.data(), stored.size(), raw.data(), raw.size(), kZstdLevel);
  if (ZSTD_isError(size) || size >= raw.size()) return raw;
  stored.resize(size);
  return stored;
}

}  // namespace

std::string SealEnvelope(std::string_view key, PageKind kind,
                         std::span<const std::string> sections) {
  std::string value;
  PutU8(kPageFormatVersion, &value);
  PutU8(static_cast<uint8_t>(kind), &value);
  PutVarint(sections.size(), &value);
  std::string body;
  for (const std::string& raw : sections) {
    const std::string stored = Compress(raw);
    PutVarint(raw.size(), &value);
    PutVarint(stored.size(), &value);
    body += stored;
  }
  value += body;
  PutFixed(Checksum(key, value), &value);
  return value;
}

absl::StatusOr<Envelope> Envelope::Open(std::string_view key, std::string_view value) {
  if (value.size() < kChecksumBytes) return absl::DataLossError("the page is cut off");
  const std::string_view checked = value.substr(0, value.size() - kChecksumBytes);
  ByteReader checksum(value.substr(checked.size()));
  if (checksum.Fixed<uint64_t>() != Checksum(key, checked)) {
    return absl::DataLossError("the page's checksum does not match its bytes");
  }
  ByteReader in(checked);
  if (const uint8_t version = in.U8(); version != kPageFormatVersion) {
    return absl::FailedPreconditionError(fmt::format(
        "the page has format version {}, this program reads {}", version, kPageFormatVersion));
  }
  Envelope envelope;
  envelope.kind_ = static_cast<PageKind>(in.U8());
  const uint64_t count = in.Count(2);
  if (!in.ok() || count > kMaxSections) return absl::DataLossError("the page has no sections");
  std::vector<uint64_t> stored_sizes;
  for (uint64_t i = 0; i < count; ++i) {
    envelope.sections_.push_back({.raw_size = in.Varint(), .bytes = {}});
    stored_sizes.push_back(in.Varint());
  }
  for (uint64_t i = 0; i < count; ++i) envelope.sections_[i].bytes = in.Take(stored_sizes[i]);
  if (!in.done()) return absl::DataLossError("the page's sections do not fill it");
  return envelope;
}

absl::StatusOr<std::string> Envelope::Section(size_t index) const {
  if (index >= sections_.size()) return absl::DataLossError("the page lacks a section");
  const Stored& stored = sections_[index];
  if (stored.raw_size == stored.bytes.size()) return std::string(stored.bytes);
  if (stored.raw_size > kMaxSectionBytes ||
      ZSTD_getFrameContentSize(stored.bytes.data(), stored.bytes.size()) != stored.raw_size) {
    return absl::DataLossError("a section's size does not match its compressed frame");
  }
  std::string raw(stored.raw_size, '\0');
  const size_t size =
      ZSTD_decompress(raw.data(), raw.size(), stored.bytes.data(), stored.bytes.size());
  if (ZSTD_isError(size) || size != raw.size()) {
    return absl::DataLossError("a section does not decompress");
  }
  return raw;
}

}  // namespace tidegate::storage
