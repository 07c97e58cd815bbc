// Reaches a querier's log query service over gRPC.
#ifndef TIDEGATE_QUERY_GRPC_LOG_QUERY_CLIENT_H_
#define TIDEGATE_QUERY_GRPC_LOG_QUERY_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>

#include "proto/grpc/call_watcher.h"
#include "query/log_query_service.h"

namespace tidegate::query {

// The watcher must outlive it.
std::unique_ptr<LogQueryService> ConnectLogQueryService(
    const std::shared_ptr<grpc::Channel>& channel, rpc::CallWatcher* watcher);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_LOG_QUERY_CLIENT_H_
