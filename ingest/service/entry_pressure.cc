#include "ingest/service/entry_pressure.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

// How long a waiting push takes to notice that its sender has gone away.
constexpr absl::Duration kCancellationPoll = absl::Milliseconds(100);

}  // namespace

EntryPressure::EntryPressure(const storage::Head* head, const EntryPressureOptions& options,
                             std::function<void()> on_cut_due, IngestMetrics* metrics)
    : head_(head), options_(options), on_cut_due_(std::move(on_cut_due)), metrics_(metrics) {}

absl::Status EntryPressure::Admit(const model::RequestContext& context) {
  if (options_.max_bytes == 0 || HasRoom()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  if (waiting_ >= options_.max_waiting) return Refuse();
  metrics_->waited_log_pushes.Increment();
  ++waiting_;
  const absl::Status status = Wait(context);
  --waiting_;
  return status;
}

absl::Status EntryPressure::Wait(const model::RequestContext& context) {
  const absl::Time deadline = absl::Now() + options_.max_wait;
  while (!HasRoom()) {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    const absl::Time now = absl::Now();
    if (now >= deadline) return Refuse();
    mutex_.AwaitWithDeadline(absl::Condition(this, &EntryPressure::HasRoom),
                             std::min({now + kCancellationPoll, deadline, context.deadline}));
  }
  return absl::OkStatus();
}

absl::Status EntryPressure::Refuse() {
  metrics_->refused_log_pushes.Increment();
  return absl::ResourceExhaustedError(
      fmt::format("log entries come faster than they are sealed: {} bytes wait in memory, at most "
                  "{} may; send the push again later",
                  head_->EntryBytes(), options_.max_bytes));
}

void EntryPressure::NoteAppended() {
  if (options_.cut_bytes == 0 || !taken_ || head_->EntryBytes() <= options_.cut_bytes) return;
  on_cut_due_();
}

void EntryPressure::NoteCut(bool taken) {
  taken_ = taken;
  absl::MutexLock lock(&mutex_);  // Those who wait look again.
}

}  // namespace tidegate::ingest
