// What a client notices of its connection: peers that are away, that do not answer, that stop in
// the middle; readers that are slow. Shown on SeriesSource; all clients stand on the same channel.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "proto/grpc/channel.h"
#include "storage/grpc/series_source_client.h"
#include "storage/grpc/series_source_service.h"
#include "tests/contract/fakes/fake_series_source.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

using storage::SelectedSeries;

// A socket of the loopback that listens, or is only bound, and never says a word.
class MuteSocket {
 public:
  explicit MuteSocket(bool listening) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    EXPECT_TRUE(!listening || ::listen(socket_, 16) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~MuteSocket() { ::close(socket_); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

// Holds the first series until it is let go.
class HeldSink final : public storage::Sink<SelectedSeries> {
 public:
  absl::Status Add(SelectedSeries) override {
    if (++taken == 1) {
      holding.Notify();
      go_on.WaitForNotification();
    }
    return absl::OkStatus();
  }
  absl::Notification holding;
  absl::Notification go_on;
  size_t taken = 0;
};

class Count final : public storage::Sink<SelectedSeries> {
 public:
  absl::Status Add(SelectedSeries series) override {
    ++taken;
    shortest = std::min(shortest, series.columns.values.size());
    return absl::OkStatus();
  }
  size_t taken = 0;
  size_t shortest = std::numeric_limits<size_t>::max();
};

Supply<SelectedSeries> Series(size_t count, size_t samples) {
  return {count, [samples](size_t i) {
            SelectedSeries series{model::Labels({{"i", std::to_string(i)}}), {}};
            std::vector<model::TimestampMs> times(samples);
            for (size_t k = 0; k < samples; ++k) times[k] = static_cast<int64_t>(k);
            series.columns.timestamps =
                std::make_shared<const std::vector<model::TimestampMs>>(std::move(times));
            series.columns.values.assign(samples, 0.5);
            return series;
          }};
}

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() : service_(&fake_, loopback_.server_watcher()) {
    loopback_.Start({&service_});
    client_ = ClientOf(loopback_.channel());
  }
  ~ConnectionTest() override { loopback_.Stop(); }

  std::unique_ptr<storage::SeriesSource> ClientOf(const std::shared_ptr<grpc::Channel>& channel) {
    return std::make_unique<storage::SeriesSourceClient>("store", channel,
                                                         loopback_.client_watcher());
  }
  // Asks a peer that cannot answer; the bound is on how long it takes to say so.
  void ExpectUnavailable(storage::SeriesSource& source, absl::Duration bound) {
    const absl::Time start = absl::Now();
    Count sink;
    const absl::Status status = source.Select(ContextOf("a"), {}, sink);
    EXPECT_LT(absl::Now() - start, bound);
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_EQ(std::string(status.message()).substr(0, 7), "store: ") << status;
    EXPECT_TRUE(absl::IsUnavailable(source.Series(ContextOf("a"), {}).status()));
    EXPECT_TRUE(absl::IsUnavailable(source.LabelNames(ContextOf("a"), {}).status()));
  }

  FakeSeriesSource fake_;
  Loopback loopback_;
  storage::SeriesSourceService service_;
  std::unique_ptr<storage::SeriesSource> client_;
};

TEST_F(ConnectionTest, NobodyListens) {
  const MuteSocket bound(/*listening=*/false);
  const auto source = ClientOf(rpc::OpenChannel(bound.address()));
  for (int i = 0; i < 3; ++i) ExpectUnavailable(*source, absl::Seconds(1));
}

TEST_F(ConnectionTest, SomebodyListensAndSaysNothing) {
  const MuteSocket mute(/*listening=*/true);
  const auto source = ClientOf(rpc::OpenChannel(mute.address()));
  ExpectUnavailable(*source, absl::Seconds(4));
}

TEST_F(ConnectionTest, ANameThatDoesNotResolve) {
  const auto source = ClientOf(rpc::OpenChannel("no-such-host.invalid:1"));
  ExpectUnavailable(*source, absl::Seconds(10));
}

TEST_F(ConnectionTest, AServerThatComesBackOnItsPortIsFoundByTheSameClient) {
  fake_.series = Series(3, 1);
  for (int round = 0; round < 3; ++round) {
    const absl::Time start = absl::Now();
    absl::Status status;
    do {
      Count sink;
      status = client_->Select(ContextOf("a"), {}, sink);
      EXPECT_EQ(sink.taken, status.ok() ? 3U : 0U);
    } while (!status.ok() && absl::Now() - start < absl::Seconds(10));
    EXPECT_TRUE(status.ok()) << status;
    loopback_.Stop();
    ExpectUnavailable(*client_, absl::Seconds(1));
    loopback_.Restart();
  }
}

// Half a series is never taken for a whole one.
TEST_F(ConnectionTest, AServerThatStopsMidStreamLeavesWholeSeriesOnly) {
  constexpr size_t kSamples = 100'000;
  fake_.series = Series(1'000'000, kSamples);
  Count sink;
  std::thread stopping([this] {
    while (fake_.handed_out() < 20) absl::SleepFor(absl::Milliseconds(1));
    loopback_.Stop();
  });
  const absl::Status status = client_->Select(ContextOf("a"), {}, sink);
  stopping.join();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(sink.taken == 0 || sink.shortest == kSamples);
  EXPECT_TRUE(absl::IsCancelled(fake_.AwaitEnd()));
}

TEST_F(ConnectionTest, ASlowReaderBlocksItsOwnCallOnly) {
  constexpr size_t kSeries = 500;
  fake_.series = Series(kSeries, 10'000);
  HeldSink held;
  std::thread slow([&] { EXPECT_TRUE(client_->Select(ContextOf("a"), {}, held).ok()); });
  held.holding.WaitForNotification();
  // The same connection, more data than any window holds.
  for (int i = 0; i < 3; ++i) {
    Count quick;
    EXPECT_TRUE(client_->Select(ContextOf("a"), {}, quick).ok());
    EXPECT_EQ(quick.taken, kSeries);
  }
  held.go_on.Notify();
  slow.join();
  EXPECT_EQ(held.taken, kSeries);
}

TEST_F(ConnectionTest, ASlowReaderThatGivesUpFreesTheServer) {
  fake_.series = Series(1'000'000, 10'000);
  const model::RequestContext context = ContextOf("a");
  HeldSink held;
  std::thread slow([&] { EXPECT_TRUE(absl::IsCancelled(client_->Select(context, {}, held))); });
  held.holding.WaitForNotification();
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(fake_.AwaitEnd()));
  held.go_on.Notify();
  slow.join();
}

}  // namespace
}  // namespace tidegate::contract
