// The administration of a store in another process.
#ifndef TIDEGATE_STORAGE_GRPC_STORE_ADMIN_CLIENT_H_
#define TIDEGATE_STORAGE_GRPC_STORE_ADMIN_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>

#include "proto/grpc/call_watcher.h"
#include "storage/store_admin.h"

namespace tidegate::storage {

// Calls fail with Unavailable while the store is away. The watcher must outlive the client.
std::unique_ptr<StoreAdmin> ConnectStoreAdmin(const std::shared_ptr<grpc::Channel>& channel,
                                              rpc::CallWatcher* watcher);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_GRPC_STORE_ADMIN_CLIENT_H_
