// The control processes that may be the active one, asked over one gRPC service.
#ifndef TIDEGATE_CONTROL_GRPC_CONTROL_PEERS_H_
#define TIDEGATE_CONTROL_GRPC_CONTROL_PEERS_H_

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "model/request_context.h"
#include "proto/grpc/call_watcher.h"
#include "proto/grpc/outgoing_call.h"

namespace tidegate::control {

// `Service` is a generated class such as v1::Targets. Thread safe; the watcher must outlive it.
template <typename Service>
class ControlPeers {
 public:
  using Stub = typename Service::Stub;

  template <typename Channels>
  ControlPeers(const Channels& channels, rpc::CallWatcher* watcher) : watcher_(watcher) {
    for (const auto& channel : channels) stubs_.push_back(Service::NewStub(channel));
  }

  // Calls ask(Stub&, rpc::OutgoingCall*, Answer*) for one process after the other, each for five
  // seconds at most. One that has nothing to do answers with nothing; one that stands by says
  // Unavailable. The first that answers is right; if none does, what the last one said.
  template <typename Answer, typename Ask>
  absl::StatusOr<Answer> AskActive(const model::RequestContext& context, const Ask& ask) {
    absl::Status last = absl::UnavailableError("no control process is known");
    for (const auto& stub : stubs_) {
      model::RequestContext bounded = context;
      bounded.deadline = std::min(context.deadline, absl::Now() + absl::Seconds(5));
      rpc::OutgoingCall call("control", bounded, watcher_);
      Answer answer;
      last = ask(*stub, &call, &answer);
      if (last.ok()) return answer;
      if (!absl::IsUnavailable(last) && !absl::IsDeadlineExceeded(last)) return last;
    }
    return last;
  }

 private:
  std::vector<std::unique_ptr<Stub>> stubs_;
  rpc::CallWatcher* const watcher_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_GRPC_CONTROL_PEERS_H_
