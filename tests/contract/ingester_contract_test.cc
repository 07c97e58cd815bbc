// What every Ingester keeps, asked directly and through a socket: first over the real one, then
// over a fake that fails to order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <snappy.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "ingest/grpc/ingester_client.h"
#include "ingest/grpc/ingester_service.h"
#include "ingest/ingester.h"
#include "model/metrics/metrics_registry.h"
#include "proto/prometheus/remote.pb.h"
#include "proto/tidegate/ingester.grpc.pb.h"
#include "storage/grpc/log_source_client.h"
#include "storage/grpc/series_source_client.h"
#include "storage/grpc/series_source_service.h"
#include "storage/store.h"
#include "tests/contract/fakes/fake_ingester.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

constexpr model::TimestampMs kNow = 1'767'225'600'000;  // 2026-01-01T00:00:00Z.

// A remote-write body: `count` samples of metric m, 1 s apart from kNow on, back in time.
std::string Body(size_t count, double value = 1, const std::string& name = "m") {
  prompb::WriteRequest request;
  prompb::TimeSeries* series = request.add_timeseries();
  prompb::Label* label = series->add_labels();
  label->set_name("__name__");
  label->set_value(name);
  for (size_t i = 0; i < count; ++i) {
    prompb::Sample* sample = series->add_samples();
    sample->set_timestamp(kNow - static_cast<int64_t>(count - i) * 1000);
    sample->set_value(value);
  }
  std::string block;
  const std::string bytes = request.SerializeAsString();
  snappy::Compress(bytes.data(), bytes.size(), &block);
  return block;
}

ingest::PushRequest Push(const std::string& body) {
  ingest::PushRequest push;
  push.body = body;
  return push;
}

class CountSamples final : public storage::Sink<storage::SelectedSeries> {
 public:
  absl::Status Add(storage::SelectedSeries series) override {
    samples += series.columns.values.size();
    return absl::OkStatus();
  }
  size_t samples = 0;
};

// An ingester behind its services, or itself.
class Connection {
 public:
  Connection(Wiring wiring, ingest::Ingester* local) : local_(local) {
    if (wiring == Wiring::kInProcess) return;
    ingester_service_ = std::make_unique<ingest::IngesterService>(local);
    series_service_ = std::make_unique<storage::SeriesSourceService>(&local->series(),
                                                                     loopback_.server_watcher());
    loopback_.Start({ingester_service_.get(), series_service_.get()});
    client_ =
        ingest::ConnectIngester(loopback_.channel(),
                                std::make_unique<storage::SeriesSourceClient>(
                                    "ingester", loopback_.channel(), loopback_.client_watcher()),
                                std::make_unique<storage::LogSourceClient>(
                                    "ingester", loopback_.channel(), loopback_.client_watcher()),
                                loopback_.client_watcher());
  }
  ~Connection() { loopback_.Stop(); }

  ingest::Ingester& ingester() { return client_ == nullptr ? *local_ : *client_; }
  Loopback& loopback() { return loopback_; }

 private:
  ingest::Ingester* local_;
  std::unique_ptr<ingest::IngesterService> ingester_service_;
  std::unique_ptr<storage::SeriesSourceService> series_service_;
  Loopback loopback_;
  std::unique_ptr<ingest::Ingester> client_;
};

