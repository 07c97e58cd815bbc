// What the local log does beyond the contract suite: full and broken disks, damage, trimming,
// recycling, fencing, what is left in the directory.

#include "storage/log/local_log.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/log/epoch_file.h"
#include "storage/log/log_contract.h"
#include "storage/log/log_format.h"
#include "storage/log/read_local_log.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kSegmentBytes = 16 << 10;
constexpr char kDirectory[] = "/log";

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

std::string Message(const absl::Status& status) { return std::string(status.message()); }

// The same record as a later version would write it: intact, but for us to refuse.
std::string AsNewerVersion(std::string bytes, size_t record_bytes) {
  bytes[8] = 2;
  const uint64_t check = XXH3_64bits(bytes.data(), record_bytes - 8);
  bytes.replace(record_bytes - 8, 8, reinterpret_cast<const char*>(&check), 8);
  return bytes;
}

class LocalLogTest : public testing::Test {
 protected:
  LocalLogTest() { options_.directory = kDirectory, options_.segment_bytes = kSegmentBytes; }

  absl::StatusOr<std::unique_ptr<Log>> TryOpen() {
    return OpenLocalLogIn({.file_system = files_,
                           .new_log_id = 7,
                           .first_retry = absl::Milliseconds(1),
                           .longest_retry = absl::Milliseconds(5)},
                          options_);
  }
  void Open() {
    log_.reset();
    absl::StatusOr<std::unique_ptr<Log>> log = TryOpen();
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }

  // Appends `count` frames of `bytes` bytes, durably; remembers them.
  void Fill(int count, size_t bytes = 1000) {
    for (int i = 0; i < count; ++i) {
      frames_.push_back(fmt::format("{:06} {}", frames_.size(), std::string(bytes, 'x')));
      positions_.push_back(AppendDurably(*log_, frames_.back()));
    }
  }
  std::vector<std::string> FramesFrom(size_t first) const {
    return {frames_.begin() + first, frames_.end()};
  }

  std::vector<std::string> Names(std::string_view containing = "") {
    std::vector<std::string> names = files_->List(kDirectory).value();
    std::erase_if(
        names, [&](const std::string& name) { return name.find(containing) == std::string::npos; });
    return names;
  }
  std::vector<std::string> Segments() { return Names(".segment"); }
  std::string Path(const std::string& name) { return fmt::format("{}/{}", kDirectory, name); }

  void Flip(const std::string& name, size_t offset, char mask = 1) {
    std::string bytes = files_->Contents(Path(name));
    ASSERT_LT(offset, bytes.size());
    bytes[offset] ^= mask;
    files_->SetContents(Path(name), bytes);
  }

  void WaitUntilWritable() {
    while (!log_->Writable().ok()) absl::SleepFor(absl::Milliseconds(1));
  }

  std::shared_ptr<FaultInjectingFileSystem> files_ = std::make_shared<FaultInjectingFileSystem>();
  LocalLogOptions options_;
  std::unique_ptr<Log> log_;
  std::vector<std::string> frames_;
  std::vector<LogPosition> positions_;
};

// ---- Group commit.

TEST_F(LocalLogTest, OneSyncServesEverybodyWhoWaited) {
  options_.segment_bytes = 1 << 20;
  Open();
  Fill(1);
  const int before = files_->Count(FileOperation::kSync);
  constexpr int kFrames = 500;
  LogPosition last;
  for (int i = 0; i < kFrames; ++i) last = *log_->Append("frame");
  ASSERT_TRUE(log_->WaitDurable(last, Soon()).ok());
  EXPECT_LT(files_->Count(FileOperation::kSync) - before, kFrames / 2);
}

TEST_F(LocalLogTest, IntervalModeAcknowledgesBeforeItSyncs) {
  options_.durability = LogDurability::kInterval;
  options_.sync_interval = absl::Hours(1);
  options_.segment_bytes = 1 << 20;
  Open();
  Fill(1);
  const int before = files_->Count(FileOperation::kSync);
  Fill(100);
  EXPECT_EQ(files_->Count(FileOperation::kSync), before);
}

