// The store in another process.
#ifndef TIDEGATE_STORAGE_GRPC_STORE_CLIENT_H_
#define TIDEGATE_STORAGE_GRPC_STORE_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "proto/grpc/call_watcher.h"
#include "storage/store.h"

namespace tidegate::storage {

// Calls fail with Unavailable while the store is away and work again once it is back, without a
// restart. The watcher must outlive the client. Ready() is Ok: whether the store answers is found
// out by each call, and pushes must go on without it.
std::unique_ptr<Store> ConnectStore(const std::shared_ptr<grpc::Channel>& channel,
                                    rpc::CallWatcher* watcher);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_STORE_CLIENT_H_
