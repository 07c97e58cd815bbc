#include "storage/head/epoch_data.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "storage/chunk/chunk_decoder.h"

namespace tidegate::storage::head {
namespace {

// Rough cost of a point in a B-tree or vector, beside its own bytes.
constexpr size_t kLateSampleBytes = 24;
constexpr size_t kStoredPointOverhead = 64;

// True when an equal item is known at its time. `items` ascend by time.
template <typename Item, typename Equal>
bool Contains(const std::vector<Item>& items, const Item& item, const Equal& equal) {
  const auto [begin, end] =
      std::equal_range(items.begin(), items.end(), item,
                       [](const Item& a, const Item& b) { return a.timestamp < b.timestamp; });
  return std::any_of(begin, end, [&](const Item& known) { return equal(known, item); });
}

}  // namespace

Outcome CompareToKnown(const StoredPoint& known, double value) {
  return known.kind == StoredPoint::kFloat && model::SameBits(known.value, value)
             ? Outcome::kDuplicate
             : Outcome::kConflict;
}

Outcome CompareToKnown(const StoredPoint& known, std::string_view encoded_histogram) {
  return known.kind == StoredPoint::kHistogram && known.encoded == encoded_histogram
             ? Outcome::kDuplicate
             : Outcome::kConflict;
}

StoredPoint EpochData::Lookup(SeriesRef ref, model::TimestampMs timestamp,
                              ChunkCache* cache) const {
  if (const SeriesSide* beside = side(ref)) {
    const auto histogram = beside->histograms.find(timestamp);
    if (histogram != beside->histograms.end()) {
      return {.kind = StoredPoint::kHistogram, .value = 0, .encoded = histogram->second.encoded};
    }
    const auto late = beside->late.find(timestamp);
    if (late != beside->late.end()) {
      return {.kind = StoredPoint::kFloat, .value = late->second, .encoded = {}};
    }
  }
  double value;
  if (!FindInChunks(ref, timestamp, cache, &value)) return {};
  return {.kind = StoredPoint::kFloat, .value = value, .encoded = {}};
}

bool EpochData::FindInChunks(SeriesRef ref, model::TimestampMs timestamp, ChunkCache* cache,
                             double* value) const {
  const chunk::OpenChunk* open = chunk(ref);
  if (open == nullptr) return false;
  if (timestamp >= open->first_timestamp()) {
    return FindInChunk(*open, ref, timestamp, cache, value);
  }
  const SeriesSide* beside = side(ref);
  if (beside == nullptr) return false;
  const auto& full = beside->full_chunks;
  const auto found = std::lower_bound(
      full.begin(), full.end(), timestamp,
      [](const chunk::OpenChunk& c, model::TimestampMs t) { return c.last_timestamp() < t; });
  return found != full.end() && FindInChunk(*found, ref, timestamp, cache, value);
}

bool EpochData::FindInChunk(const chunk::OpenChunk& chunk, SeriesRef ref,
                            model::TimestampMs timestamp, ChunkCache* cache, double* value) const {
  if (timestamp == chunk.last_timestamp()) {
    *value = chunk.last_value();
    return true;
  }
  if (!chunk.range().Contains(timestamp)) return false;
  // Chunks of a series differ in their first timestamp, states of one chunk in their count.
  if (cache->epoch != epoch_ || cache->ref != ref || cache->count != chunk.count() ||
      cache->first_timestamp != chunk.first_timestamp()) {
    cache->epoch = epoch_;
    cache->ref = ref;
    cache->count = chunk.count();
    cache->first_timestamp = chunk.first_timestamp();
    cache->stream.clear();
    cache->timestamps.clear();
    cache->values.clear();
    chunk.CopyStream(pool_, &cache->stream);
    chunk::DecodeChunk(chunk, cache->stream, &cache->timestamps, &cache->values);
  }
  const auto& times = cache->timestamps;
  const auto found = std::lower_bound(times.begin(), times.end(), timestamp);
  if (found == times.end() || *found != timestamp) return false;
  *value = cache->values[static_cast<size_t>(found - times.begin())];
  return true;
}

Outcome EpochData::AddSampleSlowly(const LogRecord::Sample& sample, chunk::OpenChunk& chunk,
                                   model::TimestampMs floor, ChunkCache* cache) {
  const StoredPoint known = Lookup(sample.ref, sample.timestamp, cache);
  if (known.kind != StoredPoint::kNone) return CompareToKnown(known, sample.value);

  const bool is_late = sample.timestamp <= (chunk.empty() ? floor : chunk.last_timestamp());
  if (is_late) {
    MakeSide(chunk).late.emplace(sample.timestamp, sample.value);
    side_bytes_ += kLateSampleBytes;
  } else {
    if (chunk.full()) {
      MakeSide(chunk).full_chunks.push_back(chunk);
      side_bytes_ += sizeof(chunk::OpenChunk);
      const uint32_t side = chunk.side();
      chunk = {};
      chunk.set_side(side);
    }
    chunk.Append(sample.timestamp, sample.value, pool_);
  }
  if (sample.start_timestamp != 0 || (chunk.side() != 0 && !MakeSide(chunk).starts.empty())) {
    MakeSide(chunk).starts.Set(sample.timestamp, sample.start_timestamp, !is_late);
  }
  CountSample(sample.timestamp);
  return Outcome::kAdded;
}

Outcome EpochData::AddHistogram(const LogRecord::Histogram& histogram, ChunkCache* cache) {
  const StoredPoint known = Lookup(histogram.ref, histogram.timestamp, cache);
  if (known.kind != StoredPoint::kNone) return CompareToKnown(known, histogram.encoded);
  MakeSide(chunks_.At(histogram.ref))
      .histograms.emplace(histogram.timestamp,
                          StoredHistogram{.start_timestamp = histogram.start_timestamp,
                                          .encoded = std::string(histogram.encoded)});
  side_bytes_ += kStoredPointOverhead + histogram.encoded.size();
  CountSample(histogram.timestamp);
  return Outcome::kAdded;
}

Outcome EpochData::AddExemplar(SeriesRef ref, model::Exemplar exemplar) {
  if (HasExemplar(ref, exemplar)) return Outcome::kDuplicate;
  std::vector<model::Exemplar>& exemplars = MakeSide(chunks_.At(ref)).exemplars;
  if (exemplars.size() >= kMaxExemplars) return Outcome::kDuplicate;
  side_bytes_ += kStoredPointOverhead + exemplar.labels.bytes().size();
  ++points_;
  const auto at =
      std::ranges::upper_bound(exemplars, exemplar.timestamp, {}, &model::Exemplar::timestamp);
  exemplars.insert(at, std::move(exemplar));
  return Outcome::kAdded;
}

size_t EpochData::ExemplarCount(SeriesRef ref) const {
  const SeriesSide* beside = side(ref);
  return beside == nullptr ? 0 : beside->exemplars.size();
}

void EpochData::AddEntry(SeriesRef ref, const model::LogEntryView& entry) {
  EntryList& entries = MakeSide(chunks_.At(ref)).entries;
  if (entries.settled()) unsettled_.push_back(&entries);
  entries.Append(entry, &texts_);
  ++points_;
  ++entries_;
}

void EpochData::SettleEntries() {
  for (EntryList* entries : unsettled_) {
    const size_t repeats = entries->Settle();
    points_ -= repeats;
    entries_ -= repeats;
  }
  unsettled_.clear();
}

bool EpochData::HasExemplar(SeriesRef ref, const model::Exemplar& exemplar) const {
  const SeriesSide* beside = side(ref);
  return beside != nullptr &&
         Contains(beside->exemplars, exemplar,
                  [](const model::Exemplar& a, const model::Exemplar& b) { return a == b; });
}

SeriesSide& EpochData::MakeSide(chunk::OpenChunk& chunk) {
  if (chunk.side() == 0) {
    sides_.push_back(std::make_unique<SeriesSide>());
    side_bytes_ += sizeof(SeriesSide);
    chunk.set_side(static_cast<uint32_t>(sides_.size()));
  }
  return *sides_[chunk.side() - 1];
}

model::TimeRange EpochData::MetricRange(SeriesRef ref) const {
  model::TimeRange range{model::kMaxTimestamp, model::kMinTimestamp};
  if (const SeriesSide* beside = side(ref)) range = beside->MetricRange();
  if (const chunk::OpenChunk* open = chunk(ref)) {
    range.min = std::min(range.min, open->first_timestamp());
    range.max = std::max(range.max, open->last_timestamp());
  }
  return range;
}

size_t EpochData::memory_bytes() const {
  return chunks_.memory_bytes() + pool_.used_bytes() + side_bytes_ + entry_bytes();
}

}  // namespace tidegate::storage::head
