#include "query/service/query_queue.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::query {
namespace {

// How often a waiting query looks whether somebody still waits for it.
constexpr absl::Duration kLookInterval = absl::Milliseconds(50);

}  // namespace

QueryQueue::Turn::Turn(Turn&& other) noexcept
    : queue_(std::exchange(other.queue_, nullptr)), tenant_(std::move(other.tenant_)) {}

QueryQueue::Turn::~Turn() {
  if (queue_ != nullptr) queue_->Return(tenant_);
}

absl::StatusOr<QueryQueue::Turn> QueryQueue::Wait(const model::RequestContext& context,
                                                  uint32_t limit) {
  absl::MutexLock lock(&mutex_);
  Line& line = lines_[context.tenant];  // Stays in place while a query runs or waits in it.
  const auto me = line.waiting.insert(line.waiting.end(), Waiter());
  const auto my_turn = [&] {
    return me == line.waiting.begin() && (limit == 0 || line.running < limit);
  };
  absl::Status status = context.Check();
  while (status.ok() && !my_turn()) {
    mutex_.AwaitWithDeadline(absl::Condition(&my_turn),
                             std::min(context.deadline, absl::Now() + kLookInterval));
    status = context.Check();
  }
  line.waiting.erase(me);
  if (status.ok()) {
    ++line.running;
    return Turn(this, context.tenant);
  }
  if (line.running == 0 && line.waiting.empty()) lines_.erase(context.tenant);
  return status;
}

void QueryQueue::Return(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  const auto line = lines_.find(tenant);
  if (--line->second.running == 0 && line->second.waiting.empty()) lines_.erase(line);
}

}  // namespace tidegate::query
