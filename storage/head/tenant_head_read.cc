// The reading half of TenantHead. Locks are held for a batch of series at a time, to find and to
// copy; decoding and delivering happen without them.
#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "model/series_id.h"
#include "storage/head/log_time.h"
#include "storage/head/matcher_plan.h"
#include "storage/head/series_snapshot.h"
#include "storage/head/tenant_head.h"
#include "storage/head/time_column_cache.h"
#include "storage/logs/line_filter.h"
#include "storage/logs/stream_batches.h"
#include "storage/logs/volume_set.h"

namespace tidegate::storage::head {
namespace {

// Series per lock.
constexpr size_t kReadBatch = 256;

// Adds the items of `from` that `in_range` accepts behind those of the same time in `to`.
template <typename Item, typename InRange>
void MergeByTime(const std::vector<Item>& from, const InRange& in_range, std::vector<Item>* to) {
  const auto middle = static_cast<std::ptrdiff_t>(to->size());
  std::ranges::copy_if(from, std::back_inserter(*to), in_range);
  std::ranges::inplace_merge(*to, to->begin() + middle, {}, &Item::timestamp);
}

// The union of several selections over one index; no selection = every series. Steps as
// MatcherPlan.
class UnionPlan {
 public:
  explicit UnionPlan(const std::vector<std::vector<model::CompiledMatcher>>& selections) {
    for (const auto& matchers : selections) plans_.emplace_back(matchers);
    if (plans_.empty()) plans_.emplace_back(std::span<const model::CompiledMatcher>());
  }
  explicit UnionPlan(std::span<const model::CompiledMatcher> matchers) {
    plans_.emplace_back(matchers);
  }

  void Collect(const HeadIndex& index) {
    for (MatcherPlan& plan : plans_) plan.Collect(index);
  }
  void Match() {
    for (MatcherPlan& plan : plans_) plan.Match();
  }
  std::vector<SeriesRef> Find(const HeadIndex& index) const {
    std::vector<SeriesRef> refs = plans_.front().Find(index);
    for (size_t i = 1; i < plans_.size(); ++i) {
      std::vector<SeriesRef> both;
      std::ranges::set_union(refs, plans_[i].Find(index), std::back_inserter(both));
      refs = std::move(both);
    }
    return refs;
  }

 private:
  std::vector<MatcherPlan> plans_;
};

// The same question to the open and the frozen index.
struct TwoPlans {
  UnionPlan open;
  UnionPlan frozen;
};

std::vector<std::string> SortedUnique(std::vector<std::string_view> texts, size_t limit) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  if (limit != 0 && texts.size() > limit) texts.resize(limit);
  return std::vector<std::string>(texts.begin(), texts.end());
}

}  // namespace

// One series: its numbers in the open and in the frozen index.
struct TenantHead::FoundSeries {
  SeriesRef open = kNoSeries;
  SeriesRef frozen = kNoSeries;
};

// What a selection found, and the indexes that its numbers belong to.
struct TenantHead::Found {
  std::shared_ptr<const HeadIndex> index;
  std::shared_ptr<const FrozenData> frozen;
  std::vector<FoundSeries> series;
};

// Series of one index that have metric samples in a range.
struct TenantHead::MetricSeries {
  std::shared_ptr<const HeadIndex> index;
  std::shared_ptr<const FrozenData> hold;
  std::vector<SeriesRef> refs;
};

// Runs find() under the lock, when both plans are ready for the indexes that are in use then.
template <typename Plans, typename Find>
void TenantHead::FindWithPlans(Plans plans, const Find& find) const {
  std::shared_ptr<const HeadIndex> index;
  std::shared_ptr<const FrozenData> frozen;
  const auto collect = [&] {  // With the lock held.
    index = index_;
    frozen = frozen_;
    plans.open.Collect(*index);
    if (frozen != nullptr && frozen->index != index) plans.frozen.Collect(*frozen->index);
  };
  {
    absl::ReaderMutexLock lock(&data_mutex_);
    collect();
  }
  plans.open.Match();
  plans.frozen.Match();

  absl::ReaderMutexLock lock(&data_mutex_);
  if (index != index_ || frozen != frozen_) {  // A cut came between. Rare enough to match here.
    collect();
    plans.open.Match();
    plans.frozen.Match();
  }
  find(plans);
}