TEST_F(LocalLogTest, IntervalModeSyncsInTime) {
  options_.durability = LogDurability::kInterval;
  options_.sync_interval = absl::Milliseconds(1);
  Open();
  Fill(2);
  // The seal behind the last frame follows the sync.
  const size_t seal = kSegmentHeaderBytes + positions_.back().value;
  while (files_->Contents(Path(Segments()[0])).substr(seal, 24) == std::string(24, '\0')) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  files_->Crash(1);
  Open();
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
}

TEST_F(LocalLogTest, AFullQueueHoldsAppendersBackUntilTheWriterCameBy) {
  options_.max_queued_bytes = 4096;
  Open();
  Fill(50, 3000);
  std::vector<LogPosition> positions;
  for (int i = 0; i < 200; ++i) {
    const absl::StatusOr<LogPosition> position = log_->Append(std::string(3000, 'y'));
    ASSERT_TRUE(position.ok());
    positions.push_back(*position);
  }
  EXPECT_TRUE(log_->WaitDurable(positions.back(), Soon()).ok());
}

// ---- A disk that is full or broken.

TEST_F(LocalLogTest, AFullDiskRefusesAndSpaceBringsItBack) {
  Open();
  Fill(3);
  files_->SetCapacity(files_->BytesUsed() + 1000);
  std::vector<LogPosition> lost;
  absl::Status refused;
  while (refused.ok()) {
    const absl::StatusOr<LogPosition> position = log_->Append(frames_[0]);
    if (!position.ok()) {
      refused = position.status();
      break;
    }
    const absl::Status waited = log_->WaitDurable(*position, Soon());
    if (waited.ok()) {
      frames_.push_back(frames_[0]);
    } else {
      EXPECT_TRUE(absl::IsResourceExhausted(waited)) << waited;
      lost.push_back(*position);
    }
  }
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_TRUE(absl::IsResourceExhausted(log_->Writable()));
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);  // Reading goes on.

  files_->SetCapacity(std::nullopt);
  WaitUntilWritable();
  Fill(20);
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
  for (const LogPosition position : lost) {
    EXPECT_FALSE(log_->WaitDurable(position, Soon()).ok()) << "the verdict stays";
  }
  files_->Crash(3);
  Open();
  const Replayed replayed = ReplayAll(*log_);
  EXPECT_EQ(replayed.frames, frames_);
  EXPECT_THAT(replayed.damage, IsEmpty());
}

TEST_F(LocalLogTest, ATrimGivesAFullDiskRoomAgain) {
  Open();
  Fill(40);
  files_->SetCapacity(files_->BytesUsed());
  absl::Status status;
  while (status.ok()) {
    const absl::StatusOr<LogPosition> position = log_->Append(frames_[0]);
    status = position.ok() ? log_->WaitDurable(*position, Soon()) : position.status();
    if (status.ok()) positions_.push_back(*position);
  }
  ASSERT_TRUE(absl::IsResourceExhausted(status)) << status;
  ASSERT_TRUE(log_->Trim(positions_.back()).ok());
  WaitUntilWritable();
  const LogPosition after = AppendDurably(*log_, "after");
  EXPECT_EQ(log_->bounds().end, after);
}

TEST_F(LocalLogTest, AFailedWriteFailsItsFramesOnly) {
  Open();
  Fill(3);
  files_->FailOperations(FileOperation::kWrite, 1, 1, absl::UnavailableError("broken"));
  // The seal behind the last group may take the error in the frame's place.
  absl::Status status;
  for (int i = 0; i < 2 && status.ok(); ++i) {
    const absl::StatusOr<LogPosition> position = log_->Append("doubtful");
    ASSERT_TRUE(position.ok());
    status = log_->WaitDurable(*position, Soon());
    if (status.ok()) frames_.push_back("doubtful");
  }
  WaitUntilWritable();
  Fill(3);
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
  files_->Crash(1);
  Open();
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
}

// Linux drops the pages of a failed sync and says Ok to the next one.
TEST_F(LocalLogTest, AFailedSyncIsNeverTrustedLater) {
  Open();
  Fill(3);
  files_->FailOperations(FileOperation::kSync, 1, 1, absl::UnavailableError("broken"));
  const absl::StatusOr<LogPosition> doubtful = log_->Append("doubtful");
  ASSERT_TRUE(doubtful.ok());
  EXPECT_TRUE(absl::IsUnavailable(log_->WaitDurable(*doubtful, Soon())));
  WaitUntilWritable();
  Fill(3);
  EXPECT_TRUE(absl::IsUnavailable(log_->WaitDurable(*doubtful, Soon())));
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
  files_->Crash(1);
  Open();
  const Replayed replayed = ReplayAll(*log_);
  EXPECT_EQ(replayed.frames, frames_);
  EXPECT_THAT(replayed.damage, IsEmpty());
}

