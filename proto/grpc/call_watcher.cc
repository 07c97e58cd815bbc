#include "proto/grpc/call_watcher.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::rpc {
namespace {

// A query must stop within 100 ms of its client's hang-up, over two calls in a row.
constexpr absl::Duration kInterval = absl::Milliseconds(20);

}  // namespace

CallWatcher::CallWatcher() : thread_([this] { Run(); }) {}

CallWatcher::~CallWatcher() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

CallWatcher::Registration CallWatcher::WatchOutgoing(const model::RequestContext& context,
                                                     grpc::ClientContext* call) {
  return {this, Add([context, call] {
            if (context.IsCancelled()) call->TryCancel();
          })};
}

CallWatcher::Registration CallWatcher::WatchIncoming(const model::RequestContext& context,
                                                     grpc::ServerContext* call) {
  return {this, Add([context, call] {
            if (call->IsCancelled()) context.Cancel();
          })};
}

uint64_t CallWatcher::Add(std::function<void()> look) {
  absl::MutexLock lock(&mutex_);
  calls_.emplace(++next_id_, std::move(look));
  return next_id_;
}

void CallWatcher::Remove(uint64_t id) {
  absl::MutexLock lock(&mutex_);
  calls_.erase(id);
}

void CallWatcher::Run() {
  absl::MutexLock lock(&mutex_);
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !calls_.empty();
  };
  const auto stop = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_; };
  while (true) {
    mutex_.Await(absl::Condition(&has_work));
    if (stopping_) return;
    for (const auto& [id, look] : calls_) look();
    mutex_.AwaitWithTimeout(absl::Condition(&stop), kInterval);
  }
}

}  // namespace tidegate::rpc
