// The ingester in another process.
#ifndef TIDEGATE_INGEST_GRPC_INGESTER_CLIENT_H_
#define TIDEGATE_INGEST_GRPC_INGESTER_CLIENT_H_

#include <grpcpp/channel.h>

#include <memory>

#include "ingest/ingester.h"
#include "proto/grpc/call_watcher.h"

namespace tidegate::ingest {

// Calls fail with Unavailable while the ingester is away and work again once it is back. `series`
// and `logs` are the clients of its sources, over the same channel. Ready() is Ok: each call finds
// out. The watcher must outlive the client.
std::unique_ptr<Ingester> ConnectIngester(const std::shared_ptr<grpc::Channel>& channel,
                                          std::unique_ptr<storage::SeriesSource> series,
                                          std::unique_ptr<storage::LogSource> logs,
                                          rpc::CallWatcher* watcher);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_GRPC_INGESTER_CLIENT_H_
