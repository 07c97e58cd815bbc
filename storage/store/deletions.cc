#include "storage/store/deletions.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "absl/status/status.h"
#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kLeastMatcherBytes = 3;

// Takes [hidden.min, hidden.max] out of the parts.
void Subtract(const model::TimeRange& hidden, RangeParts* parts) {
  RangeParts left;
  for (const model::TimeRange& part : *parts) {
    if (!part.Overlaps(hidden)) {
      left.push_back(part);
      continue;
    }
    if (part.min < hidden.min) left.push_back({part.min, hidden.min - 1});
    if (hidden.max < part.max) left.push_back({hidden.max + 1, part.max});
  }
  *parts = std::move(left);
}

bool Covers(const model::TimeRange& outer, const model::TimeRange& inner) {
  return outer.min <= inner.min && inner.max <= outer.max;
}

}  // namespace

std::string EncodeDeletion(const StoredDeletion& deletion) {
  std::string bytes;
  PutU8(kVersion, &bytes);
  PutVarint(deletion.number, &bytes);
  PutBytes(deletion.tenant, &bytes);
  PutZigzag(deletion.range.min, &bytes);
  PutZigzag(deletion.range.max, &bytes);
  PutVarint(deletion.matchers.size(), &bytes);
  for (const model::Matcher& matcher : deletion.matchers) {
    PutU8(static_cast<uint8_t>(matcher.type), &bytes);
    PutBytes(matcher.name, &bytes);
    PutBytes(matcher.value, &bytes);
  }
  PutFixed(static_cast<uint64_t>(XXH3_64bits(bytes.data(), bytes.size())), &bytes);
  return bytes;
}

absl::StatusOr<StoredDeletion> DecodeDeletion(std::string_view bytes) {
  if (bytes.size() < kChecksumBytes) return absl::DataLossError("a deletion is cut off");
  const std::string_view checked = bytes.substr(0, bytes.size() - kChecksumBytes);
  ByteReader checksum(bytes.substr(checked.size()));
  if (checksum.Fixed<uint64_t>() != XXH3_64bits(checked.data(), checked.size())) {
    return absl::DataLossError("a deletion's checksum does not match");
  }
  ByteReader in(checked);
  if (const uint8_t version = in.U8(); version != kVersion) {
    return absl::FailedPreconditionError(
        fmt::format("a deletion has format version {}, this program reads {}", version, kVersion));
  }
  StoredDeletion deletion;
  deletion.number = in.Varint();
  deletion.tenant = in.Bytes();
  deletion.range.min = in.Zigzag();
  deletion.range.max = in.Zigzag();
  bool known_types = true;
  for (uint64_t left = in.Count(kLeastMatcherBytes); left > 0; --left) {
    model::Matcher& matcher = deletion.matchers.emplace_back();
    const uint8_t type = in.U8();
    known_types = known_types && type <= static_cast<uint8_t>(model::MatchType::kNotRegex);
    matcher.type = static_cast<model::MatchType>(type);
    matcher.name = in.Bytes();
    matcher.value = in.Bytes();
  }
  if (!in.done() || !known_types || deletion.matchers.empty()) {
    return absl::DataLossError("a deletion makes no sense");
  }
  return deletion;
}

bool Concerns(const StoredDeletion& deletion, const SegmentEntry& entry) {
  return deletion.number > entry.deletions_applied && deletion.tenant == entry.id.tenant &&
         deletion.range.Overlaps(entry.range);
}

SegmentDeletions::SegmentDeletions(const DeletionList& deletions, const SegmentEntry& entry,
                                   const SeriesIndex& index)
    : segment_range_(entry.range) {
  for (const auto& deletion : deletions) {
    if (!Concerns(deletion->stored, entry)) continue;
    std::vector<uint32_t> series = index.Match(deletion->matchers, deletion->stored.range);
    if (series.empty()) continue;
    hidden_.push_back({.series = std::move(series), .range = deletion->stored.range});
  }
}

RangeParts SegmentDeletions::Kept(uint32_t series, const model::TimeRange& range) const {
  RangeParts parts = {range};
  for (const Hidden& hidden : hidden_) {
    if (std::binary_search(hidden.series.begin(), hidden.series.end(), series)) {
      Subtract(hidden.range, &parts);
    }
  }
  return parts;
}

void SegmentDeletions::DropHidden(std::vector<uint32_t>* series) const {
  for (const Hidden& hidden : hidden_) {
    if (!Covers(hidden.range, segment_range_)) continue;
    std::vector<uint32_t> left;
    std::set_difference(series->begin(), series->end(), hidden.series.begin(), hidden.series.end(),
                        std::back_inserter(left));
    *series = std::move(left);
  }
}

}  // namespace tidegate::storage
