// The rules of control processes elsewhere.
#ifndef TIDEGATE_CONTROL_GRPC_RULER_CLIENT_H_
#define TIDEGATE_CONTROL_GRPC_RULER_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <vector>

#include "control/ruler.h"
#include "proto/grpc/call_watcher.h"

namespace tidegate::control {

// Asks one after the other until one of them knows: the others stand by. Unavailable when none
// does. The watcher must outlive the client.
std::unique_ptr<Ruler> ConnectRuler(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                    rpc::CallWatcher* watcher);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_GRPC_RULER_CLIENT_H_