TEST_F(LocalLogTest, IntervalModeWritesAgainWhatAFailedSyncPutInDoubt) {
  options_.durability = LogDurability::kInterval;
  options_.sync_interval = absl::Hours(1);
  options_.segment_bytes = 1 << 20;
  Open();
  Fill(20);
  files_->FailOperations(FileOperation::kSync, 1, 1, absl::UnavailableError("broken"));
  // Eight megabytes do not wait for the hour.
  for (int i = 0; i < 20; ++i) {
    frames_.push_back(std::string(kMaxLogFrameBytes, static_cast<char>('a' + i)));
    while (true) {
      const absl::StatusOr<LogPosition> position = log_->Append(frames_.back());
      if (position.ok() && log_->WaitDurable(*position, Soon()).ok()) break;
      WaitUntilWritable();
    }
  }
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
  ASSERT_TRUE(log_->Close().ok());
  files_->Crash(1);
  Open();
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
}

TEST_F(LocalLogTest, ADeadlinePassesWhileTheDiskHangs) {
  options_.durability = LogDurability::kInterval;
  Open();
  // Not yet taken by the writer, or taken and not written: a deadline in the past cannot wait.
  const absl::StatusOr<LogPosition> position = log_->Append("frame");
  ASSERT_TRUE(position.ok());
  const absl::Status status = log_->WaitDurable(*position, absl::InfinitePast());
  EXPECT_TRUE(status.ok() || absl::IsDeadlineExceeded(status)) << status;
  EXPECT_TRUE(log_->WaitDurable(*position, Soon()).ok());
}

// ---- Damage.

TEST_F(LocalLogTest, AFlippedByteAnywhereIsNamedAndTheRestIsServed) {
  Open();
  Fill(40, 400);
  ASSERT_TRUE(log_->Close().ok());
  const std::vector<std::string> segments = Segments();
  ASSERT_GT(segments.size(), 1u);
  for (const std::string& name : segments) {
    const std::string intact = files_->Contents(Path(name));
    // A page's unused rest and the zeros behind a full segment's frames carry nothing.
    for (size_t offset = 0; offset < intact.size(); offset += offset < 64 ? 1 : 37) {
      Flip(name, offset, static_cast<char>(1 << (offset % 8)));
      Open();
      const Replayed replayed = ReplayAll(*log_);
      ASSERT_TRUE(replayed.status.ok());
      log_.reset();
      std::vector<std::string> missing;
      std::set_difference(frames_.begin(), frames_.end(), replayed.frames.begin(),
                          replayed.frames.end(), std::back_inserter(missing));
      ASSERT_LE(missing.size(), 1u) << name << " offset " << offset;
      ASSERT_EQ(replayed.frames.size() + missing.size(), frames_.size());
      if (!missing.empty()) {
        ASSERT_THAT(replayed.damage, SizeIs(1)) << name << " offset " << offset;
        EXPECT_THAT(replayed.damage[0].reason, HasSubstr(name));
        EXPECT_THAT(replayed.damage[0].reason, HasSubstr("offset"));
      }
      files_->SetContents(Path(name), intact);
    }
  }
}