class IngesterContractTest : public testing::TestWithParam<Wiring> {
 protected:
  IngesterContractTest()
      : directory_(testing::TempDir() + "/ingester_contract_" + std::to_string(getpid()) + "_" +
                   std::to_string(++directories_)) {
    std::filesystem::create_directories(directory_ + "/store");
    clock_.SetMs(kNow);
    storage::LocalStoreOptions store_options;
    store_options.directory = directory_ + "/store";
    store_options.maintenance_interval = absl::ZeroDuration();
    auto store = storage::OpenLocalStore(store_options, &clock_, &tenants_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    ingest::IngesterOptions options;
    options.directory = directory_ + "/ingester";
    options.head_cut_interval = absl::InfiniteDuration();
    options.log_segment_bytes = 4 << 20;
    auto local = ingest::CreateIngester(options, store_.get(), &tenants_, &clock_, &metrics_);
    EXPECT_TRUE(local.ok()) << local.status();
    local_ = *std::move(local);
    while (!local_->Ready().ok()) absl::SleepFor(absl::Milliseconds(1));
    connection_ = std::make_unique<Connection>(GetParam(), local_.get());
  }
  ~IngesterContractTest() override {
    connection_.reset();
    local_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  ingest::Ingester& ingester() { return connection_->ingester(); }
  static size_t SamplesOf(storage::SeriesSource& source, const std::string& tenant) {
    CountSamples found;
    const absl::Status status = source.Select(ContextOf(tenant), {}, found);
    EXPECT_TRUE(status.ok()) << status;
    return found.samples;
  }

  static model::TenantLimits SmallBodies() {
    model::TenantLimits limits;
    limits.max_body_bytes = 1 << 20;
    return limits;
  }

  static inline int directories_ = 0;

  const std::string directory_;
  model::ManualClock clock_;
  TestTenants tenants_{SmallBodies()};
  model::MetricsRegistry metrics_;
  std::unique_ptr<storage::LocalStore> store_;
  std::unique_ptr<ingest::LocalIngester> local_;
  std::unique_ptr<Connection> connection_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, IngesterContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(IngesterContractTest, APushIsReadableByItsTenantAtOnce) {
  const std::string body = Body(1000);
  const auto result = ingester().Push(ContextOf("a"), Push(body));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->samples, 1000U);
  EXPECT_TRUE(result->rejected.ok()) << result->rejected;
  EXPECT_EQ(SamplesOf(ingester().series(), "a"), 1000U);
  EXPECT_EQ(SamplesOf(ingester().series(), "b"), 0U);
  const auto stats = ingester().Stats(ContextOf("a"));
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->series, 1U);
  EXPECT_EQ(stats->samples, 1000U);
  EXPECT_GT(stats->log_bytes, 0U);
}

TEST_P(IngesterContractTest, APartlyBadPushSaysWhatWasNotStored) {
  ASSERT_TRUE(ingester().Push(ContextOf("a"), Push(Body(10, 1))).ok());
  const std::string conflicting = Body(10, 2);
  const auto result = ingester().Push(ContextOf("a"), Push(conflicting));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->samples, 0U);
  EXPECT_TRUE(absl::IsInvalidArgument(result->rejected)) << result->rejected;
  const auto stats = ingester().Stats(ContextOf("a"));
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_THAT(stats->rejected, testing::ElementsAre(testing::Pair("duplicate_timestamp", 10)));
  EXPECT_NE(std::string(result->rejected.message()).find("duplicate"), std::string::npos)
      << result->rejected;
}

TEST_P(IngesterContractTest, RefusalsAreTheSame) {
  const std::string broken = "this is no snappy block";
  const auto undecodable = ingester().Push(ContextOf("a"), Push(broken));
  EXPECT_TRUE(absl::IsInvalidArgument(undecodable.status())) << undecodable.status();
  EXPECT_EQ(undecodable.status(), local_->Push(ContextOf("a"), Push(broken)).status());
  const std::string large(2 << 20, 'x');
  const auto too_large = ingester().Push(ContextOf("a"), Push(large));
  EXPECT_TRUE(absl::IsOutOfRange(too_large.status())) << too_large.status();
  EXPECT_EQ(too_large.status(), local_->Push(ContextOf("a"), Push(large)).status());
}

TEST_P(IngesterContractTest, AFlushHandsEverythingToTheStore) {
  ASSERT_TRUE(ingester().Push(ContextOf("a"), Push(Body(1000))).ok());
  const absl::Status status = ingester().Flush(ContextOf(""));
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(SamplesOf(ingester().series(), "a"), 0U);
  EXPECT_EQ(SamplesOf(*store_, "a"), 1000U);
}

TEST_P(IngesterContractTest, APushAfterShutdownIsUnavailable) {
  ASSERT_TRUE(local_->Shutdown(absl::Now() + absl::Seconds(20)).ok());
  const auto result = ingester().Push(ContextOf("a"), Push(Body(1)));
  EXPECT_TRUE(absl::IsUnavailable(result.status())) << result.status();
}

// Over a fake.
class FakeIngesterContractTest : public testing::TestWithParam<Wiring> {
 protected:
  FakeIngesterContractTest() : connection_(GetParam(), &fake_) {}

  FakeIngester fake_;
  Connection connection_;
  ingest::Ingester& ingester_ = connection_.ingester();
};

