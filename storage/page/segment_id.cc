#include "storage/page/segment_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

template <typename T>
void PutBigEndian(T value, std::string* out) {
  for (int shift = static_cast<int>(sizeof(T) - 1) * 8; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

template <typename T>
T GetBigEndian(std::string_view bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((value << 8) | static_cast<uint8_t>(bytes[i]));
  }
  return value;
}

// Order of signed numbers, as unsigned ones.
constexpr uint64_t kSignBit = uint64_t{1} << 63;

bool IsPageKind(char byte) {
  const auto kind = static_cast<PageKind>(byte);
  return (kind >= PageKind::kFloat && kind <= PageKind::kExemplar) ||
         (kind >= PageKind::kMetricIndex && kind <= PageKind::kLogOutlines);
}

constexpr size_t kIdBytes = 1 + 8 + 8 + 8 + 1;
constexpr size_t kPageBytes = 4 + 1;

}  // namespace

std::string SegmentKeyPrefix(const SegmentId& id) {
  std::string prefix = id.tenant;
  prefix.push_back('\0');
  prefix.push_back(static_cast<char>(id.origin));
  PutBigEndian(id.position.value, &prefix);
  PutBigEndian(id.producer, &prefix);
  PutBigEndian(static_cast<uint64_t>(id.span.begin) ^ kSignBit, &prefix);
  const auto width = std::find(kPartitionWidths.begin(), kPartitionWidths.end(), id.span.duration);
  prefix.push_back(static_cast<char>(width - kPartitionWidths.begin()));
  return prefix;
}

std::string PageKey(const SegmentId& id, uint32_t ordinal, PageKind kind) {
  std::string key = SegmentKeyPrefix(id);
  PutBigEndian(ordinal, &key);
  key.push_back(static_cast<char>(kind));
  return key;
}

absl::StatusOr<ParsedPageKey> ParsePageKey(std::string_view key) {
  const size_t zero = key.find('\0');
  if (zero == std::string_view::npos || zero == 0 ||
      key.size() != zero + 1 + kIdBytes + kPageBytes) {
    return absl::DataLossError("not the key of a page");
  }
  ParsedPageKey parsed;
  parsed.id.tenant = key.substr(0, zero);
  const std::string_view rest = key.substr(zero + 1);
  parsed.id.origin = static_cast<SegmentOrigin>(rest[0]);
  parsed.id.position.value = GetBigEndian<uint64_t>(rest.substr(1));
  parsed.id.producer = GetBigEndian<uint64_t>(rest.substr(9));
  parsed.id.span.begin = static_cast<int64_t>(GetBigEndian<uint64_t>(rest.substr(17)) ^ kSignBit);
  const size_t width = static_cast<uint8_t>(rest[25]);
  if (width >= kPartitionWidths.size()) return absl::DataLossError("the key of an unknown span");
  parsed.id.span.duration = kPartitionWidths[width];
  parsed.ordinal = GetBigEndian<uint32_t>(rest.substr(26));
  parsed.kind = static_cast<PageKind>(rest[30]);
  const bool known_origin =
      parsed.id.origin == SegmentOrigin::kCut || parsed.id.origin == SegmentOrigin::kMerge;
  if (!known_origin || !IsPageKind(rest[30])) {
    return absl::DataLossError("the key of a page of an unknown kind");
  }
  return parsed;
}

std::string ToString(const SegmentId& id) {
  if (id.origin == SegmentOrigin::kMerge) {
    return fmt::format("partition {}+{}h, tenant {}, merge {}", id.span.begin,
                       id.span.duration / kHourMs, id.tenant, id.position.value);
  }
  return fmt::format("partition {}+{}h, tenant {}, cut {} of producer {}", id.span.begin,
                     id.span.duration / kHourMs, id.tenant, id.position.value, id.producer);
}

}  // namespace tidegate::storage
