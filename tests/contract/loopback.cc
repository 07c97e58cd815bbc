#include "tests/contract/loopback.h"

#include <utility>

#include "proto/grpc/channel.h"

namespace tidegate::contract {

void Loopback::Start(std::vector<grpc::Service*> services, rpc::ServerOptions options) {
  services_ = std::move(services);
  options_ = options;
  Restart();
  if (channel_ == nullptr) channel_ = rpc::OpenChannel(address_);
}

void Loopback::Restart() {
  auto server = rpc::Server::Start(address_, services_, options_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  address_ = server_->address();
}

}  // namespace tidegate::contract
