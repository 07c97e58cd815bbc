#include "proto/grpc/call_watcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "proto/grpc/call_context.h"
#include "proto/grpc/test_service.h"

namespace tidegate::rpc {
namespace {

// The promise is 100 ms; the rest is for machines under load.
constexpr absl::Duration kPromptly = absl::Milliseconds(500);

// A call that waits for its own cancellation.
class CallWatcherTest : public testing::Test {
 protected:
  CallWatcherTest()
      : server_([this](grpc::ServerContext* call) {
          const model::RequestContext context = ContextOf(*call);
          const auto watch = server_watcher_.WatchIncoming(context, call);
          ++running_;
          if (!AwaitCancellation(context)) return grpc::Status(grpc::StatusCode::INTERNAL, "lost");
          heard_ = absl::Now();
          heard_of_it_.Notify();
          return grpc::Status::CANCELLED;
        }) {}

  void AwaitRunning() {
    while (running_ == 0) absl::SleepFor(absl::Milliseconds(1));
  }

  CallWatcher server_watcher_;
  CallWatcher client_watcher_;
  std::atomic<int> running_{0};
  absl::Notification heard_of_it_;
  absl::Time heard_;
  TestServer server_;
};

TEST_F(CallWatcherTest, CancellingTheContextEndsBothSides) {
  const model::RequestContext context;
  absl::Time ended;
  std::thread calling([&] {
    grpc::ClientContext call;
    const auto watch = client_watcher_.WatchOutgoing(context, &call);
    EXPECT_EQ(server_.Call(&call).error_code(), grpc::StatusCode::CANCELLED);
    ended = absl::Now();
  });
  AwaitRunning();
  const absl::Time cancelled = absl::Now();
  context.Cancel();
  calling.join();
  heard_of_it_.WaitForNotification();
  EXPECT_LT(ended - cancelled, kPromptly);
  EXPECT_LT(heard_ - cancelled, kPromptly);
}

TEST_F(CallWatcherTest, AClientThatCancelsIsHeardOf) {
  grpc::ClientContext call;
  std::thread calling([&] { EXPECT_FALSE(server_.Call(&call).ok()); });
  AwaitRunning();
  const absl::Time cancelled = absl::Now();
  call.TryCancel();
  heard_of_it_.WaitForNotification();
  calling.join();
  EXPECT_LT(heard_ - cancelled, kPromptly);
}

TEST_F(CallWatcherTest, AClientThatGivesUpIsHeardOf) {
  grpc::ClientContext call;
  const absl::Time deadline = absl::Now() + absl::Milliseconds(300);
  call.set_deadline(absl::ToChronoTime(deadline));
  EXPECT_EQ(server_.Call(&call).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  heard_of_it_.WaitForNotification();
  EXPECT_LT(heard_ - deadline, kPromptly);
}

TEST_F(CallWatcherTest, AStoppingServerIsHeardOf) {
  grpc::ClientContext call;
  std::thread calling([&] { EXPECT_FALSE(server_.Call(&call).ok()); });
  AwaitRunning();
  server_.server->Shutdown(absl::Now());
  EXPECT_TRUE(heard_of_it_.HasBeenNotified());
  calling.join();
}

TEST(CallWatcher, AContextCancelledBeforeItsCallCancelsIt) {
  CallWatcher watcher;
  TestServer server([](grpc::ServerContext* call) {
    for (int i = 0; i < 2000 && !call->IsCancelled(); ++i) absl::SleepFor(absl::Milliseconds(10));
    return grpc::Status::OK;
  });
  const model::RequestContext context;
  context.Cancel();
  grpc::ClientContext call;
  const auto watch = watcher.WatchOutgoing(context, &call);
  EXPECT_EQ(server.Call(&call).error_code(), grpc::StatusCode::CANCELLED);
}

TEST(CallWatcher, LooksAtNothingAfterItsRegistrationEnds) {
  CallWatcher watcher;
  const model::RequestContext context;
  for (int i = 0; i < 200; ++i) {
    auto call = std::make_unique<grpc::ClientContext>();
    std::optional<model::RequestContext> own = context;
    { const auto watch = watcher.WatchOutgoing(*own, call.get()); }
    call.reset();  // ASan tells if the watcher still looks.
    if (i % 50 == 0) absl::SleepFor(absl::Milliseconds(25));
  }
}

TEST(CallWatcher, ManyThreadsComeAndGo) {
  CallWatcher watcher;
  std::vector<std::thread> threads;
  std::atomic<int> cancelled{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&watcher, &cancelled] {
      for (int i = 0; i < 50; ++i) {
        const model::RequestContext context;
        grpc::ClientContext call;
        const auto watch = watcher.WatchOutgoing(context, &call);
        if (i % 10 == 0) context.Cancel();
        cancelled += context.IsCancelled() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cancelled, 40);
}

}  // namespace
}  // namespace tidegate::rpc
