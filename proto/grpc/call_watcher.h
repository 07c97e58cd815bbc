// Carries cancellation across a call: from a context that is cancelled here to the server, and from
// a client that has gone away to the context of the work here.
#ifndef TIDEGATE_PROTO_GRPC_CALL_WATCHER_H_
#define TIDEGATE_PROTO_GRPC_CALL_WATCHER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "model/request_context.h"

namespace tidegate::rpc {

// Looks at all registered calls every 20 ms, and sleeps while there are none: blocking calls offer
// no other way to hear of a cancellation. One instance serves a process. Thread safe.
class CallWatcher {
 public:
  // Unregisters when it goes out of scope, which must be before the call object does.
  class Registration {
   public:
    Registration(CallWatcher* watcher, uint64_t id) : watcher_(watcher), id_(id) {}
    ~Registration() { watcher_->Remove(id_); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    CallWatcher* watcher_;
    uint64_t id_;
  };

  CallWatcher();
  ~CallWatcher();

  // Cancels `call` when `context` is cancelled.
  [[nodiscard]] Registration WatchOutgoing(const model::RequestContext& context,
                                           grpc::ClientContext* call);
  // Cancels `context` when the client of `call` cancels or disappears.
  [[nodiscard]] Registration WatchIncoming(const model::RequestContext& context,
                                           grpc::ServerContext* call);

 private:
  uint64_t Add(std::function<void()> look);
  void Remove(uint64_t id);
  void Run();

  absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, std::function<void()>> calls_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_id_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_CALL_WATCHER_H_
