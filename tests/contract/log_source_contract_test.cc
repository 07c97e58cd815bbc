// What every LogSource keeps: a head and a store, asked directly and through a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "model/series_id.h"
#include "model/write_batch.h"
#include "storage/grpc/log_source_client.h"
#include "storage/grpc/log_source_service.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/log_source.h"
#include "storage/store.h"
#include "tests/contract/loopback.h"
#include "tests/contract/test_tenants.h"

namespace tidegate::contract {
namespace {

using storage::LineColumn;
using storage::LineTest;
using storage::LogBatch;
using storage::LogOrder;
using storage::LogSelection;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr model::TimestampMs kNow = 1'767'225'600'000;  // 2026-01-01T00:00:00Z.
constexpr model::TimestampNs kT = kNow * 1'000'000;
constexpr uint64_t kProducer = 77;

const model::Labels kWeb({{"app", "web"}, {"env", "prod"}});
const model::Labels kDb({{"app", "db"}, {"env", "prod"}});
const model::Labels kTrace({{"trace", "1"}});

enum class Kept { kInHead, kInStore };

class AdmitAll final : public storage::SeriesAdmission {
 public:
  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override {
    return model::Labels(model::LabelsView(label_bytes));
  }
  absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
};

class Collect final : public storage::Sink<LogBatch> {
 public:
  absl::Status Add(LogBatch batch) override {
    batches.push_back(std::move(batch));
    return error;
  }
  std::vector<LogBatch> batches;
  absl::Status error;
};

class LogSourceContractTest : public testing::TestWithParam<std::tuple<Kept, Wiring>> {
 protected:
  LogSourceContractTest()
      : directory_(testing::TempDir() + "/log_source_contract_" + std::to_string(getpid()) + "_" +
                   std::to_string(++directories_)) {
    std::filesystem::create_directories(directory_ + "/store");
    std::filesystem::create_directories(directory_ + "/log");
    clock_.SetMs(kNow);
    storage::LocalLogOptions log;
    log.segment_bytes = 4 << 20;
    log.directory = directory_ + "/log";
    log_ = *storage::OpenLocalLog(log);
    head_ = storage::CreateHead({}, log_.get());
    storage::LocalStoreOptions options;
    options.directory = directory_ + "/store";
    options.maintenance_interval = absl::ZeroDuration();
    store_ = *storage::OpenLocalStore(options, &clock_, &tenants_);
  }
  ~LogSourceContractTest() override {
    client_.reset();
    loopback_.Stop();
    store_.reset();
    head_.reset();
    EXPECT_TRUE(log_->Close().ok());
    std::filesystem::remove_all(directory_);
  }

  Kept kept() const { return std::get<0>(GetParam()); }

  storage::LogSource& Source() {
    storage::LogSource* local = head_.get();
    if (kept() == Kept::kInStore) local = store_.get();
    if (std::get<1>(GetParam()) == Wiring::kInProcess) return *local;
    if (client_ == nullptr) {
      service_ = std::make_unique<storage::LogSourceService>(local, loopback_.server_watcher());
      loopback_.Start({service_.get()});
      client_ = std::make_unique<storage::LogSourceClient>("peer", loopback_.channel(),
                                                           loopback_.client_watcher());
    }
    return *client_;
  }

  // Appends; then seals where the entries are to be kept in the store.
  void Add(const model::Labels& stream, const std::vector<model::LogEntry>& entries) {
    model::WriteBatch batch;
    model::BatchSeries series;
    series.label_bytes = stream.bytes();
    series.id = model::HashLabelBytes(stream.bytes());
    series.entries_end = static_cast<uint32_t>(entries.size());
    batch.series.push_back(series);
    for (const model::LogEntry& entry : entries) {
      batch.entries.push_back({entry.timestamp, entry.line, entry.structured_metadata.bytes()});
    }
    const auto appended = head_->Append(ContextOf("a"), batch, AdmitAll());
    ASSERT_TRUE(appended.ok()) << appended.status();
    ASSERT_EQ(appended->entries, entries.size());
    if (kept() == Kept::kInStore) Seal();
  }

  void Seal() {
    const auto cut = head_->Cut();
    ASSERT_TRUE(cut.ok()) << cut.status();
    ASSERT_TRUE(store_->RegisterProducer(ContextOf(""), kProducer, {}).ok());
    auto hand_over = store_->StartHandOver(ContextOf(""), kProducer, (*cut)->position());
    ASSERT_TRUE(hand_over.ok()) << hand_over.status();
    ASSERT_TRUE((*cut)
                    ->Seal(kProducer, kNow,
                           [&](storage::SealedSegment segment) {
                             return (*hand_over)->Add(std::move(segment));
                           })
                    .ok());
    ASSERT_TRUE((*hand_over)->Commit().ok());
    head_->Release(**cut);
  }

