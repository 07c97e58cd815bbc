// Serves Ruler over gRPC.
#ifndef TIDEGATE_CONTROL_GRPC_RULER_SERVICE_H_
#define TIDEGATE_CONTROL_GRPC_RULER_SERVICE_H_

#include <grpcpp/server_context.h>

#include "control/ruler.h"
#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/ruler.grpc.pb.h"

namespace tidegate::control {

// An adapter. Ruler and watcher must outlive it. Thread safe.
class RulerService final : public v1::Ruler::Service {
 public:
  RulerService(Ruler* ruler, rpc::CallWatcher* watcher) : ruler_(ruler), watcher_(watcher) {}

  grpc::Status Groups(grpc::ServerContext* call, const v1::RuleGroupsRequest* request,
                      grpc::ServerWriter<v1::RuleGroupsResponse>* writer) override;
  grpc::Status Alertmanagers(grpc::ServerContext* call, const v1::AlertmanagersRequest* request,
                             grpc::ServerWriter<v1::AlertmanagersResponse>* writer) override;

 private:
  Ruler* const ruler_;
  rpc::CallWatcher* const watcher_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_GRPC_RULER_SERVICE_H_
