#include "storage/log/log_format.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "storage/log.h"

namespace tidegate::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "the encoders copy integers as they lie");

constexpr std::string_view kSegmentMagic = "TGLOGSEG";
constexpr std::string_view kStateMagic = "TGLOGSTA";
constexpr std::string_view kEpochMagic = "TGLOGEPO";
constexpr std::string_view kSegmentSuffix = ".segment";
constexpr std::string_view kSparePrefix = "spare-";

template <typename T>
void Put(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <typename T>
T Get(std::string_view bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// All small records are alike: magic (8), version (4), zero (4), 64-bit fields, check (8).
// Every later version keeps the first 16 bytes and ends its record, at the length that it has in
// version 1, with a check of what stands before. So a reader can tell "newer" from "damaged".
template <size_t kFields>
std::string EncodeRecord(std::string_view magic, const std::array<uint64_t, kFields>& fields) {
  std::string out(magic);
  Put(out, kLogFormatVersion);
  Put(out, uint32_t{0});
  for (const uint64_t field : fields) Put(out, field);
  Put(out, static_cast<uint64_t>(XXH3_64bits(out.data(), out.size())));
  return out;
}

template <size_t kFields>
absl::StatusOr<std::array<uint64_t, kFields>> DecodeRecord(std::string_view magic,
                                                           std::string_view bytes) {
  constexpr size_t kChecked = 16 + kFields * 8;
  if (bytes.size() < kChecked + 8 || bytes.substr(0, magic.size()) != magic ||
      Get<uint64_t>(bytes, kChecked) != XXH3_64bits(bytes.data(), kChecked)) {
    return absl::DataLossError("not intact");
  }
  if (const auto version = Get<uint32_t>(bytes, 8); version != kLogFormatVersion) {
    return absl::FailedPreconditionError(
        fmt::format("format version {} is newer than this program, which knows version {}", version,
                    kLogFormatVersion));
  }
  std::array<uint64_t, kFields> fields;
  for (size_t i = 0; i < kFields; ++i) fields[i] = Get<uint64_t>(bytes, 16 + i * 8);
  return fields;
}

// All of `text`.
std::optional<uint64_t> ParseHex(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

uint64_t HeaderCheck(const FrameHeader& header, const SegmentIdentity& segment, uint64_t position) {
  struct {
    uint64_t log_id, number, position, payload_check;
    uint32_t length, unsynced;
  } const mixed = {segment.log_id,       segment.number, position,
                   header.payload_check, header.length,  header.unsynced};
  static_assert(sizeof mixed == 40, "no padding");
  return XXH3_64bits(&mixed, sizeof mixed);
}

}  // namespace

uint64_t PayloadCheck(std::string_view payload) {
  return XXH3_64bits(payload.data(), payload.size());
}

void EncodeFrameHeader(const FrameHeader& header, const SegmentIdentity& segment, uint64_t position,
                       char* into) {
  const uint64_t check = HeaderCheck(header, segment, position);
  std::memcpy(into, &header.length, 4);
  std::memcpy(into + 4, &header.unsynced, 4);
  std::memcpy(into + 8, &header.payload_check, 8);
  std::memcpy(into + 16, &check, 8);
}

std::optional<FrameHeader> DecodeFrameHeader(std::string_view bytes, const SegmentIdentity& segment,
                                             uint64_t position) {
  if (bytes.size() < kFrameHeaderBytes) return std::nullopt;
  const FrameHeader header = {.length = Get<uint32_t>(bytes, 0),
                              .unsynced = Get<uint32_t>(bytes, 4),
                              .payload_check = Get<uint64_t>(bytes, 8)};
  // Cheap tests first: a search for the next intact frame comes by every eighth byte.
  if (header.length > kMaxLogFrameBytes || header.unsynced > position) return std::nullopt;
  const auto check = Get<uint64_t>(bytes, 16);
  if (check == 0 || check != HeaderCheck(header, segment, position)) return std::nullopt;
  return header;
}

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  return EncodeRecord<5>(kSegmentMagic, {header.identity.log_id, header.identity.number,
                                         header.base, header.continues_from, header.epoch});
}

absl::StatusOr<SegmentHeader> DecodeSegmentHeader(std::string_view bytes) {
  const auto fields = DecodeRecord<5>(kSegmentMagic, bytes);
  if (!fields.ok()) return fields.status();
  const SegmentHeader header = {.identity = {.log_id = (*fields)[0], .number = (*fields)[1]},
                                .base = (*fields)[2],
                                .continues_from = (*fields)[3],
                                .epoch = (*fields)[4]};
  if (header.continues_from > header.base) return absl::DataLossError("not intact");
  return header;
}

std::string EncodeLogState(const LogState& state) {
  return EncodeRecord<2>(kStateMagic, {state.log_id, state.begin});
}

absl::StatusOr<LogState> DecodeLogState(std::string_view bytes) {
  const auto fields = DecodeRecord<2>(kStateMagic, bytes);
  if (!fields.ok()) return fields.status();
  return LogState{.log_id = (*fields)[0], .begin = (*fields)[1]};
}

std::string EncodeEpoch(uint64_t epoch) { return EncodeRecord<1>(kEpochMagic, {epoch}); }

absl::StatusOr<uint64_t> DecodeEpoch(std::string_view bytes) {
  const auto fields = DecodeRecord<1>(kEpochMagic, bytes);
  if (!fields.ok()) return fields.status();
  return (*fields)[0];
}

std::string SegmentFileName(uint64_t number, uint64_t base) {
  return fmt::format("{:016x}-{:016x}{}", number, base, kSegmentSuffix);
}

std::optional<SegmentName> ParseSegmentFileName(std::string_view name) {
  if (name.size() != 33 + kSegmentSuffix.size() || name[16] != '-' ||
      name.substr(33) != kSegmentSuffix) {
    return std::nullopt;
  }
  const std::optional<uint64_t> number = ParseHex(name.substr(0, 16));
  const std::optional<uint64_t> base = ParseHex(name.substr(17, 16));
  if (!number.has_value() || !base.has_value()) return std::nullopt;
  if (SegmentFileName(*number, *base) != name) return std::nullopt;  // Upper case.
  return SegmentName{.number = *number, .base = *base};
}

std::string SpareFileName(uint64_t index) { return fmt::format("{}{}", kSparePrefix, index); }

bool IsSpareFileName(std::string_view name) {
  return name.substr(0, kSparePrefix.size()) == kSparePrefix;
}

}  // namespace tidegate::storage
