#include "storage/check/check_segment.h"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <set>
#include <string>

#include "storage/page/segment_reader.h"
#include "storage/page/series_index.h"
#include "storage/store/damage_log.h"

namespace tidegate::storage {
namespace {

// Reads every series of a segment's index; counts points and collects damaged pages.
class SegmentWalk {
 public:
  SegmentWalk(const SegmentEntry& entry, const PageSource& source,
              std::vector<StorageDamage>* damage)
      : entry_(entry), source_(source), damage_(damage) {}

  // False when there is no such index, or a damaged one (noted).
  bool Walk(PageKind kind) {
    auto index = ReadIndex(entry_.id, kind, source_);
    if (absl::IsNotFound(index.status())) return false;
    if (!index.ok()) {
      const uint32_t ordinal =
          kind == PageKind::kMetricIndex ? kMetricIndexOrdinal : kStreamIndexOrdinal;
      Note(PageKey(entry_.id, ordinal, kind), index.status());
      return false;
    }
    SegmentReader::Input input;
    input.id = entry_.id;
    input.index = *index;
    input.source = &source_;
    input.pool = &pool_;
    input.damage_fn = [this](const PageDamage& d) { Note(d.key, d.status); };
    if (kind == PageKind::kStreamIndex) {
      input.streams.resize((*index)->series_count());
      std::iota(input.streams.begin(), input.streams.end(), 0);
    }
    SegmentReader reader(std::move(input));
    for (uint32_t series = 0; series < (*index)->series_count(); ++series) {
      const absl::Status status = kind == PageKind::kMetricIndex ? ReadSeries(series, &reader)
                                                                 : ReadStream(series, &reader);
      if (!status.ok())
        damage_->push_back({.where = ToString(entry_.id), .reason = std::string(status.message())});
    }
    series_ += (*index)->series_count();
    return true;
  }

  uint64_t samples() const { return samples_; }
  uint64_t series() const { return series_; }
  bool damaged() const { return !noted_.empty(); }

 private:
  absl::Status ReadSeries(uint32_t series, SegmentReader* reader) {
    std::vector<FloatPart> floats;
    std::vector<model::HistogramSample> histograms;
    std::vector<model::Exemplar> exemplars;
    absl::Status status = reader->ReadFloats(series, {}, &floats);
    status.Update(reader->ReadHistograms(series, {}, &histograms));
    status.Update(reader->ReadExemplars(series, {}, &exemplars));
    for (const FloatPart& part : floats) samples_ += part.values.size();
    samples_ += histograms.size() + exemplars.size();
    return status;
  }

  absl::Status ReadStream(uint32_t series, SegmentReader* reader) {
    LogRead everything;
    everything.range = {.begin = INT64_MIN, .end = INT64_MAX};
    for (const PageEntry* entry : reader->LogPagesOf(series, everything.range)) {
      const auto batch = reader->ReadLogs(*entry, series, everything);
      if (!batch.ok()) return batch.status();
      samples_ += batch->timestamps.size();
      reader->DropLogPage(*entry, series);
    }
    return absl::OkStatus();
  }

  void Note(const std::string& key, const absl::Status& status) {
    if (!noted_.insert(key).second) return;
    damage_->push_back({.where = DescribePage(key), .reason = std::string(status.message())});
  }

  const SegmentEntry& entry_;
  const PageSource& source_;
  std::vector<StorageDamage>* const damage_;
  TimeColumnPool pool_;
  std::set<std::string> noted_;
  uint64_t samples_ = 0;
  uint64_t series_ = 0;
};

}  // namespace

void CheckSegment(const SegmentEntry& entry, const PageSource& source,
                  std::vector<StorageDamage>* damage) {
  SegmentWalk walk(entry, source, damage);
  const bool has_metrics = walk.Walk(PageKind::kMetricIndex);
  const bool has_streams = walk.Walk(PageKind::kStreamIndex);
  if (walk.damaged()) return;
  if (!has_metrics && !has_streams) {
    damage->push_back({.where = ToString(entry.id), .reason = "the segment's index is missing"});
  } else if (walk.samples() != entry.samples || walk.series() != entry.series) {
    damage->push_back(
        {.where = ToString(entry.id),
         .reason = fmt::format("holds {} points of {} series, the catalogue says {} "
                               "of {}",
                               walk.samples(), walk.series(), entry.samples, entry.series)});
  }
}

}  // namespace tidegate::storage
