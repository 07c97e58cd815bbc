#include "storage/store/deletions.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "absl/status/status.h"
#include "storage/codec/bytes.h"
#include "storage/logs/stream_batches.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kVersion = 2;  // 1 had samples only.
constexpr size_t kChecksumBytes = 8;
constexpr size_t kLeastMatcherBytes = 3;
constexpr size_t kLeastTestBytes = 3;

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

void PutTests(const std::vector<LineTest>& tests, std::string* bytes) {
  PutVarint(tests.size(), bytes);
  for (const LineTest& test : tests) {
    PutU8(static_cast<uint8_t>(test.kind), bytes);
    PutU8(test.negated ? 1 : 0, bytes);
    PutVarint(test.alternatives.size(), bytes);
    for (const std::string& alternative : test.alternatives) PutBytes(alternative, bytes);
  }
}

// False when something is read that is not written.
bool ReadTests(ByteReader* in, std::vector<LineTest>* tests) {
  bool known = true;
  for (uint64_t left = in->Count(kLeastTestBytes); left > 0; --left) {
    LineTest& test = tests->emplace_back();
    const uint8_t kind = in->U8();
    known = known && kind <= static_cast<uint8_t>(LineTest::Kind::kMatches);
    test.kind = static_cast<LineTest::Kind>(kind);
    test.negated = in->U8() != 0;
    for (uint64_t more = in->Count(1); more > 0; --more) {
      test.alternatives.emplace_back(in->Bytes());
    }
    known = known && !test.alternatives.empty();
  }
  return known;
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
  PutU8(deletion.logs ? 1 : 0, &bytes);
  if (deletion.logs) {
    PutTests(deletion.tests, &bytes);
    PutBytes(deletion.query, &bytes);
    PutZigzag(deletion.created_at, &bytes);
    PutZigzag(deletion.final_at, &bytes);
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
  const uint8_t version = in.U8();
  if (version == 0 || version > kVersion) {
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
  if (version > 1) deletion.logs = in.U8() != 0;
  if (deletion.logs) {
    known_types = ReadTests(&in, &deletion.tests) && known_types;
    deletion.query = in.Bytes();
    deletion.created_at = in.Zigzag();
    deletion.final_at = in.Zigzag();
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

absl::StatusOr<std::shared_ptr<const ActiveDeletion>> ActiveDeletion::Compile(
    StoredDeletion stored) {
  auto matchers = model::CompileMatchers(stored.matchers);
  if (!matchers.ok()) return matchers.status();
  auto filter = LineFilter::Compile(stored.tests);
  if (!filter.ok()) return filter.status();
  TemplateFilter templates(stored.tests);
  return std::make_shared<const ActiveDeletion>(ActiveDeletion{.stored = std::move(stored),
                                                               .matchers = *std::move(matchers),
                                                               .filter = *std::move(filter),
                                                               .templates = std::move(templates)});
}

bool MustStay(const DeletionList& deletions, const SegmentEntry& entry, model::TimestampMs now) {
  return std::any_of(deletions.begin(), deletions.end(), [&](const auto& deletion) {
    return !deletion->stored.IsFinal(now) && Concerns(deletion->stored, entry);
  });
}

SegmentDeletions::SegmentDeletions(const DeletionList& deletions, const SegmentEntry& entry,
                                   const SeriesIndex& index, bool logs)
    : segment_range_(entry.range) {
  for (const auto& deletion : deletions) {
    if (deletion->stored.logs != logs || !Concerns(deletion->stored, entry)) continue;
    std::vector<uint32_t> series = index.Match(deletion->matchers, deletion->stored.range);
    if (series.empty()) continue;
    hidden_.push_back({.series = std::move(series), .deletion = deletion});
  }
}

std::vector<HiddenEntries> SegmentDeletions::EntriesOf(uint32_t series) const {
  std::vector<HiddenEntries> entries;
  for (const Hidden& hidden : hidden_) {
    if (!hidden.Has(series)) continue;
    HiddenEntries& one = entries.emplace_back();
    one.range = NanosecondsOf(hidden.range());
    if (hidden.deletion->filter.empty()) continue;
    one.filter = &hidden.deletion->filter;
    one.templates = &hidden.deletion->templates;
  }
  return entries;
}

HiddenEntriesFn HiddenIn(const SegmentDeletions* deletions) {
  if (deletions == nullptr || deletions->empty()) return nullptr;
  return [deletions](uint32_t series) { return deletions->EntriesOf(series); };
}

RangeParts SegmentDeletions::Kept(uint32_t series, const model::TimeRange& range) const {
  RangeParts parts = {range};
  for (const Hidden& hidden : hidden_) {
    if (hidden.Has(series)) Subtract(hidden.range(), &parts);
  }
  return parts;
}

void SegmentDeletions::DropHidden(std::vector<uint32_t>* series) const {
  for (const Hidden& hidden : hidden_) {
    if (!hidden.deletion->filter.empty() || !Covers(hidden.range(), segment_range_)) continue;
    std::vector<uint32_t> left;
    std::set_difference(series->begin(), series->end(), hidden.series.begin(), hidden.series.end(),
                        std::back_inserter(left));
    *series = std::move(left);
  }
}

}  // namespace tidegate::storage