// Frames that lie in the page are lost and named, also in the last group, whose seal is lost with
// them; all others are served.
TEST_F(LocalLogTest, APageThatCannotBeReadIsNamedAndTheRestIsServed) {
  constexpr uint64_t kPage = 4096;
  Open();
  Fill(40, 400);
  ASSERT_TRUE(log_->Close().ok());
  log_.reset();
  std::map<std::string, std::string> intact;
  for (const std::string& name : Names()) intact[name] = files_->Contents(Path(name));
  int lossy = 0;
  const std::vector<std::string> segments = Segments();
  for (size_t number = 0; number < segments.size(); ++number) {
    const std::string& segment = segments[number];
    const uint64_t base = ParseSegmentFileName(segment)->base;
    const uint64_t next = number + 1 < segments.size()
                              ? ParseSegmentFileName(segments[number + 1])->base
                              : positions_.back().value;
    for (uint64_t page = 0; page < intact[segment].size(); page += kPage) {
      SCOPED_TRACE(fmt::format("{} at {}", segment, page));
      for (const auto& [name, bytes] : intact) files_->SetContents(Path(name), bytes);
      files_->BreakBytes(Path(segment), page, page + kPage);
      std::vector<std::string> expected;
      for (size_t i = 0; i < frames_.size(); ++i) {
        const uint64_t begin = i == 0 ? 0 : positions_[i - 1].value;
        // The frame's bytes stand a page, the segment's header, behind (position - base).
        const bool inside = begin >= base && begin < next && begin < base + page &&
                            positions_[i].value + kPage > base + page;
        if (!inside) expected.push_back(frames_[i]);
      }
      for (const char* moment : {"first", "again"}) {
        Open();
        const Replayed replayed = ReplayAll(*log_);
        ASSERT_TRUE(replayed.status.ok()) << moment << replayed.status;
        ASSERT_EQ(replayed.frames, expected) << moment;
        if (expected.size() == frames_.size()) continue;
        ++lossy;
        ASSERT_THAT(replayed.damage, SizeIs(1)) << moment;
        EXPECT_THAT(replayed.damage[0].reason, HasSubstr(segment));
      }
      EXPECT_GT(AppendDurably(*log_, "goes on"), positions_.back());
      log_.reset();
      for (const std::string& name : Names()) {
        if (intact.contains(name)) continue;
        ASSERT_TRUE(files_->Remove(Path(name)).ok());
      }
    }
  }
  EXPECT_GT(lossy, 6) << "the test must have hit frames";
}

TEST_F(LocalLogTest, DamageInTheLastAcknowledgedFrameAfterKillIsNamedToo) {
  Open();
  Fill(5);
  files_->Kill();
  log_.reset();
  const std::string name = Segments().back();
  const std::string bytes = files_->Contents(Path(name));
  Flip(name, bytes.rfind("000004 xx") + 3);
  Open();
  const Replayed replayed = ReplayAll(*log_);
  EXPECT_EQ(replayed.frames, std::vector<std::string>(frames_.begin(), frames_.begin() + 4));
  EXPECT_THAT(replayed.damage, SizeIs(1));
  EXPECT_EQ(replayed.damage[0].begin, positions_[3]);
  EXPECT_EQ(replayed.damage[0].end, positions_[4]);
}

TEST_F(LocalLogTest, AMissingSegmentIsNamed) {
  Open();
  Fill(60);
  ASSERT_TRUE(log_->Close().ok());
  const std::vector<std::string> segments = Segments();
  ASSERT_GE(segments.size(), 4u);
  const SegmentName gone = *ParseSegmentFileName(segments[1]);
  const SegmentName next = *ParseSegmentFileName(segments[2]);
  ASSERT_TRUE(files_->Remove(Path(segments[1])).ok());
  Open();
  const Replayed replayed = ReplayAll(*log_);
  ASSERT_THAT(replayed.damage, SizeIs(1));
  EXPECT_EQ(replayed.damage[0].begin.value, gone.base);
  EXPECT_EQ(replayed.damage[0].end.value, next.base);
}

TEST_F(LocalLogTest, AMissingFirstSegmentIsNamed) {
  Open();
  Fill(60);
  ASSERT_TRUE(log_->Close().ok());
  ASSERT_TRUE(files_->Remove(Path(Segments()[0])).ok());
  Open();
  EXPECT_THAT(ReplayAll(*log_).damage, SizeIs(1));
}

TEST_F(LocalLogTest, DamagedSmallFilesAreNamedAndRebuilt) {
  options_.epoch = 5;
  for (const char* name : {"STATE", "EPOCH"}) {
    Open();
    Fill(30);
    ASSERT_TRUE(log_->Trim(positions_[positions_.size() - 10]).ok());
    ASSERT_TRUE(log_->Close().ok());
    Flip(name, 20);
    Open();
    const Replayed replayed = ReplayAll(*log_, positions_[positions_.size() - 10]);
    EXPECT_EQ(replayed.frames, FramesFrom(frames_.size() - 9));
    Open();
    EXPECT_THAT(ReplayAll(*log_).damage, IsEmpty()) << "rebuilt";
    log_.reset();
    options_.epoch = 4;
    EXPECT_TRUE(absl::IsAborted(TryOpen().status())) << "the epoch is not forgotten";
    options_.epoch = 5;
  }
}