INSTANTIATE_TEST_SUITE_P(Wirings, FakeIngesterContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(FakeIngesterContractTest, BodyAndResultArriveWhole) {
  ingest::PushResult answer;
  answer.samples = uint64_t{1} << 40;
  answer.histograms = 2;
  answer.exemplars = 3;
  answer.entries = 4;
  answer.rejected = absl::InvalidArgumentError(std::string(100'000, 'n'));
  fake_.Answer(answer);
  std::string body(20 << 20, '\0');
  body.back() = '\xff';
  const auto result = ingester_.Push(ContextOf("a"), Push(body));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(fake_.body(), body);
  EXPECT_EQ(fake_.context().tenant, "a");
  EXPECT_EQ(result->samples, answer.samples);
  EXPECT_EQ(result->histograms, 2U);
  EXPECT_EQ(result->exemplars, 3U);
  EXPECT_EQ(result->entries, 4U);
  EXPECT_EQ(result->rejected, answer.rejected);
}

TEST_P(FakeIngesterContractTest, ErrorsComeThroughUnchanged) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kOutOfRange,
        absl::StatusCode::kResourceExhausted, absl::StatusCode::kInternal,
        absl::StatusCode::kDataLoss}) {
    const absl::Status error(code, "because\n\"so\"");
    fake_.Fail(error);
    EXPECT_EQ(ingester_.Push(ContextOf("a"), Push("")).status(), error);
    EXPECT_EQ(ingester_.Flush(ContextOf("a")), error);
    EXPECT_EQ(ingester_.Stats(ContextOf("a")).status(), error);
  }
  fake_.Fail(absl::UnavailableError("the disk is full"));
  const auto unavailable = ingester_.Push(ContextOf("a"), Push(""));
  EXPECT_TRUE(absl::IsUnavailable(unavailable.status()));
  EXPECT_NE(std::string(unavailable.status().message()).find("the disk is full"),
            std::string::npos);
}

TEST_P(FakeIngesterContractTest, AFlushStatsAndPushKeepTheirDeadline) {
  fake_.Hang();
  model::RequestContext context = ContextOf("a");
  context.deadline = absl::Now() + absl::Milliseconds(100);
  EXPECT_TRUE(absl::IsDeadlineExceeded(ingester_.Flush(context)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(ingester_.Push(context, Push("x")).status()));
}

class RemoteIngesterTest : public FakeIngesterContractTest {};
INSTANTIATE_TEST_SUITE_P(Wirings, RemoteIngesterTest, testing::Values(Wiring::kGrpc), WiringName);

TEST_P(RemoteIngesterTest, ABodyThatFitsNoMessageIsTooLarge) {
  const std::string body(size_t{192} << 20, 'x');
  const auto result = ingester_.Push(ContextOf("a"), Push(body));
  EXPECT_TRUE(absl::IsOutOfRange(result.status())) << result.status();
}

TEST_P(RemoteIngesterTest, AFormatOfTheFutureIsNotTakenForAnother) {
  const auto stub = v1::Ingester::NewStub(connection_.loopback().channel());
  v1::PushRequest request;
  request.set_format(static_cast<v1::PushRequest::Format>(99));
  v1::PushResponse response;
  grpc::ClientContext call;
  EXPECT_EQ(stub->Push(&call, request, &response).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_P(RemoteIngesterTest, AnAbsentIngesterIsNamedQuicklyAndFoundAgain) {
  ASSERT_TRUE(ingester_.Push(ContextOf("a"), Push("1")).ok());
  connection_.loopback().Stop();
  for (int i = 0; i < 3; ++i) {
    const absl::Time start = absl::Now();
    const auto away = ingester_.Push(ContextOf("a"), Push("2"));
    EXPECT_LT(absl::Now() - start, absl::Seconds(1));
    EXPECT_TRUE(absl::IsUnavailable(away.status())) << away.status();
    EXPECT_EQ(std::string(away.status().message()).substr(0, 10), "ingester: ") << away.status();
  }
  connection_.loopback().Restart();
  const absl::Time start = absl::Now();
  while (!ingester_.Push(ContextOf("a"), Push("3")).ok()) {
    ASSERT_LT(absl::Now() - start, absl::Seconds(10));
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(fake_.body(), "3");
}

}  // namespace
}  // namespace tidegate::contract
