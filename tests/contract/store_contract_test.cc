// What every Store keeps, asked directly and through a socket: hand-over, documents, metadata. The
// store is the real one. How it answers selections is series_source_contract_test's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "proto/tidegate/store.grpc.pb.h"
#include "storage/grpc/series_source_service.h"
#include "storage/grpc/store_client.h"
#include "storage/grpc/store_service.h"
#include "storage/store.h"
#include "tests/contract/loopback.h"
#include "tests/contract/sealed_cut.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

using storage::Document;
using storage::DocumentWrite;
using storage::LogPosition;

constexpr model::TimestampMs kNow = 1'767'225'600'000;  // 2026-01-01T00:00:00Z.
constexpr uint64_t kProducer = 77;

class CountSamples final : public storage::Sink<storage::SelectedSeries> {
 public:
  absl::Status Add(storage::SelectedSeries series) override {
    samples += series.columns.values.size();
    return absl::OkStatus();
  }
  size_t samples = 0;
};

class StoreContractTest : public testing::TestWithParam<Wiring> {
 protected:
  StoreContractTest()
      : directory_(testing::TempDir() + "/store_contract_" + std::to_string(getpid()) + "_" +
                   std::to_string(++directories_)) {
    std::filesystem::create_directories(directory_ + "/store");
    clock_.SetMs(kNow);
    cutter_.emplace(directory_ + "/log", kProducer);
    storage::LocalStoreOptions options;
    options.directory = directory_ + "/store";
    options.maintenance_interval = absl::ZeroDuration();
    auto local = storage::OpenLocalStore(options, &clock_, &tenants_);
    EXPECT_TRUE(local.ok()) << local.status();
    local_ = *std::move(local);
    EXPECT_TRUE(local_->RegisterProducer(ContextOf(""), kProducer, {}).ok());
    if (GetParam() == Wiring::kGrpc) Connect();
  }
  ~StoreContractTest() override {
    client_.reset();
    loopback_.Stop();
    local_.reset();
    cutter_.reset();
    std::filesystem::remove_all(directory_);
  }

  void Connect() {
    series_service_ =
        std::make_unique<storage::SeriesSourceService>(local_.get(), loopback_.server_watcher());
    store_service_ =
        std::make_unique<storage::StoreService>(local_.get(), loopback_.server_watcher());
    documents_service_ = std::make_unique<storage::DocumentsService>(&local_->documents());
    loopback_.Start({series_service_.get(), store_service_.get(), documents_service_.get()});
    client_ = storage::ConnectStore(loopback_.channel(), loopback_.client_watcher());
  }

  storage::Store& store() { return client_ == nullptr ? *local_ : *client_; }

  absl::Status HandOver(const SealedCut& cut) {
    auto hand_over = store().StartHandOver(ContextOf(""), kProducer, cut.position);
    if (!hand_over.ok()) return hand_over.status();
    for (const storage::SealedSegment& segment : cut.segments) {
      if (absl::Status status = (*hand_over)->Add(segment); !status.ok()) return status;
    }
    return (*hand_over)->Commit();
  }
  LogPosition Committed() {
    const auto position = store().RegisterProducer(ContextOf(""), kProducer, {});
    EXPECT_TRUE(position.ok()) << position.status();
    return position.value_or(LogPosition{});
  }
  size_t SamplesOf(const std::string& tenant) {
    CountSamples found;
    const absl::Status status = store().Select(ContextOf(tenant), {}, found);
    EXPECT_TRUE(status.ok()) << status;
    return found.samples;
  }

  static inline int directories_ = 0;

  const std::string directory_;
  model::ManualClock clock_;
  TestTenants tenants_;
  std::optional<Cutter> cutter_;
  std::unique_ptr<storage::LocalStore> local_;
  std::unique_ptr<storage::SeriesSourceService> series_service_;
  std::unique_ptr<storage::StoreService> store_service_;
  std::unique_ptr<storage::DocumentsService> documents_service_;
  Loopback loopback_;
  std::unique_ptr<storage::Store> client_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, StoreContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(StoreContractTest, ACommittedHandOverIsThere) {
  const SealedCut cut = cutter_->Cut("a", 20, 100, kNow);
  EXPECT_EQ(Committed(), LogPosition{});
  const absl::Status status = HandOver(cut);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Committed(), cut.position);
  EXPECT_EQ(SamplesOf("a"), 2000U);
  EXPECT_EQ(SamplesOf("b"), 0U);
}

