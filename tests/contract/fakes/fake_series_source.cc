#include "tests/contract/fakes/fake_series_source.h"

#include <utility>

#include "tests/contract/fakes/hang.h"

namespace tidegate::contract {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

}  // namespace

void FakeSeriesSource::FailAfter(size_t items, absl::Status error) {
  absl::MutexLock lock(&mutex_);
  fail_after_ = items;
  error_ = std::move(error);
}

void FakeSeriesSource::HangAfter(size_t items) {
  absl::MutexLock lock(&mutex_);
  hang_after_ = items;
}

Asked FakeSeriesSource::asked() const {
  absl::MutexLock lock(&mutex_);
  return asked_;
}

size_t FakeSeriesSource::handed_out() const {
  absl::MutexLock lock(&mutex_);
  return handed_out_;
}

absl::Status FakeSeriesSource::AwaitEnd() {
  absl::MutexLock lock(&mutex_);
  if (mutex_.AwaitWithTimeout(absl::Condition(&ended_), kPatience)) return end_;
  return absl::DeadlineExceededError("no call has ended");
}

bool FakeSeriesSource::AwaitHang() {
  absl::MutexLock lock(&mutex_);
  const auto hangs = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return hanging_ > 0; };
  return mutex_.AwaitWithTimeout(absl::Condition(&hangs), kPatience);
}

absl::Status FakeSeriesSource::Fault(const model::RequestContext& context, size_t items) {
  bool hang = false;
  {
    absl::MutexLock lock(&mutex_);
    if (items == fail_after_) return error_;
    hang = items == hang_after_;
    hanging_ += hang ? 1 : 0;
  }
  return hang ? HangUntilEnd(context) : context.Check();
}

absl::Status FakeSeriesSource::End(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  end_ = status;
  return status;
}

template <typename Item>
absl::Status FakeSeriesSource::HandOut(const model::RequestContext& context,
                                       const storage::Selection& selection,
                                       const Supply<Item>& supply, storage::Sink<Item>& sink) {
  absl::Status status = Answer({context, selection, {}, {}});
  for (size_t i = 0; status.ok() && i < supply.count; ++i) {
    status = sink.Add(supply.make(i));
    if (!status.ok()) break;
    {
      absl::MutexLock lock(&mutex_);
      ++handed_out_;
    }
    status = Fault(context, i + 1);
  }
  return End(status);
}

absl::Status FakeSeriesSource::Answer(Asked asked) {
  const model::RequestContext context = asked.context;
  {
    absl::MutexLock lock(&mutex_);
    asked_ = std::move(asked);
  }
  return Fault(context, 0);
}

absl::Status FakeSeriesSource::Select(const model::RequestContext& context,
                                      const storage::Selection& selection,
                                      storage::Sink<storage::SelectedSeries>& sink) {
  return HandOut(context, selection, series, sink);
}

absl::Status FakeSeriesSource::SelectExemplars(const model::RequestContext& context,
                                               const storage::Selection& selection,
                                               storage::Sink<storage::SelectedExemplars>& sink) {
  return HandOut(context, selection, exemplars, sink);
}

absl::StatusOr<std::vector<model::Labels>> FakeSeriesSource::Series(
    const model::RequestContext& context, const storage::LabelQuery& query) {
  absl::Status status = End(Answer({context, {}, query, {}}));
  if (!status.ok()) return status;
  return label_sets;
}

absl::StatusOr<std::vector<std::string>> FakeSeriesSource::LabelNames(
    const model::RequestContext& context, const storage::LabelQuery& query) {
  absl::Status status = End(Answer({context, {}, query, {}}));
  if (!status.ok()) return status;
  return strings;
}

absl::StatusOr<std::vector<std::string>> FakeSeriesSource::LabelValues(
    const model::RequestContext& context, const std::string& label_name,
    const storage::LabelQuery& query) {
  absl::Status status = End(Answer({context, {}, query, label_name}));
  if (!status.ok()) return status;
  return strings;
}

}  // namespace tidegate::contract
