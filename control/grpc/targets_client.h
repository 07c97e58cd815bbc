// The targets of control processes elsewhere.
#ifndef TIDEGATE_CONTROL_GRPC_TARGETS_CLIENT_H_
#define TIDEGATE_CONTROL_GRPC_TARGETS_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <vector>

#include "control/targets.h"
#include "proto/grpc/call_watcher.h"

namespace tidegate::control {

// Asks one after the other until one of them knows: the others stand by. Unavailable when none
// does. The watcher must outlive the client.
std::unique_ptr<Targets> ConnectTargets(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                        rpc::CallWatcher* watcher);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_GRPC_TARGETS_CLIENT_H_
