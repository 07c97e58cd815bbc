// The gRPC server of a process: our services, health and reflection on one address.
#ifndef TIDEGATE_PROTO_GRPC_SERVER_H_
#define TIDEGATE_PROTO_GRPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/grpc/transport_security.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace tidegate::rpc {

struct ServerOptions {
  // A call holds a thread while it runs, those that wait included. Beyond this many calls are
  // refused at once, and the clients say Unavailable.
  int max_threads = 256;
  // Of one connection, hence of one peer process: its further calls wait on its side, until their
  // deadline, and leave threads to other peers.
  int max_calls_per_connection = 100;
  TransportSecurity security = {};  // Peers must show a certificate, when it has files.
};

// Owns the server and its threads; the services must outlive it. Thread safe.
class Server {
 public:
  // Binds host:port (port 0 picks a free one) and serves at once. Health says NOT_SERVING until
  // SetServing(true). What CheckTransportSecurity says about the files; Unavailable when the
  // address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address,
                                                       const std::vector<grpc::Service*>& services,
                                                       const ServerOptions& options = {});
  ~Server();

  // host:port that is listened on.
  const std::string& address() const { return address_; }
  // What the health service says about the process and each of its services.
  void SetServing(bool serving);
  // Refuses new calls, lets running ones end until the deadline, then cancels them and returns when
  // their handlers have returned. Idempotent.
  void Shutdown(absl::Time deadline);

 private:
  Server(std::unique_ptr<grpc::Server> server, std::string address);

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_SERVER_H_
