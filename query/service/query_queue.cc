#include "query/service/query_queue.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::query {
namespace {

// How often a waiting query looks whether somebody still waits for it.
constexpr absl::Duration kLookInterval = absl::Milliseconds(50);

void Add(prometheus::Gauge* gauge, double change) {
  if (gauge != nullptr) gauge->Increment(change);
}

}  // namespace

QueryQueue::Turn::Turn(Turn&& other) noexcept
    : queue_(std::exchange(other.queue_, nullptr)), tenant_(std::move(other.tenant_)) {}

QueryQueue::Turn::~Turn() {
  if (queue_ != nullptr) queue_->Return(tenant_);
}

// Whether a free place belongs to this line: no other line that could take it has waited longer.
bool QueryQueue::IsNext(const Line& line) const {
  if (max_running_ == 0) return true;
  if (running_ >= max_running_) return line.running == 0 && running_ / 2 < max_running_;
  return std::none_of(lines_.begin(), lines_.end(), [&](const auto& other) {
    return !other.second.waiting.empty() && MayGrow(other.second) &&
           other.second.last_turn < line.last_turn;
  });
}

absl::StatusOr<QueryQueue::Turn> QueryQueue::Wait(const model::RequestContext& context,
                                                  const QueueLimits& limits) {
  absl::MutexLock lock(&mutex_);
  Line& line = lines_[context.tenant];  // Stays in place while a query runs or waits in it.
  line.max_running = limits.max_running;
  if (limits.max_waiting != 0 && line.waiting.size() >= limits.max_waiting) {
    return absl::UnavailableError("too many outstanding requests");
  }
  const auto me = line.waiting.insert(line.waiting.end(), Waiter());
  Add(gauges_.waiting, 1);
  const auto my_turn = [&] {
    mutex_.AssertReaderHeld();
    return me == line.waiting.begin() && MayGrow(line) && IsNext(line);
  };
  absl::Status status = context.Check();
  while (status.ok() && !my_turn()) {
    mutex_.AwaitWithDeadline(absl::Condition(&my_turn),
                             std::min(context.deadline, absl::Now() + kLookInterval));
    status = context.Check();
  }
  line.waiting.erase(me);
  Add(gauges_.waiting, -1);
  if (status.ok()) {
    ++line.running;
    ++running_;
    Add(gauges_.running, 1);
    line.last_turn = ++turns_;
    return Turn(this, context.tenant);
  }
  if (line.running == 0 && line.waiting.empty()) lines_.erase(context.tenant);
  return status;
}

void QueryQueue::Return(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  --running_;
  Add(gauges_.running, -1);
  const auto line = lines_.find(tenant);
  if (--line->second.running == 0 && line->second.waiting.empty()) lines_.erase(line);
}

}  // namespace tidegate::query