TEST_F(LocalLogTest, DamageToSmallFilesIsReportedByReplay) {
  options_.epoch = 1;
  for (const char* name : {"STATE", "EPOCH"}) {
    Open();
    Fill(1);
    ASSERT_TRUE(log_->Close().ok());
    Flip(name, 17);
    Open();
    const Replayed replayed = ReplayAll(*log_);
    EXPECT_EQ(replayed.frames, frames_);
    ASSERT_THAT(replayed.damage, SizeIs(1));
    EXPECT_THAT(replayed.damage[0].reason, HasSubstr(name));
  }
}

TEST_F(LocalLogTest, NothingIntactIsAnErrorNotAnEmptyLog) {
  Open();
  Fill(1);
  ASSERT_TRUE(log_->Close().ok());
  log_.reset();
  Flip("STATE", 3);
  for (const std::string& name : Segments()) Flip(name, 3);
  EXPECT_TRUE(absl::IsDataLoss(TryOpen().status()));
}

// ---- Torn tails.

TEST_F(LocalLogTest, ATornTailIsCutAndOverwritten) {
  Open();
  Fill(3);
  const std::string name = Segments().back();
  files_->Kill();
  log_.reset();
  std::string bytes = files_->Contents(Path(name));
  const size_t seal = bytes.find_last_not_of('\0') + 1 - kFrameHeaderBytes;
  // A frame whose second half did not arrive, over the seal.
  bytes.replace(seal, 40, std::string(40, '\x7f'));
  files_->SetContents(Path(name), bytes);
  Open();
  EXPECT_EQ(log_->bounds().end, positions_.back());
  const Replayed replayed = ReplayAll(*log_);
  EXPECT_EQ(replayed.frames, frames_);
  EXPECT_THAT(replayed.damage, IsEmpty());
  Fill(3);
  files_->Crash(1);
  Open();
  EXPECT_EQ(ReplayAll(*log_).frames, frames_);
}

TEST_F(LocalLogTest, ReadingForACheckChangesNothing) {
  Open();
  Fill(30);
  const auto nothing = [](LogPosition, std::string_view) { return absl::OkStatus(); };
  const auto ignore = [](const LogDamage&) {};
  EXPECT_TRUE(
      absl::IsFailedPrecondition(ReadLocalLog(*files_, kDirectory, {}, nothing, ignore).status()));
  files_->Kill();
  log_.reset();
  std::map<std::string, std::string> before;
  for (const std::string& name : Names()) {
    before[name] = files_->Contents(Path(name));
  }
  std::vector<std::string> frames;
  const absl::StatusOr<LogBounds> bounds = ReadLocalLog(
      *files_, kDirectory, {},
      [&](LogPosition, std::string_view frame) {
        frames.emplace_back(frame);
        return absl::OkStatus();
      },
      ignore);
  ASSERT_TRUE(bounds.ok()) << bounds.status();
  EXPECT_EQ(bounds->end, positions_.back());
  EXPECT_EQ(frames, frames_);
  std::map<std::string, std::string> after;
  for (const std::string& name : Names()) {
    after[name] = files_->Contents(Path(name));
  }
  EXPECT_EQ(after, before);
  EXPECT_TRUE(absl::IsNotFound(ReadLocalLog(*files_, "/elsewhere", {}, nothing, ignore).status()));
}

// ---- Trimming and recycling.

TEST_F(LocalLogTest, TrimmedSegmentsAreUsedAgainAndTheirOldFramesAreNotSeen) {
  Open();
  for (int round = 0; round < 10; ++round) {
    Fill(40);
    ASSERT_TRUE(log_->Trim(positions_[positions_.size() - 2]).ok());
    EXPECT_LE(Names("spare").size(), 2u);
  }
  const int allocated = files_->Count(FileOperation::kAllocate);
  EXPECT_GT(allocated, 20);
  files_->Kill();
  log_.reset();
  Open();
  const Replayed replayed = ReplayAll(*log_);
  EXPECT_THAT(replayed.damage, IsEmpty());
  EXPECT_THAT(replayed.frames,
              ElementsAreArray(FramesFrom(frames_.size() - replayed.frames.size())));
  EXPECT_LT(replayed.frames.size(), 20u);
}