// Segments of several megabytes: pages in many messages.
TEST_P(StoreContractTest, ALargeHandOver) {
  const SealedCut cut = cutter_->Cut("a", 20'000, 30, kNow);
  size_t bytes = 0;
  for (const auto& segment : cut.segments) {
    for (const auto& [key, value] : segment.pages) bytes += value.size();
  }
  EXPECT_GT(bytes, size_t{1} << 20);
  const absl::Status status = HandOver(cut);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(SamplesOf("a"), 600'000U);
}

TEST_P(StoreContractTest, AnEmptyHandOverMovesThePosition) {
  const SealedCut cut{{1000}, {}};
  ASSERT_TRUE(HandOver(cut).ok());
  EXPECT_EQ(Committed(), LogPosition{1000});
}

TEST_P(StoreContractTest, WhatIsCommittedIsRefusedAtTheStart) {
  const SealedCut cut = cutter_->Cut("a", 1, 10, kNow);
  ASSERT_TRUE(HandOver(cut).ok());
  const auto again = store().StartHandOver(ContextOf(""), kProducer, cut.position);
  const auto directly = local_->StartHandOver(ContextOf(""), kProducer, cut.position);
  EXPECT_TRUE(absl::IsAlreadyExists(again.status())) << again.status();
  EXPECT_EQ(again.status(), directly.status());
  EXPECT_TRUE(absl::IsInvalidArgument(
      store().StartHandOver(ContextOf(""), kProducer, {cut.position.value - 1}).status()));
  EXPECT_EQ(SamplesOf("a"), 10U);
}

TEST_P(StoreContractTest, AProducerThatIsNotKnownIsRefused) {
  const SealedCut cut = cutter_->Cut("a", 1, 10, kNow);
  ASSERT_TRUE(HandOver(cut).ok());
  EXPECT_TRUE(
      absl::IsNotFound(store().StartHandOver(ContextOf(""), kProducer + 1, cut.position).status()));
  EXPECT_TRUE(absl::IsNotFound(
      store().RegisterProducer(ContextOf(""), kProducer + 1, {kProducer + 2}).status()));
  EXPECT_EQ(
      store().RegisterProducer(ContextOf(""), kProducer + 1, {kProducer + 2, kProducer})->value,
      cut.position.value);
  EXPECT_TRUE(absl::IsNotFound(
      store().StartHandOver(ContextOf(""), kProducer, {cut.position.value + 1}).status()));
}

TEST_P(StoreContractTest, ADroppedHandOverLeavesNothing) {
  const SealedCut cut = cutter_->Cut("a", 20, 100, kNow);
  {
    auto hand_over = store().StartHandOver(ContextOf(""), kProducer, cut.position);
    ASSERT_TRUE(hand_over.ok()) << hand_over.status();
    for (const auto& segment : cut.segments) ASSERT_TRUE((*hand_over)->Add(segment).ok());
  }
  EXPECT_EQ(Committed(), LogPosition{});
  EXPECT_EQ(SamplesOf("a"), 0U);
  ASSERT_TRUE(HandOver(cut).ok());
  EXPECT_EQ(SamplesOf("a"), 2000U);
}

TEST_P(StoreContractTest, ARefusedSegmentIsNamed) {
  SealedCut cut = cutter_->Cut("a", 1, 10, kNow);
  ASSERT_FALSE(cut.segments.empty());
  cut.segments[0].tenant = "b";
  // Through a socket the refusal may be known at the commit only.
  const absl::Status status = HandOver(cut);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_NE(std::string(status.message()).find("another segment"), std::string::npos) << status;
  EXPECT_EQ(Committed(), LogPosition{});
}

TEST_P(StoreContractTest, ACommittedHandOverIsOver) {
  auto hand_over = store().StartHandOver(ContextOf(""), kProducer, {5});
  ASSERT_TRUE(hand_over.ok());
  ASSERT_TRUE((*hand_over)->Commit().ok());
  EXPECT_EQ((*hand_over)->Commit(), absl::FailedPreconditionError("the hand-over is over"));
}

TEST_P(StoreContractTest, DocumentsComeBackAsTheyWereWritten) {
  storage::Documents& documents = store().documents();
  const std::string bytes("\0\xff\n", 3);
  ASSERT_TRUE(documents.Commit({{"rules/a/1", bytes, 0}, {"rules/a/2", "", 0}}).ok());
  const auto first = documents.Get("rules/a/1");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->key, "rules/a/1");
  EXPECT_EQ(first->value, bytes);
  EXPECT_GT(first->version, 0U);
  ASSERT_TRUE(documents.Commit({{"rules/a/1", std::nullopt, std::nullopt}}).ok());
  EXPECT_EQ(documents.Get("rules/a/1").status(), local_->documents().Get("rules/a/1").status());
  EXPECT_TRUE(absl::IsNotFound(documents.Get("rules/a/1").status()));
  const auto second = documents.Get("rules/a/2");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->value, "");
}

