// A service whose one method is a function of the test, served on the loopback. Tests only.
#ifndef TIDEGATE_PROTO_GRPC_TEST_SERVICE_H_
#define TIDEGATE_PROTO_GRPC_TEST_SERVICE_H_

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "model/request_context.h"
#include "proto/grpc/channel.h"
#include "proto/grpc/server.h"
#include "proto/tidegate/ingester.grpc.pb.h"

namespace tidegate::rpc {

// Borrows a generated service that has a method without arguments.
class TestService final : public v1::Ingester::Service {
 public:
  using Handler = std::function<grpc::Status(grpc::ServerContext*)>;

  explicit TestService(Handler handler) : handler_(std::move(handler)) {}

  grpc::Status Flush(grpc::ServerContext* call, const v1::FlushRequest*,
                     v1::FlushResponse*) override {
    return handler_(call);
  }

 private:
  const Handler handler_;
};

// The service, its server and a client. Owned by the test's thread; Call from any.
class TestServer {
 public:
  explicit TestServer(TestService::Handler handler, const ServerOptions& options = {})
      : service_(std::move(handler)) {
    auto started = Server::Start("127.0.0.1:0", {&service_}, options);
    EXPECT_TRUE(started.ok()) << started.status();
    server = *std::move(started);
    channel = OpenChannel(server->address());
    stub_ = v1::Ingester::NewStub(channel);
  }

  grpc::Status Call(grpc::ClientContext* call) {
    v1::FlushResponse response;
    return stub_->Flush(call, v1::FlushRequest(), &response);
  }

 private:
  TestService service_;  // Outlives the server.

 public:
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;

 private:
  std::unique_ptr<v1::Ingester::Stub> stub_;
};

// Waits until the context is cancelled; false after 20 s.
inline bool AwaitCancellation(const model::RequestContext& context) {
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (!context.IsCancelled() && absl::Now() < patience) absl::SleepFor(absl::Milliseconds(1));
  return context.IsCancelled();
}

}  // namespace tidegate::rpc

#endif  // TIDEGATE_PROTO_GRPC_TEST_SERVICE_H_
