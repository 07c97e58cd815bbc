#include "storage/store/segment_entry.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "storage/codec/bytes.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kVersion = 2;
constexpr uint8_t kVersionWithoutDeletions = 1;

}  // namespace

std::string EncodeSegmentEntry(const SegmentEntry& entry) {
  std::string bytes;
  PutU8(kVersion, &bytes);
  PutBytes(entry.id.tenant, &bytes);
  PutU8(static_cast<uint8_t>(entry.id.origin), &bytes);
  PutVarint(entry.id.position.value, &bytes);
  PutVarint(entry.id.producer, &bytes);
  PutZigzag(entry.id.span.begin, &bytes);
  PutZigzag(entry.id.span.duration, &bytes);
  PutZigzag(entry.partition.begin, &bytes);
  PutZigzag(entry.partition.duration, &bytes);
  PutVarint(entry.rank, &bytes);
  PutZigzag(entry.range.min, &bytes);
  PutZigzag(entry.range.max, &bytes);
  PutVarint(entry.series, &bytes);
  PutVarint(entry.samples, &bytes);
  PutVarint(entry.bytes, &bytes);
  PutVarint(entry.deletions_applied, &bytes);
  PutFixed(static_cast<uint64_t>(XXH3_64bits(bytes.data(), bytes.size())), &bytes);
  return bytes;
}

absl::StatusOr<SegmentEntry> DecodeSegmentEntry(std::string_view bytes) {
  if (bytes.size() < 8) return absl::DataLossError("a catalogue entry is cut off");
  const std::string_view checked = bytes.substr(0, bytes.size() - 8);
  ByteReader checksum(bytes.substr(checked.size()));
  if (checksum.Fixed<uint64_t>() != XXH3_64bits(checked.data(), checked.size())) {
    return absl::DataLossError("a catalogue entry's checksum does not match");
  }
  ByteReader in(checked);
  const uint8_t version = in.U8();
  if (version != kVersion && version != kVersionWithoutDeletions) {
    return absl::FailedPreconditionError(fmt::format(
        "a catalogue entry has format version {}, this program reads {}", version, kVersion));
  }
  SegmentEntry entry;
  entry.id.tenant = in.Bytes();
  entry.id.origin = static_cast<SegmentOrigin>(in.U8());
  entry.id.position.value = in.Varint();
  entry.id.producer = in.Varint();
  entry.id.span.begin = in.Zigzag();
  entry.id.span.duration = in.Zigzag();
  entry.partition.begin = in.Zigzag();
  entry.partition.duration = in.Zigzag();
  entry.rank = in.Varint();
  entry.range.min = in.Zigzag();
  entry.range.max = in.Zigzag();
  entry.series = in.Varint();
  entry.samples = in.Varint();
  entry.bytes = in.Varint();
  if (version != kVersionWithoutDeletions) entry.deletions_applied = in.Varint();
  if (!in.done() || !IsValidSpan(entry.partition) || !IsValidSpan(entry.id.span)) {
    return absl::DataLossError("a catalogue entry makes no sense");
  }
  return entry;
}

}  // namespace tidegate::storage