TEST_P(StoreContractTest, AConflictLeavesAllDocumentsAlone) {
  storage::Documents& documents = store().documents();
  ASSERT_TRUE(documents.Commit({{"leases/x", "1", 0}}).ok());
  const uint64_t version = documents.Get("leases/x")->version;
  EXPECT_TRUE(absl::IsAborted(documents.Commit({{"leases/y", "1", 0}, {"leases/x", "2", 0}})));
  EXPECT_TRUE(absl::IsAborted(documents.Commit({{"leases/x", "2", version + 1}})));
  EXPECT_TRUE(absl::IsNotFound(documents.Get("leases/y").status()));
  EXPECT_TRUE(documents.Commit({{"leases/x", "2", version}}).ok());
  EXPECT_GT(documents.Get("leases/x")->version, version);
}

TEST_P(StoreContractTest, ListsDocumentsOfAPrefixInOrder) {
  storage::Documents& documents = store().documents();
  std::vector<DocumentWrite> writes;
  for (int i = 0; i < 2000; ++i) {
    writes.push_back({"rules/a/" + std::to_string(10'000 + i), std::string(1000, 'x'), 0});
  }
  writes.push_back({"rules/b/1", "", 0});
  ASSERT_TRUE(documents.Commit(writes).ok());
  const auto all = documents.List("rules/a/", "", 0);  // Two megabytes.
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 2000U);
  EXPECT_EQ(all->front().key, "rules/a/10000");
  EXPECT_EQ(all->back().key, "rules/a/11999");
  EXPECT_EQ(all->back().value.size(), 1000U);
  const auto page = documents.List("rules/a/", "rules/a/10004", 3);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->size(), 3U);
  EXPECT_EQ(page->front().key, "rules/a/10005");
  EXPECT_TRUE(documents.List("none/", "", 0)->empty());
}

TEST_P(StoreContractTest, MetadataBelongsToItsTenant) {
  const model::MetricMetadata up{"up", model::MetricType::kGauge, "Is it up?\n", ""};
  const model::MetricMetadata reqs{"reqs", model::MetricType::kCounter, "é", "seconds"};
  ASSERT_TRUE(store().PutMetadata(ContextOf(""), {{"a", up}, {"a", reqs}, {"b", up}}).ok());
  const auto all = store().Metadata(ContextOf("a"), "");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(*all, (std::vector<model::MetricMetadata>{reqs, up}));
  const auto one = store().Metadata(ContextOf("b"), "up");
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(*one, std::vector<model::MetricMetadata>{up});
  EXPECT_TRUE(store().Metadata(ContextOf("b"), "reqs")->empty());
  model::MetricMetadata nameless;
  EXPECT_TRUE(absl::IsInvalidArgument(store().PutMetadata(ContextOf(""), {{"a", nameless}})));
}

TEST_P(StoreContractTest, EveryCallHonoursItsDeadline) {
  ASSERT_TRUE(HandOver(cutter_->Cut("a", 1, 10, kNow)).ok());
  model::RequestContext late = ContextOf("a");
  late.deadline = absl::InfinitePast();
  CountSamples found;
  EXPECT_TRUE(absl::IsDeadlineExceeded(store().Select(late, {}, found)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(store().StartHandOver(late, kProducer, {1 << 20}).status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(store().Metadata(late, "").status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(store().PutMetadata(late, {})));
}

// Below: what only a socket can do.
class RemoteStoreTest : public StoreContractTest {};
INSTANTIATE_TEST_SUITE_P(Wirings, RemoteStoreTest, testing::Values(Wiring::kGrpc), WiringName);

TEST_P(RemoteStoreTest, AHandOverBrokenByTheNetworkLeavesNothing) {
  const SealedCut cut = cutter_->Cut("a", 20, 100, kNow);
  auto hand_over = store().StartHandOver(ContextOf(""), kProducer, cut.position);
  ASSERT_TRUE(hand_over.ok());
  for (const auto& segment : cut.segments) ASSERT_TRUE((*hand_over)->Add(segment).ok());
  loopback_.Stop();
  const absl::Status broken = (*hand_over)->Commit();
  EXPECT_TRUE(absl::IsUnavailable(broken)) << broken;
  EXPECT_EQ(std::string(broken.message()).substr(0, 7), "store: ") << broken;
  loopback_.Restart();
  EXPECT_EQ(local_->RegisterProducer(ContextOf(""), kProducer, {})->value, 0U);
  // The same client goes on, once it has connected again.
  absl::Status status;
  for (int i = 0; i < 200 && !(status = HandOver(cut)).ok(); ++i) {
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    absl::SleepFor(absl::Milliseconds(50));
  }
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(SamplesOf("a"), 2000U);
}

TEST_P(RemoteStoreTest, ACancelledHandOverLeavesNothing) {
  const SealedCut cut = cutter_->Cut("a", 20, 100, kNow);
  const model::RequestContext context = ContextOf("");
  auto hand_over = store().StartHandOver(context, kProducer, cut.position);
  ASSERT_TRUE(hand_over.ok());
  for (const auto& segment : cut.segments) ASSERT_TRUE((*hand_over)->Add(segment).ok());
  context.Cancel();
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_TRUE(absl::IsCancelled((*hand_over)->Commit()));
  EXPECT_EQ(Committed(), LogPosition{});
}

// A peer that speaks the protocol wrongly.
TEST_P(RemoteStoreTest, PartsInTheWrongOrderAreRefused) {
  const auto stub = v1::Store::NewStub(loopback_.channel());
  v1::HandOverMessage start;
  start.mutable_start()->set_producer(kProducer);
  start.mutable_start()->set_position(9);
  v1::HandOverMessage segment;
  segment.mutable_segment()->set_tenant("a");
  v1::HandOverMessage pages;
  pages.mutable_pages()->add_pages()->set_key("k");
  v1::HandOverMessage continued;
  continued.mutable_pages()->add_pages()->set_continued(true);
  v1::HandOverMessage commit;
  commit.mutable_commit();
  const std::vector<std::vector<v1::HandOverMessage>> wrong = {{},
                                                               {commit},
                                                               {segment},
                                                               {v1::HandOverMessage()},
                                                               {start, start},
                                                               {start, pages},
                                                               {start, segment, continued},
                                                               {start, v1::HandOverMessage()}};
  for (const auto& messages : wrong) {
    grpc::ClientContext call;
    const auto stream = stub->HandOver(&call);
    for (const v1::HandOverMessage& message : messages) stream->Write(message);
    stream->WritesDone();
    v1::HandOverResponse response;
    while (stream->Read(&response)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT) << messages.size();
  }
  grpc::ClientContext call;
  const auto stream = stub->HandOver(&call);
  stream->Write(start);
  stream->WritesDone();
  v1::HandOverResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Committed(), LogPosition{});
}

}  // namespace
}  // namespace tidegate::contract
