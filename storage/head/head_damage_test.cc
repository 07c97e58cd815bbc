// Damage to the log costs the points of the damaged frame and nothing else, wherever it lies.

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/files/fault_injecting_file_system.h"
#include "storage/head/head_tester.h"
#include "storage/head/log_record.h"
#include "storage/log/fake_log.h"
#include "storage/log/local_log.h"

namespace tidegate::storage::head {
namespace {

constexpr model::TimestampMs kT = 1'700'000'000'000;
constexpr char kDirectory[] = "/log";

LabelPairs Metric(int number) { return {{"__name__", fmt::format("metric_{}", number)}}; }

// Pushes of which the first ones define series; every time occurs in one push.
void PushEverything(Head& head) {
  for (int push = 0; push < 6; ++push) {
    BatchBuilder batch;
    for (int series = 0; series <= push / 2; ++series) {
      batch.Series(Metric(series)).Sample(kT + push * 1000, push + series);
    }
    batch.Series(Metric(100)).Histogram(kT + push * 1000, TestHistogram(push));
    ASSERT_TRUE(head.Append(TestContext(), batch.batch(), TestAdmission()).ok());
  }
}

struct Frame {
  LogPosition begin;
  LogPosition after;
  std::string bytes;
};

std::vector<Frame> FramesOf(Log& log) {
  std::vector<Frame> frames;
  LogPosition last = log.bounds().begin;
  const absl::Status status = log.Replay(
      {},
      [&](LogPosition after, std::string_view bytes) {
        frames.push_back({last, after, std::string(bytes)});
        last = after;
        return absl::OkStatus();
      },
      [](const LogDamage& damage) { ADD_FAILURE() << damage.reason; });
  EXPECT_TRUE(status.ok()) << status;
  return frames;
}

// What is left of `all` without the points of one frame.
Answer Without(Answer all, const std::string& frame) {
  LogRecord record;
  EXPECT_TRUE(DecodeLogRecord(frame, &record).ok());
  std::set<model::TimestampMs> lost;
  for (const auto& sample : record.samples) lost.insert(sample.timestamp);
  for (const auto& histogram : record.histograms) lost.insert(histogram.timestamp);
  for (auto& [labels, series] : all.series) {
    std::erase_if(series.samples, [&](const auto& point) { return lost.contains(point.first); });
    std::erase_if(series.histograms, [&](const auto& point) { return lost.contains(point.first); });
  }
  std::erase_if(all.series, [](const auto& item) {
    return item.second.samples.empty() && item.second.histograms.empty();
  });
  return all;
}

// The answer of a head that replays `log`; damage and losses go to `complaints`.
Answer Replayed(Log& log, std::vector<std::string>* complaints) {
  const std::unique_ptr<Head> head = CreateHead({}, &log);
  const absl::Status status = log.Replay(
      {},
      [&](LogPosition after, std::string_view frame) {
        const absl::Status applied = head->Replay(after, frame);
        if (!applied.ok()) complaints->emplace_back(applied.message());
        return absl::OkStatus();
      },
      [&](const LogDamage& damage) { complaints->push_back(damage.reason); });
  EXPECT_TRUE(status.ok()) << status;
  return SelectAll(*head);
}

TEST(HeadDamageTest, ALostFrameCostsItsOwnPointsOnly) {
  FakeLog log;
  const std::unique_ptr<Head> head = CreateHead({}, &log);
  PushEverything(*head);
  const Answer all = SelectAll(*head);
  const std::vector<Frame> frames = FramesOf(log);
  ASSERT_EQ(frames.size(), 9u) << "six pushes, three of which define series";
  for (const Frame& lost : frames) {
    FakeLog damaged;
    for (const Frame& frame : frames) ASSERT_TRUE(damaged.Append(frame.bytes).ok());
    damaged.Damage(lost.begin, lost.after);
    std::vector<std::string> complaints;
    const Answer left = Replayed(damaged, &complaints);
    EXPECT_EQ(left, Without(all, lost.bytes)) << Describe(left);
    EXPECT_EQ(complaints, std::vector<std::string>{"damaged by a test"});
  }
}

TEST(HeadDamageTest, DefinitionsAreWrittenTwiceAfterEachCutOnly) {
  FakeLog log;
  const std::unique_ptr<Head> head = CreateHead({}, &log);
  PushEverything(*head);
  PushEverything(*head);
  EXPECT_EQ(FramesOf(log).size(), 9u + 6u);
  head->Release(**head->Cut());
  PushEverything(*head);
  EXPECT_EQ(FramesOf(log).size(), 9u + 6u + 9u);
}

// A log directory, copied byte by byte.
class Disk {
 public:
  using Files = std::map<std::string, std::string>;

