// Client and server of a service with a real socket between them.
#ifndef TIDEGATE_TESTS_CONTRACT_LOOPBACK_H_
#define TIDEGATE_TESTS_CONTRACT_LOOPBACK_H_

#include <grpcpp/channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "proto/grpc/call_watcher.h"
#include "proto/grpc/server.h"

namespace tidegate::contract {

// How a suite reaches the implementation under test.
enum class Wiring { kInProcess, kGrpc };

inline void PrintTo(Wiring wiring, std::ostream* out) {
  *out << (wiring == Wiring::kInProcess ? "InProcess" : "Grpc");
}
inline std::string WiringName(const testing::TestParamInfo<Wiring>& param) {
  return testing::PrintToString(param.param);
}

// A server on a free port of the loopback, and a channel to it. The two sides share nothing but the
// socket: each has a watcher of its own, as in two processes. Owned by the test's thread.
class Loopback {
 public:
  // Services use server_watcher() and are handed over with Start.
  Loopback() = default;

  rpc::CallWatcher* server_watcher() { return &server_watcher_; }
  rpc::CallWatcher* client_watcher() { return &client_watcher_; }

  // Serves; again on the same port after Stop. The services must outlive the Loopback.
  void Start(std::vector<grpc::Service*> services, rpc::ServerOptions options = {});
  // Ends the server like a process that stops: running calls are cancelled.
  void Stop() { server_.reset(); }
  void Restart();

  rpc::Server& server() { return *server_; }
  // One channel for the life of the Loopback; Start comes first.
  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

 private:
  rpc::CallWatcher server_watcher_;
  rpc::CallWatcher client_watcher_;
  std::vector<grpc::Service*> services_;
  rpc::ServerOptions options_;
  std::string address_ = "127.0.0.1:0";
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_LOOPBACK_H_