  // Two streams; one entry is sent twice, one comes late.
  void AddSome() {
    Add(kWeb, {{kT + 30, "GET /c 500", {}}, {kT + 10, "GET /a 200", kTrace}});
    Add(kDb, {{kT + 20, "slow query", {}}});
    Add(kWeb, {{kT + 20, "GET /b 200", {}}, {kT + 10, "GET /a 200", kTrace}});
  }

  std::vector<LogBatch> Select(const LogSelection& selection) {
    Collect sink;
    const absl::Status status = Source().SelectLogs(ContextOf("a"), selection, sink);
    EXPECT_TRUE(status.ok()) << status;
    return std::move(sink.batches);
  }

  // The lines of one stream, in the order in which they came.
  static std::vector<std::string> LinesOf(const model::Labels& stream,
                                          const std::vector<LogBatch>& batches) {
    std::vector<std::string> lines;
    for (const LogBatch& batch : batches) {
      if (*batch.stream != stream) continue;
      lines.insert(lines.end(), batch.lines.begin(), batch.lines.end());
    }
    return lines;
  }

  static LogSelection All() {
    LogSelection selection;
    selection.range = {kT, kT + 1000};
    return selection;
  }

  static inline int directories_ = 0;

  const std::string directory_;
  model::ManualClock clock_;
  TestTenants tenants_;
  std::unique_ptr<storage::Log> log_;
  std::unique_ptr<storage::Head> head_;
  std::unique_ptr<storage::LocalStore> store_;
  std::unique_ptr<storage::LogSourceService> service_;
  Loopback loopback_;
  std::unique_ptr<storage::LogSourceClient> client_;
};

std::string NameOf(const testing::TestParamInfo<std::tuple<Kept, Wiring>>& info) {
  return std::string(std::get<0>(info.param) == Kept::kInHead ? "Head" : "Store") +
         testing::PrintToString(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Sources, LogSourceContractTest,
                         testing::Combine(testing::Values(Kept::kInHead, Kept::kInStore),
                                          testing::Values(Wiring::kInProcess, Wiring::kGrpc)),
                         NameOf);

TEST_P(LogSourceContractTest, EntriesComeOnceAndInOrder) {
  AddSome();
  const auto batches = Select(All());
  EXPECT_THAT(LinesOf(kWeb, batches), ElementsAre("GET /a 200", "GET /b 200", "GET /c 500"));
  EXPECT_THAT(LinesOf(kDb, batches), ElementsAre("slow query"));
  for (const LogBatch& batch : batches) {
    if (*batch.stream != kWeb) continue;
    EXPECT_EQ(batch.timestamps.front(), kT + 10);
    ASSERT_FALSE(batch.metadata.empty());
    EXPECT_EQ(batch.metadata_sets[batch.metadata[0]], kTrace);
  }
}

TEST_P(LogSourceContractTest, EqualNanosecondsKeepTheOrderOfArrival) {
  Add(kWeb, {{kT, "z", {}}, {kT, "a", {}}});
  Add(kWeb, {{kT, "m", {}}, {kT, "z", kTrace}});
  EXPECT_THAT(LinesOf(kWeb, Select(All())), ElementsAre("z", "a", "m", "z"));
  LogSelection backward = All();
  backward.order = LogOrder::kBackward;
  EXPECT_THAT(LinesOf(kWeb, Select(backward)), ElementsAre("z", "m", "a", "z"));
}

TEST_P(LogSourceContractTest, RangesAreExactToTheNanosecondAndHalfOpen) {
  AddSome();
  LogSelection selection = All();
  selection.range = {kT + 10, kT + 30};
  EXPECT_THAT(LinesOf(kWeb, Select(selection)), ElementsAre("GET /a 200", "GET /b 200"));
  selection.range = {kT + 11, kT + 20};
  EXPECT_THAT(Select(selection), IsEmpty());
  selection.range = {kT + 20, kT + 20};
  EXPECT_THAT(Select(selection), IsEmpty());
}

TEST_P(LogSourceContractTest, MatchersAndTestsPick) {
  AddSome();
  LogSelection selection = All();
  selection.matchers = *model::CompileMatchers({{model::MatchType::kEqual, "app", "web"}});
  selection.tests = {{LineTest::Kind::kContains, {"200"}, false},
                     {LineTest::Kind::kMatches, {"/[ac] "}, false}};
  const auto batches = Select(selection);
  EXPECT_THAT(LinesOf(kWeb, batches), ElementsAre("GET /a 200"));
  EXPECT_THAT(LinesOf(kDb, batches), IsEmpty());
  selection.tests = {{LineTest::Kind::kMatches, {"("}, false}};
  Collect sink;
  EXPECT_TRUE(absl::IsInvalidArgument(Source().SelectLogs(ContextOf("a"), selection, sink)));
}

TEST_P(LogSourceContractTest, ALimitLeavesTheFirstInTheOrder) {
  AddSome();
  LogSelection selection = All();
  selection.limit = 1;
  EXPECT_THAT(LinesOf(kWeb, Select(selection)), ElementsAre("GET /a 200"));
  selection.order = LogOrder::kBackward;
  EXPECT_THAT(LinesOf(kWeb, Select(selection)), ElementsAre("GET /c 500"));
}

TEST_P(LogSourceContractTest, ColumnsThatAreNotWantedAreEmpty) {
  AddSome();
  LogSelection selection = All();
  selection.lines = LineColumn::kSizes;
  selection.structured_metadata = false;
  for (const LogBatch& batch : Select(selection)) {
    EXPECT_EQ(batch.line_sizes, std::vector<uint32_t>(batch.timestamps.size(), 10));
    EXPECT_THAT(batch.lines, IsEmpty());
    EXPECT_THAT(batch.metadata, IsEmpty());
  }
}

TEST_P(LogSourceContractTest, ManyEntriesComeInBoundedBatches) {
  std::vector<model::LogEntry> entries;
  for (int i = 0; i < 100'000; ++i) entries.push_back({kT + i, std::string(50, 'x'), {}});
  Add(kWeb, entries);
  LogSelection selection = All();
  selection.range = {kT, kT + 1'000'000};
  model::TimestampNs next = kT;
  for (const LogBatch& batch : Select(selection)) {
    EXPECT_LE(batch.timestamps.size(), 64u << 10);
    for (const model::TimestampNs time : batch.timestamps) EXPECT_EQ(time, next++);
  }
  EXPECT_EQ(next, kT + 100'000);
}

TEST_P(LogSourceContractTest, OtherTenantsSeeNothing) {
  AddSome();
  Collect sink;
  ASSERT_TRUE(Source().SelectLogs(ContextOf("b"), All(), sink).ok());
  EXPECT_THAT(sink.batches, IsEmpty());
  const auto names = Source().StreamLabelNames(ContextOf("b"), {{}, {kT, kT + 1000}});
  ASSERT_TRUE(names.ok());
  EXPECT_THAT(*names, IsEmpty());
}

TEST_P(LogSourceContractTest, TheSinksErrorIsTheAnswer) {
  AddSome();
  Collect sink;
  sink.error = absl::ResourceExhaustedError("enough");
  EXPECT_EQ(Source().SelectLogs(ContextOf("a"), All(), sink), sink.error);
  EXPECT_EQ(sink.batches.size(), 1u);
}

TEST_P(LogSourceContractTest, VolumesOfStreams) {
  AddSome();
  storage::StreamQuery query;
  query.range = {kT, kT + 1000};
  const auto volumes = Source().StreamVolumes(ContextOf("a"), query);
  ASSERT_TRUE(volumes.ok()) << volumes.status();
  ASSERT_EQ(volumes->size(), 2u);
  for (const storage::StreamVolume& volume : *volumes) {
    const uint64_t entries = volume.stream == kWeb ? 3 : 1;
    EXPECT_EQ(volume.entries, entries);
    EXPECT_EQ(volume.bytes, 10 * entries);
    EXPECT_GE(volume.chunks, 1u);
  }
  query.selections = {*model::CompileMatchers({{model::MatchType::kEqual, "app", "db"}}),
                      *model::CompileMatchers({{model::MatchType::kEqual, "app", "none"}})};
  const auto some = Source().StreamVolumes(ContextOf("a"), query);
  ASSERT_TRUE(some.ok());
  ASSERT_EQ(some->size(), 1u);
  EXPECT_EQ(some->front().stream, kDb);
}

TEST_P(LogSourceContractTest, LabelsOfStreams) {
  AddSome();
  storage::StreamQuery query;
  query.range = {kT, kT + 1000};
  const auto names = Source().StreamLabelNames(ContextOf("a"), query);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(*names, ElementsAre("app", "env"));
  const auto values = Source().StreamLabelValues(ContextOf("a"), "app", query);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre("db", "web"));
  query.selections = {*model::CompileMatchers({{model::MatchType::kEqual, "app", "db"}})};
  EXPECT_THAT(*Source().StreamLabelValues(ContextOf("a"), "app", query), ElementsAre("db"));
  query.range = {kT - 10'000'000'000, kT - 5'000'000'000};
  EXPECT_THAT(*Source().StreamLabelNames(ContextOf("a"), query), IsEmpty());
}

}  // namespace
}  // namespace tidegate::contract
