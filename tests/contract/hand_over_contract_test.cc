// What every hand-over keeps when the store refuses, and when pages are large: over a fake store,
// directly and through a socket. store_contract_test has the real one.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "storage/grpc/store_client.h"
#include "storage/grpc/store_service.h"
#include "tests/contract/fakes/fake_store.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

class HandOverContractTest : public testing::TestWithParam<Wiring> {
 protected:
  HandOverContractTest() {
    if (GetParam() == Wiring::kInProcess) return;
    service_ = std::make_unique<storage::StoreService>(&fake_, loopback_.server_watcher());
    loopback_.Start({service_.get()});
    client_ = storage::ConnectStore(loopback_.channel(), loopback_.client_watcher());
  }
  ~HandOverContractTest() override { loopback_.Stop(); }

  absl::Status HandOver(std::vector<storage::SealedSegment> segments) {
    storage::Store& store = client_ == nullptr ? fake_ : *client_;
    auto hand_over = store.StartHandOver(ContextOf(""), 1, {5});
    if (!hand_over.ok()) return hand_over.status();
    for (storage::SealedSegment& segment : segments) {
      absl::Status status = (*hand_over)->Add(std::move(segment));
      if (!status.ok()) return status;
    }
    return (*hand_over)->Commit();
  }

  FakeStore fake_;
  std::unique_ptr<storage::StoreService> service_;
  Loopback loopback_;
  std::unique_ptr<storage::Store> client_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, HandOverContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

std::string Bytes(size_t size, char seed) {
  std::string bytes(size, seed);
  for (size_t i = 0; i < size; i += 1000) bytes[i] = static_cast<char>(i / 1000);
  return bytes;
}

// Sizes around the bounds of pieces and messages.
TEST_P(HandOverContractTest, SegmentsArriveAsTheyWere) {
  storage::SealedSegment first;
  first.partition = {-7'200'000, 7'200'000};
  first.tenant = "a";
  first.range = {-9, -1};
  first.series = 3;
  first.samples = uint64_t{1} << 40;
  constexpr size_t kPiece = 1 << 20;
  char key = 'a';
  for (const size_t size : {size_t{0}, size_t{1}, kPiece - 1, kPiece, kPiece + 1, 2 * kPiece,
                            size_t{10'000'000}, size_t{0}}) {
    first.pages.emplace_back(std::string(1, key), Bytes(size, key));
    ++key;
  }
  storage::SealedSegment second;
  second.tenant = "b";
  second.pages = {{std::string("\0\xff", 2), "v"}};
  storage::SealedSegment empty;
  const std::vector<storage::SealedSegment> segments = {first, second, empty};
  const absl::Status status = HandOver(segments);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(fake_.committed.size(), segments.size());
  for (size_t i = 0; i < segments.size(); ++i) {
    EXPECT_EQ(fake_.committed[i].partition, segments[i].partition);
    EXPECT_EQ(fake_.committed[i].tenant, segments[i].tenant);
    EXPECT_EQ(fake_.committed[i].range, segments[i].range);
    EXPECT_EQ(fake_.committed[i].series, segments[i].series);
    EXPECT_EQ(fake_.committed[i].samples, segments[i].samples);
    EXPECT_TRUE(fake_.committed[i].pages == segments[i].pages) << i;  // Too much to print.
  }
}

TEST_P(HandOverContractTest, RefusalsComeThroughUnchanged) {
  for (const absl::Status& error :
       {absl::ResourceExhaustedError("disk full"), absl::AlreadyExistsError("committed"),
        absl::InvalidArgumentError("a page of another segment"), absl::InternalError("\n")}) {
    for (absl::Status FakeStore::*place :
         {&FakeStore::start_error, &FakeStore::add_error, &FakeStore::commit_error}) {
      fake_.*place = error;
      EXPECT_EQ(HandOver({storage::SealedSegment()}), error);
      fake_.*place = absl::OkStatus();
    }
  }
  EXPECT_TRUE(fake_.committed.empty());
}

// About one in thirty of these stood still for ten seconds with gRPC's own choice of windows.
TEST_P(HandOverContractTest, NoTransferStandsStill) {
  storage::SealedSegment segment;
  segment.pages = {{"a", Bytes(3'100'000, 'a')}, {"b", ""}, {"c", Bytes(10'000'000, 'c')}};
  for (int i = 0; i < 50; ++i) {
    const absl::Time start = absl::Now();
    ASSERT_TRUE(HandOver({segment, storage::SealedSegment()}).ok());
    EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  }
}

// A store that refuses early must not be sent everything first.
TEST_P(HandOverContractTest, ARefusalStopsTheSender) {
  fake_.add_error = absl::UnavailableError("later");
  storage::Store& store = client_ == nullptr ? fake_ : *client_;
  auto hand_over = store.StartHandOver(ContextOf(""), 1, {5});
  ASSERT_TRUE(hand_over.ok());
  constexpr size_t kSegments = 200;
  size_t taken = 0;
  absl::Status status;
  for (; taken < kSegments && status.ok(); ++taken) {
    storage::SealedSegment segment;
    segment.pages = {{"k", Bytes(1 << 20, 'x')}};
    status = (*hand_over)->Add(std::move(segment));
  }
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_LT(taken, kSegments / 2);
}

}  // namespace
}  // namespace tidegate::contract
