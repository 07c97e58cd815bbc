#include "proto/grpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "proto/grpc/channel.h"

namespace tidegate::rpc {
namespace {

// Clients ping every kKeepAliveTime; more often than this would be an attack, says gRPC.
constexpr int kMinPingIntervalMs = static_cast<int>(kKeepAliveTime.count()) / 2;

// What gRPC knows only for the whole process.
void EnablePlugins() {
  static const bool enabled = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)enabled;
}

void Configure(const ServerOptions& options, grpc::ServerBuilder* builder) {
  grpc::ResourceQuota quota("tidegate");
  quota.SetMaxThreads(options.max_threads);
  builder->SetResourceQuota(quota);
  builder->SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder->SetMaxSendMessageSize(kMaxMessageBytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamWindowBytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_calls_per_connection);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kMinPingIntervalMs);
  // A client whose machine died in the middle of a call must not keep the thread.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepAliveTime.count()));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                              static_cast<int>(kKeepAliveTimeout.count()));
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                              static_cast<int>(kMaxConnectionAge.count()));
  // Two processes on one port would each get a part of the calls.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address,
                                                      const std::vector<grpc::Service*>& services,
                                                      const ServerOptions& options) {
  if (absl::Status usable = CheckTransportSecurity(options.security); !usable.ok()) return usable;
  EnablePlugins();
  grpc::ServerBuilder builder;
  Configure(options, &builder);
  int port = 0;
  builder.AddListeningPort(address, ServerCredentialsOf(options.security), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(fmt::format("cannot listen on {} for gRPC", address));
  }
  const std::string host = address.substr(0, address.rfind(':'));
  auto started =
      std::unique_ptr<Server>(new Server(std::move(server), fmt::format("{}:{}", host, port)));
  started->SetServing(false);
  return started;
}

Server::Server(std::unique_ptr<grpc::Server> server, std::string address)
    : server_(std::move(server)), address_(std::move(address)) {}

Server::~Server() { Shutdown(absl::InfinitePast()); }

void Server::SetServing(bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(serving);
}

void Server::Shutdown(absl::Time deadline) {
  // gRPC takes a time before the epoch for "never".
  server_->Shutdown(absl::ToChronoTime(std::max(deadline, absl::UnixEpoch())));
  server_->Wait();
}

}  // namespace tidegate::rpc
