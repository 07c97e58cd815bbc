// A SeriesSource that answers what a test puts in, and fails or hangs where it is told to.
#ifndef TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_SERIES_SOURCE_H_
#define TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_SERIES_SOURCE_H_

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/series_source.h"

namespace tidegate::contract {

// `count` items, made one by one when they are asked for: more of them than fit into memory.
template <typename Item>
struct Supply {
  size_t count = 0;
  std::function<Item(size_t index)> make;
};

// What it was asked last.
struct Asked {
  model::RequestContext context;
  storage::Selection selection;
  storage::LabelQuery query;
  std::string label_name;
};

// Honours deadline and cancellation; does not look at matchers and ranges (Asked tells that they
// arrived). Thread safe once it is in use: fill it before.
class FakeSeriesSource final : public storage::SeriesSource {
 public:
  Supply<storage::SelectedSeries> series;
  Supply<storage::SelectedExemplars> exemplars;
  std::vector<model::Labels> label_sets;
  std::vector<std::string> strings;

  // Every call ends with `error` after this many items.
  void FailAfter(size_t items, absl::Status error);
  // Every call waits after this many items until its context ends.
  void HangAfter(size_t items);

  Asked asked() const;
  // Items that the sinks have taken so far.
  size_t handed_out() const;
  // Waits until a call has ended and returns what it returned; DeadlineExceeded after a while.
  absl::Status AwaitEnd();
  // Waits until a call hangs.
  bool AwaitHang();

  absl::Status Select(const model::RequestContext& context, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override;
  absl::Status SelectExemplars(const model::RequestContext& context,
                               const storage::Selection& selection,
                               storage::Sink<storage::SelectedExemplars>& sink) override;
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const storage::LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const storage::LabelQuery& query) override;
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const storage::LabelQuery& query) override;

 private:
  template <typename Item>
  absl::Status HandOut(const model::RequestContext& context, const storage::Selection& selection,
                       const Supply<Item>& supply, storage::Sink<Item>& sink);
  // Notes what was asked; then the error or the wait that comes before the first item.
  absl::Status Answer(Asked asked);
  absl::Status Fault(const model::RequestContext& context, size_t items);
  absl::Status End(absl::Status status);

  static constexpr size_t kNever = std::numeric_limits<size_t>::max();

  mutable absl::Mutex mutex_;
  size_t fail_after_ ABSL_GUARDED_BY(mutex_) = kNever;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  size_t hang_after_ ABSL_GUARDED_BY(mutex_) = kNever;
  int hanging_ ABSL_GUARDED_BY(mutex_) = 0;
  Asked asked_ ABSL_GUARDED_BY(mutex_);
  size_t handed_out_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_SERIES_SOURCE_H_
