#include "proto/grpc/outgoing_call.h"

#include <gtest/gtest.h>

#include <thread>

#include "proto/grpc/incoming_call.h"
#include "proto/grpc/rpc_status.h"
#include "proto/grpc/test_service.h"

namespace tidegate::rpc {
namespace {

TEST(OutgoingCallTest, TellsTheContextAndTheAnswer) {
  CallWatcher watcher;
  model::RequestContext arrived;
  TestServer server([&](grpc::ServerContext* call) {
    arrived = IncomingCall(call, &watcher).context();
    return ToGrpc(absl::NotFoundError("no such thing"));
  });
  model::RequestContext context;
  context.tenant = "a";
  OutgoingCall call("store", context, &watcher);
  EXPECT_EQ(call.Outcome(server.Call(call.grpc())), absl::NotFoundError("no such thing"));
  EXPECT_EQ(arrived.tenant, "a");
}

TEST(OutgoingCallTest, CancelledHereIsTheContextsOwnError) {
  CallWatcher watcher;
  const model::RequestContext context;
  OutgoingCall call("store", context, &watcher);
  context.Cancel();
  EXPECT_EQ(call.Outcome({grpc::StatusCode::CANCELLED, "whatever"}), context.Check());
}

TEST(OutgoingCallTest, CancelledThereIsUnavailable) {
  CallWatcher watcher;
  OutgoingCall call("store", {}, &watcher);
  EXPECT_EQ(call.Outcome({grpc::StatusCode::CANCELLED, ""}),
            absl::UnavailableError("store: the call was given up there"));
}

TEST(OutgoingCallTest, ADeadlineHereIsTheContextsOwnError) {
  CallWatcher watcher;
  model::RequestContext context;
  context.deadline = absl::Now() - absl::Seconds(1);
  OutgoingCall call("store", context, &watcher);
  EXPECT_EQ(call.Outcome({grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"}),
            context.Check());
}

// A query has a timeout of its tenant, with a text of its own.
TEST(OutgoingCallTest, ADeadlineThereKeepsItsText) {
  CallWatcher watcher;
  OutgoingCall call("querier", {}, &watcher);
  EXPECT_EQ(call.Outcome({grpc::StatusCode::DEADLINE_EXCEEDED, "query timed out"}),
            absl::DeadlineExceededError("query timed out"));
}

TEST(OutgoingCallTest, CancelEndsTheCall) {
  CallWatcher watcher;
  TestServer server([&](grpc::ServerContext* call) {
    const IncomingCall incoming(call, &watcher);
    EXPECT_TRUE(AwaitCancellation(incoming.context()));
    return grpc::Status::OK;
  });
  OutgoingCall call("store", {}, &watcher);
  std::thread cancelling([&call] { call.Cancel(); });
  EXPECT_EQ(server.Call(call.grpc()).error_code(), grpc::StatusCode::CANCELLED);
  cancelling.join();
}

}  // namespace
}  // namespace tidegate::rpc
