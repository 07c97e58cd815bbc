#include "proto/grpc/server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/async_stream.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "proto/grpc/rpc_status.h"
#include "proto/grpc/test_service.h"

namespace tidegate::rpc {
namespace {

grpc::ByteBuffer Bytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

// What the standard health service says about the whole process (grpc.health.v1, status = field 1).
int Health(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext call;
  const grpc::ByteBuffer request = Bytes("");
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&call, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  EXPECT_TRUE(status.ok()) << status.error_message();
  const std::string bytes = ToString(response);
  return bytes.size() == 2 && bytes[0] == '\x08' ? bytes[1] : -1;
}
constexpr int kServing = 1;
constexpr int kNotServing = 2;

// The answer of the reflection service to "list services" (field 7 of the request).
std::string Reflection(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext call;
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto stream = stub.PrepareCall(
      &call, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  EXPECT_TRUE(next());
  stream->WriteLast(Bytes(std::string("\x3a\0", 2)), grpc::WriteOptions(), nullptr);
  EXPECT_TRUE(next());
  grpc::ByteBuffer response;
  stream->Read(&response, nullptr);
  EXPECT_TRUE(next());
  grpc::Status status;
  stream->Finish(&status, nullptr);
  EXPECT_TRUE(next());
  EXPECT_TRUE(status.ok()) << status.error_message();
  return ToString(response);
}

grpc::Status Ok(grpc::ServerContext*) { return grpc::Status::OK; }

// Calls that wait until they are let go.
class Gate {
 public:
  TestService::Handler Handler() {
    return [this](grpc::ServerContext*) {
      ++inside;
      open_.WaitForNotification();
      return grpc::Status::OK;
    };
  }
  void Open() { open_.Notify(); }
  void AwaitInside(int calls) {
    while (inside < calls) absl::SleepFor(absl::Milliseconds(1));
  }
  std::atomic<int> inside{0};

 private:
  absl::Notification open_;
};

TEST(ServerTest, PicksAFreePortAndSaysWhich) {
  TestServer server(Ok);
  EXPECT_EQ(server.server->address().substr(0, 10), "127.0.0.1:");
  EXPECT_NE(server.server->address(), "127.0.0.1:0");
  grpc::ClientContext call;
  EXPECT_TRUE(server.Call(&call).ok());
}

TEST(ServerTest, AllAddressesOfANameAreAskedInTurn) {
  std::atomic<int> first_calls{0};
  std::atomic<int> second_calls{0};
  const auto count_in = [](std::atomic<int>* calls) {
    return [calls](grpc::ServerContext*) {
      ++*calls;
      return grpc::Status::OK;
    };
  };
  TestServer first(count_in(&first_calls));
  auto second = std::make_unique<TestServer>(count_in(&second_calls));
  const auto stub = v1::Ingester::NewStub(
      OpenChannel("ipv4:" + first.server->address() + "," + second->server->address()));
  const auto ask = [&stub] {
    grpc::ClientContext call;
    call.set_wait_for_ready(true);
    v1::FlushResponse response;
    return stub->Flush(&call, v1::FlushRequest(), &response).ok();
  };
  for (int i = 0; i < 10000 && (first_calls == 0 || second_calls == 0); ++i) ASSERT_TRUE(ask());
  EXPECT_GT(first_calls, 0);
  EXPECT_GT(second_calls, 0);
  second.reset();
  const int before = first_calls;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(ask());
  EXPECT_EQ(first_calls, before + 10);
}

TEST(ServerTest, AnAddressThatIsTakenIsNamed) {
  TestServer server(Ok);
  const auto second = Server::Start(server.server->address(), {});
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_NE(std::string(second.status().message()).find(server.server->address()),
            std::string::npos);
  EXPECT_TRUE(absl::IsUnavailable(Server::Start("not an address", {}).status()));
}

TEST(ServerTest, ThePortIsFreeAgainAtOnce) {
  std::string address = "127.0.0.1:0";
  for (int i = 0; i < 3; ++i) {
    auto server = Server::Start(address, {});
    ASSERT_TRUE(server.ok()) << server.status();
    address = (*server)->address();
  }
}

TEST(ServerTest, HealthSaysWhatItWasTold) {
  TestServer server(Ok);
  EXPECT_EQ(Health(server.channel), kNotServing);
  server.server->SetServing(true);
  EXPECT_EQ(Health(server.channel), kServing);
  server.server->SetServing(false);
  EXPECT_EQ(Health(server.channel), kNotServing);
}

TEST(ServerTest, ReflectionListsTheServices) {
  TestServer server(Ok);
  const std::string listed = Reflection(server.channel);
  EXPECT_NE(listed.find("tidegate.v1.Ingester"), std::string::npos);
  EXPECT_NE(listed.find("grpc.health.v1.Health"), std::string::npos);
}

TEST(ServerTest, ALongStatusTextArrives) {
  TestServer server([](grpc::ServerContext*) {
    return ToGrpc(absl::InvalidArgumentError(std::string(1 << 20, '\n')));
  });
  grpc::ClientContext call;
  EXPECT_EQ(FromGrpc(server.Call(&call)),
            absl::InvalidArgumentError(std::string(kMaxStatusTextBytes, '\n')));
}

TEST(ServerTest, ShutdownLetsACallEnd) {
  Gate gate;
  TestServer server(gate.Handler());
  std::thread calling([&server] {
    grpc::ClientContext call;
    EXPECT_TRUE(server.Call(&call).ok());
  });
  gate.AwaitInside(1);
  std::thread stopping([&server] { server.server->Shutdown(absl::Now() + absl::Seconds(20)); });
  absl::SleepFor(absl::Milliseconds(50));
  grpc::ClientContext late;
  EXPECT_EQ(server.Call(&late).error_code(), grpc::StatusCode::UNAVAILABLE);
  gate.Open();
  calling.join();
  stopping.join();
}

TEST(ServerTest, ShutdownCancelsWhatIsNotDoneByTheDeadline) {
  std::atomic<bool> inside{false};
  TestServer server([&inside](grpc::ServerContext* call) {
    inside = true;
    while (!call->IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
    return grpc::Status::OK;
  });
  grpc::Status status;
  std::thread calling([&] {
    grpc::ClientContext call;
    status = server.Call(&call);
  });
  while (!inside) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time start = absl::Now();
  server.server->Shutdown(start + absl::Milliseconds(200));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(190));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  calling.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  server.server->Shutdown(absl::Now());  // Idempotent.
}

// They are refused at once, and read as Unavailable, not as the ResourceExhausted that a service
// says.
TEST(ServerTest, WithoutAFreeThreadCallsAreRefused) {
  Gate gate;
  TestServer server(gate.Handler(), {.max_threads = 8, .max_calls_per_connection = 100});
  std::atomic<int> served{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> calling;
  for (int i = 0; i < 40; ++i) {
    calling.emplace_back([&] {
      grpc::ClientContext call;
      call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
      const absl::Status status = FromPeer("store", server.Call(&call));
      ++(status.ok() ? served : refused);
      EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
    });
  }
  while (gate.inside + refused < 40) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_GE(refused, 32);
  EXPECT_GE(gate.inside, 1);
  gate.Open();
  for (std::thread& thread : calling) thread.join();
  EXPECT_EQ(served + refused, 40);
  // And it serves again.
  grpc::ClientContext call;
  EXPECT_TRUE(server.Call(&call).ok());
}

// One peer does not take the threads of the others: its further calls wait on its side.
TEST(ServerTest, CallsOfOneConnectionBeyondTheBoundWait) {
  Gate gate;
  TestServer server(gate.Handler(), {.max_threads = 16, .max_calls_per_connection = 3});
  {
    grpc::ClientContext first;  // Brings the connection, and with it the bound, to the client.
    first.set_deadline(absl::ToChronoTime(absl::Now() + absl::Milliseconds(500)));
    EXPECT_EQ(server.Call(&first).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  std::vector<std::thread> calling;
  std::atomic<int> served{0};
  for (int i = 0; i < 10; ++i) {
    calling.emplace_back([&] {
      grpc::ClientContext call;
      served += server.Call(&call).ok() ? 1 : 0;
    });
  }
  gate.AwaitInside(4);
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(gate.inside, 4);  // The first one, given up by its client, and three.
  gate.Open();
  for (std::thread& thread : calling) thread.join();
  EXPECT_EQ(served, 10);
}

}  // namespace
}  // namespace tidegate::rpc
