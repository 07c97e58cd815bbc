// The store on a disk that loses power or is full.

#include <rocksdb/env.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "storage/rocks/database.h"
#include "storage/rocks/lossy_file_system.h"
#include "storage/store/store_fixture.h"

namespace tidegate::storage {
namespace {

const model::TimestampMs kRecent = SpanContaining(kTestNow, 2 * kHourMs).begin - 2 * kHourMs;
constexpr int kCuts = 10;

Samples SamplesOf(int cut) { return Ramp(kRecent + cut * 300'000, 20, 15'000, cut * 20); }

// A store over a lossy file system in its own directory.
class LossyStore {
 public:
  LossyStore() {
    clock_.SetMs(kTestNow);
    env_ = rocksdb::NewCompositeEnv(files_);
    options_.maintenance_interval = absl::ZeroDuration();
  }

  absl::Status Open() {
    RocksOptions options;
    options.directory = directory_.path();
    auto rocks = OpenRocksOn(options, env_.get());
    if (!rocks.ok()) return rocks.status();
    auto store = MakeLocalStore(options_, &clock_, &tenants_, *std::move(rocks));
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }

  absl::Status Commit(int cut) {
    const uint64_t position = static_cast<uint64_t>(cut) + 1;
    const auto known = store_->RegisterProducer(ContextOf(""), 1, {});
    if (!known.ok()) return known.status();
    auto hand_over = store_->StartHandOver(ContextOf(""), 1, {position});
    if (!hand_over.ok()) return hand_over.status();
    for (auto& segment : Seal("default", 1, position, {{Metric("up"), SamplesOf(cut)}}, kTestNow)) {
      if (absl::Status status = (*hand_over)->Add(std::move(segment)); !status.ok()) return status;
    }
    return (*hand_over)->Commit();
  }

  Samples Ask() {
    Collect<SelectedSeries> found;
    const absl::Status status = store_->Select(ContextOf("default"), {}, found);
    EXPECT_TRUE(status.ok()) << status;
    Samples samples;
    for (const SelectedSeries& series : found.items) {
      for (size_t i = 0; i < series.columns.values.size(); ++i) {
        samples.emplace_back((*series.columns.timestamps)[i], series.columns.values[i]);
      }
    }
    return samples;
  }

  void Crash() {
    store_.reset();
    files_->LosePower();
    files_->FailFrom(0);
    files_->FailNext("", rocksdb::IOStatus::OK(), 0);
  }

  LossyFileSystem& files() { return *files_; }
  LocalStore& store() { return *store_; }