  Disk() : files_(std::make_shared<FaultInjectingFileSystem>()) {
    EXPECT_TRUE(files_->CreateDirectory(kDirectory).ok());
  }
  explicit Disk(const Files& files) : Disk() {
    for (const auto& [name, bytes] : files) {
      const std::string path = fmt::format("{}/{}", kDirectory, name);
      EXPECT_TRUE(files_->Open(path, OpenMode::kCreate).ok());
      files_->SetContents(path, bytes);
    }
  }

  std::unique_ptr<Log> OpenLog() {
    absl::StatusOr<std::unique_ptr<Log>> log =
        OpenLocalLogIn({.file_system = files_, .new_log_id = 42},
                       {.directory = kDirectory, .segment_bytes = 64 << 10});
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }
  Files Copy() const {
    Files copy;
    const absl::StatusOr<std::vector<std::string>> names = files_->List(kDirectory);
    EXPECT_TRUE(names.ok());
    for (const std::string& name : *names) {
      copy[name] = files_->Contents(fmt::format("{}/{}", kDirectory, name));
    }
    return copy;
  }

 private:
  std::shared_ptr<FaultInjectingFileSystem> files_;
};

// Every byte of every file of a real log, one at a time.
TEST(HeadDamageTest, AFlippedByteAnywhereCostsAtMostThePointsOfItsFrame) {
  Answer all;
  std::vector<Frame> frames;
  Disk::Files files;
  {
    Disk disk;
    const std::unique_ptr<Log> log = disk.OpenLog();
    const std::unique_ptr<Head> head = CreateHead({}, log.get());
    PushEverything(*head);
    ASSERT_TRUE(log->WaitDurable(log->bounds().appended, absl::InfiniteFuture()).ok());
    all = SelectAll(*head);
    frames = FramesOf(*log);
    ASSERT_TRUE(log->Close().ok());
    files = disk.Copy();
  }
  constexpr uint64_t kHeader = 4096;
  int lossy = 0;
  for (const auto& [name, bytes] : files) {
    const bool segment = name.ends_with(".segment");
    for (size_t offset = 0; offset < bytes.size(); ++offset) {
      if (segment && offset >= 80 && offset < kHeader) continue;  // Zeros that nobody reads.
      SCOPED_TRACE(fmt::format("{} at {}", name, offset));
      Disk::Files flipped = files;
      flipped[name][offset] ^= 0x10;
      Disk disk(flipped);
      const std::unique_ptr<Log> log = disk.OpenLog();
      ASSERT_NE(log, nullptr);
      std::vector<std::string> complaints;
      const Answer left = Replayed(*log, &complaints);
      if (left == all) continue;
      ++lossy;
      ASSERT_TRUE(segment && offset >= kHeader) << Describe(left);
      const uint64_t position = offset - kHeader;
      const auto frame = std::ranges::find_if(
          frames, [&](const Frame& each) { return position < each.after.value; });
      ASSERT_NE(frame, frames.end());
      ASSERT_EQ(left, Without(all, frame->bytes)) << Describe(left);
      ASSERT_EQ(complaints.size(), 1u);
      EXPECT_THAT(complaints[0], testing::HasSubstr(name));
    }
  }
  EXPECT_GT(lossy, 100) << "the test must have hit frames with points";
}

}  // namespace
}  // namespace tidegate::storage::head
