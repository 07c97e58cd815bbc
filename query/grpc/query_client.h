// The querier in another process.
#ifndef TIDEGATE_QUERY_GRPC_QUERY_CLIENT_H_
#define TIDEGATE_QUERY_GRPC_QUERY_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>

#include "proto/grpc/call_watcher.h"
#include "query/query_service.h"

namespace tidegate::query {

// Calls fail with Unavailable while the querier is away and work again once it is back. The watcher
// must outlive the client.
std::unique_ptr<QueryService> ConnectQueryService(const std::shared_ptr<grpc::Channel>& channel,
                                                  rpc::CallWatcher* watcher);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_GRPC_QUERY_CLIENT_H_
