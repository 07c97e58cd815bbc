#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/log_entry.h"
#include "query/query_service.h"
#include "query/service/column_merge.h"
#include "storage/series_source.h"

namespace tidegate::query {
namespace {

using model::Labels;
using model::RequestContext;
using storage::LabelQuery;
using storage::SelectedExemplars;
using storage::SelectedSeries;
using storage::Selection;
using storage::Sink;

// What the allocator and the index take for one item beside its content.
constexpr size_t kItemBytes = 128;

// About the memory of a decoded series that is kept.
int64_t BytesOf(const SelectedSeries& item) {
  return static_cast<int64_t>(sizeof(item) + kItemBytes + item.labels.bytes().size() +
                              item.columns.values.size() * 16 +
                              item.columns.histograms.size() * sizeof(model::HistogramSample));
}
int64_t BytesOf(const SelectedExemplars& item) {
  return static_cast<int64_t>(item.exemplars.size() * sizeof(model::Exemplar));
}

// Keeps what the ingester has, on the budget of whom it is for, in the order of its arrival: series
// that were scraped together stay together, which makes sorting them cheap.
template <typename Item>
class KeepingSink final : public Sink<Item> {
 public:
  explicit KeepingSink(Sink<Item>* out) : out_(out) {}

  absl::Status Add(Item item) override {
    if (absl::Status status = out_->Hold(BytesOf(item)); !status.ok()) return status;
    items_.push_back(std::move(item));
    return absl::OkStatus();
  }

  std::deque<Item>& items() { return items_; }

 private:
  Sink<Item>* const out_;
  std::deque<Item> items_;
};

// Passes on what arrives, merged with what is kept about the same series.
template <typename Item, typename MergeFn>
class MergingSink final : public Sink<Item> {
 public:
  MergingSink(std::deque<Item>* newer, MergeFn merge_fn, Sink<Item>* out)
      : newer_(*newer), merge_fn_(std::move(merge_fn)), out_(out) {}

  absl::Status Add(Item item) override {
    if (merged_.empty()) BuildIndex();
    const auto known = index_.find(item.labels.bytes());
    if (known != index_.end() && !merged_[known->second]) {
      merged_[known->second] = true;
      Item& newer = newer_[known->second];
      const int64_t held = BytesOf(newer);
      merge_fn_(newer, &item);
      // The labels stay, because the index looks at them.
      if (absl::Status status = out_->Hold(BytesOf(newer) - held); !status.ok()) return status;
    }
    return out_->Add(std::move(item));
  }

  // What nothing was merged with, in its order.
  absl::Status AddRest() {
    for (size_t i = 0; i < newer_.size(); ++i) {
      absl::Status status = out_->Hold(-BytesOf(newer_[i]));
      const bool merged = !merged_.empty() && merged_[i];
      if (status.ok() && !merged) status = out_->Add(std::move(newer_[i]));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  // Only for a store that has something: what is recent is often in the ingester alone.
  void BuildIndex() {
    merged_.resize(std::max<size_t>(newer_.size(), 1));
    index_.reserve(newer_.size());
    for (size_t i = 0; i < newer_.size(); ++i) index_.emplace(newer_[i].labels.bytes(), i);
  }

  std::deque<Item>& newer_;
  MergeFn merge_fn_;
  Sink<Item>* const out_;
  absl::flat_hash_map<std::string_view, size_t> index_;  // By the bytes of the labels.
  std::vector<bool> merged_;                             // By place; empty without an index.
};

// The ingester is asked first: what it seals into the store in the meantime is found twice, never
// not at all.
template <typename Item, typename SelectFn, typename MergeFn>
absl::Status SelectBoth(storage::SeriesSource* ingester, storage::SeriesSource* store,
                        const SelectFn& select_fn, MergeFn merge_fn, Sink<Item>& out) {
  KeepingSink<Item> newer(&out);
  absl::Status status = select_fn(ingester, newer);
  if (!status.ok()) return status;
  MergingSink<Item, MergeFn> merging(&newer.items(), std::move(merge_fn), &out);
  status = select_fn(store, merging);
  return status.ok() ? merging.AddRest() : status;
}

// Sorted, without duplicates, cut to the limit.
template <typename T>
std::vector<T> Union(std::vector<T> a, std::vector<T> b, size_t limit) {
  a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()));
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
  if (limit != 0 && a.size() > limit) a.erase(a.begin() + static_cast<ptrdiff_t>(limit), a.end());
  return a;
}

template <typename T, typename FindFn>
absl::StatusOr<std::vector<T>> FindBoth(storage::SeriesSource* ingester,
                                        storage::SeriesSource* store, size_t limit,
                                        const FindFn& find_fn) {
  absl::StatusOr<std::vector<T>> newer = find_fn(ingester);
  if (!newer.ok()) return newer.status();
  absl::StatusOr<std::vector<T>> older = find_fn(store);
  if (!older.ok()) return older.status();
  return Union(*std::move(newer), *std::move(older), limit);
}

class MergedSource final : public storage::SeriesSource {
 public:
  MergedSource(storage::SeriesSource* ingester, storage::SeriesSource* store)
      : ingester_(ingester), store_(store) {}

  absl::Status Select(const RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    ColumnMerger merger;
    return SelectBoth<SelectedSeries>(
        ingester_, store_,
        [&](storage::SeriesSource* source, Sink<SelectedSeries>& out) {
          return source->Select(context, selection, out);
        },
        [&](SelectedSeries& newer, SelectedSeries* older) {
          older->columns = merger.Merge(std::move(older->columns), std::move(newer.columns));
        },
        sink);
  }

  absl::Status SelectExemplars(const RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    return SelectBoth<SelectedExemplars>(
        ingester_, store_,
        [&](storage::SeriesSource* source, Sink<SelectedExemplars>& out) {
          return source->SelectExemplars(context, selection, out);
        },
        [](SelectedExemplars& newer, SelectedExemplars* older) {
          older->exemplars =
              MergeExemplars(std::move(older->exemplars), std::move(newer.exemplars));
        },
        sink);
  }

  absl::StatusOr<std::vector<Labels>> Series(const RequestContext& context,
                                             const LabelQuery& query) override {
    return FindBoth<Labels>(ingester_, store_, query.limit, [&](storage::SeriesSource* source) {
      return source->Series(context, query);
    });
  }

  absl::StatusOr<std::vector<std::string>> LabelNames(const RequestContext& context,
                                                      const LabelQuery& query) override {
    return FindBoth<std::string>(
        ingester_, store_, query.limit,
        [&](storage::SeriesSource* source) { return source->LabelNames(context, query); });
  }

  absl::StatusOr<std::vector<std::string>> LabelValues(const RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return FindBoth<std::string>(ingester_, store_, query.limit,
                                 [&](storage::SeriesSource* source) {
                                   return source->LabelValues(context, label_name, query);
                                 });
  }

 private:
  storage::SeriesSource* const ingester_;
  storage::SeriesSource* const store_;
};

}  // namespace

std::unique_ptr<storage::SeriesSource> MergeSources(storage::SeriesSource* ingester,
                                                    storage::SeriesSource* store) {
  return std::make_unique<MergedSource>(ingester, store);
}

}  // namespace tidegate::query
