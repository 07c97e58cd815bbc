// Serves Targets over gRPC.
#ifndef TIDEGATE_CONTROL_GRPC_TARGETS_SERVICE_H_
#define TIDEGATE_CONTROL_GRPC_TARGETS_SERVICE_H_

#include <grpcpp/server_context.h>

#include "control/targets.h"
#include "proto/grpc/call_watcher.h"
#include "proto/tidegate/targets.grpc.pb.h"

namespace tidegate::control {

// An adapter. Targets and watcher must outlive it. Thread safe.
class TargetsService final : public v1::Targets::Service {
 public:
  TargetsService(Targets* targets, rpc::CallWatcher* watcher)
      : targets_(targets), watcher_(watcher) {}

  grpc::Status List(grpc::ServerContext* call, const v1::ListTargetsRequest* request,
                    grpc::ServerWriter<v1::ListTargetsResponse>* writer) override;
  grpc::Status Metadata(grpc::ServerContext* call, const v1::TargetMetadataRequest* request,
                        grpc::ServerWriter<v1::TargetMetadataResponse>* writer) override;
  grpc::Status RelabelSteps(grpc::ServerContext* call, const v1::RelabelStepsRequest* request,
                            grpc::ServerWriter<v1::RelabelStepsResponse>* writer) override;

 private:
  Targets* const targets_;
  rpc::CallWatcher* const watcher_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_GRPC_TARGETS_SERVICE_H_