 private:
  TemporaryDirectory directory_;
  std::shared_ptr<LossyFileSystem> files_ = std::make_shared<LossyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_;
  model::ManualClock clock_;
  FixedTenants tenants_;
  LocalStoreOptions options_;
  std::unique_ptr<LocalStore> store_;
};

// Ten cuts and a merge, until the disk fails. Returns how many cuts were acknowledged.
int RunUntilFailure(LossyStore* store) {
  int acknowledged = 0;
  for (int cut = 0; cut < kCuts; ++cut) {
    if (!store->Commit(cut).ok()) return acknowledged;
    ++acknowledged;
  }
  store->store().RunMaintenance().IgnoreError();
  return acknowledged;
}

Samples SamplesBefore(int cut_end) {
  Samples all;
  for (int cut = 0; cut < cut_end; ++cut) {
    const Samples samples = SamplesOf(cut);
    all.insert(all.end(), samples.begin(), samples.end());
  }
  return all;
}

TEST(PowerLossTest, NothingAcknowledgedIsLostWhereverThePowerGoes) {
  uint64_t changes = 0;
  {
    LossyStore whole;
    ASSERT_TRUE(whole.Open().ok());
    whole.files().FailFrom(0);
    ASSERT_EQ(RunUntilFailure(&whole), kCuts);
    changes = whole.files().changes();
  }
  ASSERT_GT(changes, 100u);
  for (uint64_t at = 1; at <= changes; at += 1 + changes / 120) {
    LossyStore store;
    ASSERT_TRUE(store.Open().ok());
    store.files().FailFrom(at);
    const int acknowledged = RunUntilFailure(&store);
    store.Crash();
    const absl::Status opened = store.Open();
    ASSERT_TRUE(opened.ok()) << "power lost at change " << at << ": " << opened;
    const Samples found = store.Ask();
    // The cut in flight may be there as a whole: its acknowledgement was lost, not the data.
    ASSERT_TRUE(found == SamplesBefore(acknowledged) || found == SamplesBefore(acknowledged + 1))
        << "power lost at change " << at << ", acknowledged " << acknowledged << ", found "
        << found.size();
    for (int cut = acknowledged; cut < kCuts; ++cut) {
      const absl::Status again = store.Commit(cut);
      ASSERT_TRUE(again.ok() || absl::IsAlreadyExists(again)) << again;
    }
    ASSERT_EQ(store.Ask(), SamplesBefore(kCuts)) << "power lost at change " << at;
  }
}

TEST(PowerLossTest, AFullDiskRefusesAndWritingResumesByItself) {
  // 1: before the cut's file is made; 3: while it is written.
  for (const uint64_t at : {1, 2, 3, 4}) {
    LossyStore store;
    ASSERT_TRUE(store.Open().ok());
    ASSERT_TRUE(store.Commit(0).ok());
    store.files().FullFrom(at);
    for (int i = 0; i < 3; ++i) {
      const absl::Status full = store.Commit(1);
      EXPECT_TRUE(absl::IsResourceExhausted(full)) << "full at " << at << ": " << full;
      EXPECT_TRUE(absl::IsResourceExhausted(
          store.store().documents().Commit({{"t/a", "1", std::nullopt}})));
      EXPECT_EQ(store.Ask(), SamplesBefore(1));
    }
    EXPECT_TRUE(store.store().Ready().ok());
    store.files().FullFrom(0);
    EXPECT_TRUE(store.store().documents().Commit({{"t/a", "1", std::nullopt}}).ok());
    ASSERT_TRUE(store.Commit(1).ok());
    ASSERT_TRUE(store.Commit(2).ok());
    EXPECT_EQ(store.Ask(), SamplesBefore(3));
    store.Crash();
    ASSERT_TRUE(store.Open().ok());
    EXPECT_EQ(store.Ask(), SamplesBefore(3)) << "full at " << at;
  }
}

// Tries until it is done; what fails meanwhile must be worth another try.
absl::Status CommitAtLast(LossyStore* store, int cut) {
  absl::Status status;
  for (int i = 0; i < 500; ++i) {
    status = store->Commit(cut);
    if (status.ok() || absl::IsAlreadyExists(status)) return absl::OkStatus();
    EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) << status;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return status;
}

struct Failure {
  const char* part;  // Of the path.
  rocksdb::IOStatus error;
  uint64_t times;
  uint64_t skip = 0;  // Which write of a file: its creation, an append, the sync.
};

std::vector<Failure> Failures() {
  std::vector<Failure> all;
  for (const char* part : {".log", "MANIFEST", "incoming", ".sst", "OPTIONS", "CURRENT", "rocks"}) {
    for (const uint64_t times : {1, 2, 3, 7}) {
      all.push_back({part, rocksdb::IOStatus::NoSpace("another process was quicker"), times});
    }
    for (const uint64_t skip : {0, 1, 2, 3, 4}) {
      all.push_back({part, rocksdb::IOStatus::IOError("a bad moment"), 1, skip});
    }
  }
  return all;
}

TEST(PowerLossTest, WritingGoesOnByItselfAfterAnyFailedWrite) {
  int failed = 0;
  for (const Failure& failure : Failures()) {
    SCOPED_TRACE(std::string(failure.part) + " " + failure.error.ToString() + " " +
                 std::to_string(failure.times) + " after " + std::to_string(failure.skip));
    LossyStore store;
    ASSERT_TRUE(store.Open().ok());
    ASSERT_TRUE(store.Commit(0).ok());
    store.files().FailNext(failure.part, failure.error, failure.times, failure.skip);
    // A cut into a new partition, so that every kind of file is written.
    for (int cut = 1; cut < 4; ++cut) {
      const absl::Status done = CommitAtLast(&store, cut);
      ASSERT_TRUE(done.ok()) << done;
      ASSERT_EQ(store.Ask(), SamplesBefore(cut + 1));
    }
    failed += store.files().failed_all() ? 1 : 0;
    store.files().FailNext("", rocksdb::IOStatus::OK(), 0);
    EXPECT_TRUE(store.store().RunMaintenance().ok());
    EXPECT_TRUE(store.store().Ready().ok());
    EXPECT_EQ(store.Ask(), SamplesBefore(4));
    store.Crash();
    const absl::Status opened = store.Open();
    ASSERT_TRUE(opened.ok()) << opened;
    EXPECT_EQ(store.Ask(), SamplesBefore(4));
  }
  EXPECT_GT(failed, 20);
}

TEST(PowerLossTest, WhileTheDiskRefusesReadsGoOnAndWritersAreToldToTryAgain) {
  LossyStore store;
  ASSERT_TRUE(store.Open().ok());
  ASSERT_TRUE(store.Commit(0).ok());
  store.files().FailFrom(1);
  EXPECT_FALSE(store.store().documents().Commit({{"t/a", "1", std::nullopt}}).ok());
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(absl::IsUnavailable(store.Commit(1)));
    EXPECT_EQ(store.Ask(), SamplesBefore(1));
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(absl::IsUnavailable(store.store().Ready()));
  store.files().FailFrom(0);
  ASSERT_TRUE(CommitAtLast(&store, 1).ok());
  EXPECT_EQ(store.Ask(), SamplesBefore(2));
}

TEST(PowerLossTest, ReadersNeverSeeAWrongAnswerWhileTheDatabaseIsOpenedAnew) {
  LossyStore store;
  ASSERT_TRUE(store.Open().ok());
  ASSERT_TRUE(store.Commit(0).ok());
  std::atomic<bool> stop{false};
  std::atomic<int> answers{0};
  std::thread reader([&] {
    while (!stop.load()) {
      const Samples found = store.Ask();
      EXPECT_EQ(found.size() % 20, 0u);
      EXPECT_TRUE(found == SamplesBefore(static_cast<int>(found.size() / 20)));
      answers.fetch_add(1);
    }
  });
  for (int cut = 1; cut < kCuts; ++cut) {
    store.files().FailNext(cut % 2 == 0 ? ".log" : "MANIFEST",
                           rocksdb::IOStatus::NoSpace("another process was quicker"), 1);
    EXPECT_TRUE(CommitAtLast(&store, cut).ok());
  }
  stop.store(true);
  reader.join();
  EXPECT_GT(answers.load(), 10);
  EXPECT_EQ(store.Ask(), SamplesBefore(kCuts));
}

}  // namespace
}  // namespace tidegate::storage