TEST_F(LocalLogTest, NothingPreallocatedIsLeftAfterClose) {
  options_.segment_bytes = 1 << 20;
  Open();
  Fill(5);
  ASSERT_TRUE(log_->Close().ok());
  EXPECT_LT(files_->BytesUsed(), 12'000u);
  EXPECT_THAT(Names("spare"), IsEmpty());
}

TEST_F(LocalLogTest, AfterEverythingWasTrimmedCloseLeavesAnEmptySegment) {
  Open();
  Fill(50);
  ASSERT_TRUE(log_->Trim(positions_.back()).ok());
  ASSERT_TRUE(log_->Close().ok());
  EXPECT_THAT(Segments(), SizeIs(1));
  EXPECT_THAT(Names("spare"), IsEmpty());
  EXPECT_LT(files_->BytesUsed(), 4500u);
  Open();
  EXPECT_EQ(log_->bounds().begin, positions_.back());
  EXPECT_EQ(log_->bounds().end, positions_.back());
}

TEST_F(LocalLogTest, ReplayFromBeforeTheBeginSaysWhatIsMissing) {
  Open();
  Fill(60);
  ASSERT_TRUE(log_->Trim(positions_[40]).ok());
  const Replayed replayed = ReplayAll(*log_, positions_[0]);
  ASSERT_THAT(replayed.damage, SizeIs(1));
  EXPECT_EQ(replayed.damage[0].begin, positions_[0]);
  EXPECT_EQ(replayed.damage[0].end, log_->bounds().begin);
  EXPECT_THAT(ReplayAll(*log_).damage, IsEmpty()) << "0 asks for all there is";
}

// ---- Owners.

TEST_F(LocalLogTest, OnlyOneProcessOwnsADirectory) {
  Open();
  const absl::Status second = TryOpen().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second));
  EXPECT_THAT(Message(second), HasSubstr(kDirectory));
  log_.reset();
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(LocalLogTest, ALowerEpochIsRefused) {
  options_.epoch = 3;
  Open();
  log_.reset();
  options_.epoch = 2;
  EXPECT_TRUE(absl::IsAborted(TryOpen().status()));
  options_.epoch = 3;
  EXPECT_TRUE(TryOpen().ok());
  options_.epoch = 4;
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(LocalLogTest, ASupersededWriterAcknowledgesNothingMore) {
  options_.epoch = 3;
  Open();
  Fill(3);
  ASSERT_TRUE(FenceLocalLog(*files_, kDirectory, 4).ok());
  const absl::StatusOr<LogPosition> position = log_->Append("late");
  ASSERT_TRUE(position.ok());
  EXPECT_TRUE(absl::IsAborted(log_->WaitDurable(*position, Soon())));
  EXPECT_TRUE(absl::IsAborted(log_->Append("later").status()));
  EXPECT_TRUE(absl::IsAborted(log_->Writable()));
  EXPECT_TRUE(absl::IsAborted(FenceLocalLog(*files_, kDirectory, 3)));
}

TEST_F(LocalLogTest, ANewerFormatIsRefused) {
  options_.epoch = 1;
  Open();
  Fill(1);
  ASSERT_TRUE(log_->Close().ok());
  log_.reset();
  const std::map<std::string, size_t> record_bytes = {
      {"STATE", 40}, {"EPOCH", 32}, {Segments()[0], 64}};
  for (const auto& [name, bytes] : record_bytes) {
    const std::string intact = files_->Contents(Path(name));
    files_->SetContents(Path(name), AsNewerVersion(intact, bytes));
    const absl::Status status = TryOpen().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << name << status;
    EXPECT_THAT(Message(status), HasSubstr(name));
    files_->SetContents(Path(name), intact);
  }
}

TEST_F(LocalLogTest, RefusesSegmentSizesThatCannotWork) {
  for (const uint64_t bytes : {uint64_t{0}, uint64_t{4096}, uint64_t{1} << 31}) {
    options_.segment_bytes = bytes;
    EXPECT_TRUE(absl::IsInvalidArgument(TryOpen().status())) << bytes;
  }
}

}  // namespace
}  // namespace tidegate::storage