TenantHead::Found TenantHead::Locate(const Selection& selection) const {
  Found found;
  const TwoPlans plans{UnionPlan(selection.matchers), UnionPlan(selection.matchers)};
  FindWithPlans(plans, [&](const TwoPlans& ready) {
    found.index = index_;
    found.frozen = frozen_;
    for (SeriesRef ref : ready.open.Find(*index_)) {
      found.series.push_back({.open = ref, .frozen = FrozenRef(ref)});
    }
    if (frozen_ == nullptr || frozen_->index == index_) return;
    for (SeriesRef ref : ready.frozen.Find(*frozen_->index)) {
      if (index_->Find(frozen_->index->id(ref)) == kNoSeries) {
        found.series.push_back({.open = kNoSeries, .frozen = ref});
      }
    }
  });
  return found;
}

// Brings numbers up to date after a cut or a release since `found`.
void TenantHead::RelocateLocked(const Found& found, FoundSeries* series) const {
  const model::SeriesId id = series->open != kNoSeries ? found.index->id(series->open)
                                                       : found.frozen->index->id(series->frozen);
  series->open = index_->Find(id);
  series->frozen = frozen_ == nullptr ? kNoSeries : frozen_->index->Find(id);
}

// For each batch of series: copy(series, labels) of each one under the lock, then deliver().
template <typename Copy, typename Deliver>
absl::Status TenantHead::ReadInBatches(const model::RequestContext& context,
                                       const Selection& selection, const Copy& copy,
                                       const Deliver& deliver) const {
  if (absl::Status status = context.Check(); !status.ok()) return status;
  if (selection.range.empty()) return absl::OkStatus();
  Found found = Locate(selection);
  for (size_t begin = 0; begin < found.series.size(); begin += kReadBatch) {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    const size_t end = std::min(begin + kReadBatch, found.series.size());
    {
      absl::ReaderMutexLock lock(&data_mutex_);
      const bool moved = index_ != found.index || frozen_ != found.frozen;
      for (size_t i = begin; i < end; ++i) {
        FoundSeries series = found.series[i];
        if (moved) RelocateLocked(found, &series);
        copy(series, [&] {
          return series.open != kNoSeries ? index_->LabelsOf(series.open)
                                          : frozen_->index->LabelsOf(series.frozen);
        });
      }
    }
    if (absl::Status status = deliver(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TenantHead::Select(const model::RequestContext& context, const Selection& selection,
                                Sink<SelectedSeries>& sink) const {
  const model::TimeRange& range = selection.range;
  SeriesSnapshot snapshot;
  TimeColumnCache times;
  std::vector<model::Labels> labels;
  const auto copy = [&](const FoundSeries& series, const auto& labels_of) {
    const bool in_frozen =
        series.frozen != kNoSeries && frozen_->data.HasMetrics(series.frozen, range);
    const bool in_open = series.open != kNoSeries && open_.HasMetrics(series.open, range);
    if (!in_frozen && !in_open) return;
    labels.push_back(labels_of());
    snapshot.BeginSeries();
    if (in_frozen) snapshot.Copy(frozen_->data, series.frozen, range);
    if (in_open) snapshot.Copy(open_, series.open, range);
  };
  const auto deliver = [&] {
    for (size_t i = 0; i < labels.size(); ++i) {
      absl::StatusOr<SeriesColumns> columns = snapshot.Decode(i, range, &times);
      if (!columns.ok()) return columns.status();
      if (columns->timestamps == nullptr) continue;
      absl::Status status = sink.Add({std::move(labels[i]), *std::move(columns)});
      if (!status.ok()) return status;
    }
    labels.clear();
    snapshot.Clear();
    return absl::OkStatus();
  };
  return ReadInBatches(context, selection, copy, deliver);
}

absl::Status TenantHead::SelectExemplars(const model::RequestContext& context,
                                         const Selection& selection,
                                         Sink<SelectedExemplars>& sink) const {
  const auto in_range = [&](const model::Exemplar& exemplar) {
    return selection.range.Contains(exemplar.timestamp);
  };
  std::vector<SelectedExemplars> found;
  const auto copy = [&](const FoundSeries& series, const auto& labels_of) {
    const SeriesSide* frozen =
        series.frozen == kNoSeries ? nullptr : frozen_->data.side(series.frozen);
    const SeriesSide* open = series.open == kNoSeries ? nullptr : open_.side(series.open);
    std::vector<model::Exemplar> exemplars;
    if (frozen != nullptr) MergeByTime(frozen->exemplars, in_range, &exemplars);
    if (open != nullptr) MergeByTime(open->exemplars, in_range, &exemplars);
    if (!exemplars.empty()) found.push_back({labels_of(), std::move(exemplars)});
  };
  const auto deliver = [&] {
    for (SelectedExemplars& item : found) {
      if (absl::Status status = sink.Add(std::move(item)); !status.ok()) return status;
    }
    found.clear();
    return absl::OkStatus();
  };
  return ReadInBatches(context, selection, copy, deliver);
}

// The entries of one stream, and what keeps their bytes.
struct TenantHead::FoundStream {
  model::Labels labels;
  EntryList entries;
  std::array<std::shared_ptr<const void>, 2> memory;
};

// Calls stream_fn for each stream with entries in the range, without a lock: only where the entries
// lie is copied under it.
template <typename StreamFn>
absl::Status TenantHead::ReadStreams(const model::RequestContext& context,
                                     const Selection& selection, const StreamFn& stream_fn) const {
  std::vector<FoundStream> found;
  const auto copy = [&](const FoundSeries& series, const auto& labels_of) {
    const SeriesSide* frozen =
        series.frozen == kNoSeries ? nullptr : frozen_->data.side(series.frozen);
    const SeriesSide* open = series.open == kNoSeries ? nullptr : open_.side(series.open);
    FoundStream stream;
    if (frozen != nullptr) {
      stream.entries.Append(frozen->entries, selection.range);
      stream.memory[0] = frozen_->data.text_memory();
    }
    if (open != nullptr) {
      stream.entries.Append(open->entries, selection.range);
      stream.memory[1] = open_.text_memory();
    }
    if (stream.entries.entries().empty()) return;
    stream.labels = labels_of();
    found.push_back(std::move(stream));
  };
  const auto deliver = [&] {
    for (FoundStream& stream : found) {
      stream.entries.Settle();  // What came again after the cut is there twice.
      if (absl::Status status = stream_fn(std::move(stream)); !status.ok()) return status;
    }
    found.clear();
    return absl::OkStatus();
  };
  return ReadInBatches(context, selection, copy, deliver);
}

absl::Status TenantHead::SelectLogs(const model::RequestContext& context,
                                    const LogSelection& selection, Sink<LogBatch>& sink) const {
  absl::StatusOr<LineFilter> filter = LineFilter::Compile(selection.tests);
  if (!filter.ok()) return filter.status();
  std::vector<model::LogEntryView> views;
  return ReadStreams(
      context, {selection.matchers, MillisecondsOf(selection.range)}, [&](FoundStream stream) {
        views.clear();
        for (const EntryList::Entry& entry : stream.entries.entries())
          views.push_back(entry.view());
        auto memory = std::make_shared<decltype(stream.memory)>(std::move(stream.memory));
        return AddStreamBatches(std::move(stream.labels), views, std::move(memory), selection,
                                *filter, sink);
      });
}

absl::StatusOr<std::vector<StreamVolume>> TenantHead::StreamVolumes(
    const model::RequestContext& context, const StreamQuery& query) const {
  VolumeSet volumes(query.limit);
  const auto add = [&](const FoundStream& stream) {
    StreamVolume volume;
    for (const EntryList::Entry& entry : stream.entries.entries()) {
      if (entry.timestamp < query.range.begin || entry.timestamp >= query.range.end) continue;
      ++volume.entries;
      volume.bytes += entry.line_bytes;
    }
    volume.chunks = volume.entries > 0 ? 1 : 0;
    volumes.Add(stream.labels, volume);
    return absl::OkStatus();
  };
  for (const auto& matchers : SelectionsOf(query)) {
    volumes.StartSelection();
    absl::Status status = ReadStreams(context, {matchers, MillisecondsOf(query.range)}, add);
    if (!status.ok()) return status;
  }
  return volumes.Take();
}

// Of each index that is in use: one, or two while a cut that renumbered the series is not released.
std::vector<TenantHead::MetricSeries> TenantHead::FindMetricSeries(const LabelQuery& query) const {
  std::vector<MetricSeries> found;
  if (query.range.empty()) return found;
  const TwoPlans plans{UnionPlan(query.selections), UnionPlan(query.selections)};
  FindWithPlans(plans, [&](const TwoPlans& ready) {
    const bool one_index = frozen_ == nullptr || frozen_->index == index_;
    MetricSeries open{.index = index_, .hold = {}, .refs = {}};
    for (SeriesRef ref : ready.open.Find(*index_)) {
      if (open_.HasMetrics(ref, query.range) ||
          (frozen_ != nullptr && one_index && frozen_->data.HasMetrics(ref, query.range))) {
        open.refs.push_back(ref);
      }
    }
    found.push_back(std::move(open));
    if (one_index) return;
    MetricSeries frozen{.index = frozen_->index, .hold = frozen_, .refs = {}};
    for (SeriesRef ref : ready.frozen.Find(*frozen_->index)) {
      if (frozen_->data.HasMetrics(ref, query.range)) frozen.refs.push_back(ref);
    }
    found.push_back(std::move(frozen));
  });
  return found;
}

absl::StatusOr<std::vector<model::Labels>> TenantHead::Series(const model::RequestContext& context,
                                                              const LabelQuery& query) const {
  if (absl::Status status = context.Check(); !status.ok()) return status;
  std::vector<model::Labels> labels;
  absl::flat_hash_set<model::SeriesId> seen;
  for (const MetricSeries& found : FindMetricSeries(query)) {
    for (size_t begin = 0; begin < found.refs.size(); begin += kReadBatch) {
      if (absl::Status status = context.Check(); !status.ok()) return status;
      absl::ReaderMutexLock lock(&data_mutex_);
      const size_t end = std::min(begin + kReadBatch, found.refs.size());
      for (size_t i = begin; i < end; ++i) {
        if (query.limit != 0 && labels.size() == query.limit) return labels;
        if (!seen.insert(found.index->id(found.refs[i])).second) continue;
        labels.push_back(found.index->LabelsOf(found.refs[i]));
      }
    }
  }
  return labels;
}

absl::StatusOr<std::vector<std::string>> TenantHead::LabelNames(
    const model::RequestContext& context, const LabelQuery& query) const {
  if (absl::Status status = context.Check(); !status.ok()) return status;
  std::vector<std::string_view> names;  // Views into the indexes that `all` holds.
  const std::vector<MetricSeries> all = FindMetricSeries(query);
  for (const MetricSeries& found : all) {
    absl::ReaderMutexLock lock(&data_mutex_);
    const LabelDictionary& dictionary = found.index->dictionary();
    std::vector<bool> used(dictionary.size());
    for (SeriesRef ref : found.refs) {
      for (PairId pair : found.index->pairs(ref)) used[pair] = true;
    }
    for (const LabelDictionary::Name& name : dictionary.names()) {
      const bool any = std::ranges::any_of(name.pairs, [&](PairId pair) { return used[pair]; });
      if (any) names.push_back(name.text);
    }
  }
  return SortedUnique(std::move(names), query.limit);
}

absl::StatusOr<std::vector<std::string>> TenantHead::LabelValues(
    const model::RequestContext& context, const std::string& label_name,
    const LabelQuery& query) const {
  if (absl::Status status = context.Check(); !status.ok()) return status;
  std::vector<std::string_view> values;  // Views into the indexes that `all` holds.
  const std::vector<MetricSeries> all = FindMetricSeries(query);
  for (const MetricSeries& found : all) {
    absl::ReaderMutexLock lock(&data_mutex_);
    const LabelDictionary& dictionary = found.index->dictionary();
    const LabelDictionary::Name* name = dictionary.FindName(label_name);
    if (name == nullptr) continue;
    std::vector<bool> has_metrics(found.refs.empty() ? 0 : found.refs.back() + size_t{1});
    for (SeriesRef ref : found.refs) has_metrics[ref] = true;
    for (PairId pair : name->pairs) {
      const bool none = dictionary.postings(pair).ForEachRun([&](SeriesRef begin, SeriesRef end) {
        for (size_t ref = begin; ref < std::min<size_t>(end, has_metrics.size()); ++ref) {
          if (has_metrics[ref]) return false;
        }
        return true;
      });
      if (!none) values.push_back(dictionary.label(pair).value);
    }
  }
  return SortedUnique(std::move(values), query.limit);
}

}  // namespace tidegate::storage::head
