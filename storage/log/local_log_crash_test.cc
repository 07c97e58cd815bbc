// Loses power at random moments of random lives of a log, thousands of times. Whatever WaitDurable
// acknowledged must be replayed exactly once and in order, and nothing may be called damaged.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/log/local_log.h"
#include "storage/log/log_contract.h"

namespace tidegate::storage {
namespace {

constexpr uint64_t kSegmentBytes = 16 << 10;
constexpr char kDirectory[] = "/log";

// The state of a frame as its writer knows it.
enum class Known { kAcknowledged, kUnknown };

// One log through several lives. Frames are numbered; a frame's text tells its number.
class Chronicle {
 public:
  Chronicle(LogDurability durability, uint64_t seed)
      : durability_(durability),
        dice_(seed),
        files_(std::make_shared<FaultInjectingFileSystem>()) {}

  void Run() {
    const int lives = 2 + Below(4);
    for (int life = 0; life < lives && !testing::Test::HasFailure(); ++life) {
      Open();
      if (log_ == nullptr) return;
      Verify();
      Live();
      End();
    }
    files_->StopFailing();
    Open();
    if (log_ != nullptr) Verify();
  }

 private:
  uint64_t Below(uint64_t bound) { return dice_() % bound; }

  void Open() {
    ++life_;
    absl::StatusOr<std::unique_ptr<Log>> log =
        OpenLocalLogIn({.file_system = FaultInjectingFileSystem::Mount(files_),
                        .new_log_id = 1 + Below(1000),
                        .first_retry = absl::ZeroDuration(),
                        .max_spare_segments = Below(3)},
                       {.directory = kDirectory,
                        .durability = durability_,
                        .sync_interval = absl::Microseconds(50),
                        .segment_bytes = kSegmentBytes});
    ASSERT_TRUE(log.ok()) << log.status();
    log_ = *std::move(log);
  }

  // Everything acknowledged is there once and in order; what else is there was appended.
  void Verify() {
    const Replayed replayed = ReplayAll(*log_);
    ASSERT_TRUE(replayed.status.ok()) << replayed.status;
    ASSERT_TRUE(replayed.damage.empty()) << replayed.damage[0].reason;
    std::map<uint64_t, Known> left;
    for (const auto& [number, known] : frames_) {
      if (trimmed_before_ <= positions_[number].value - 1) left[number] = known;
    }
    std::optional<uint64_t> previous;
    std::set<uint64_t> found;
    for (size_t i = 0; i < replayed.frames.size(); ++i) {
      const uint64_t number = std::stoull(replayed.frames[i]);
      ASSERT_TRUE(!previous.has_value() || *previous < number) << "order, or twice: " << number;
      previous = number;
      ASSERT_TRUE(frames_.contains(number)) << number;
      ASSERT_EQ(replayed.frames[i], Text(number));
      ASSERT_EQ(replayed.positions[i], positions_[number]) << number;
      left.erase(number);
      found.insert(number);
    }
    VerifyGenerations(found);
    for (const auto& [number, known] : left) {
      ASSERT_EQ(known, Known::kUnknown) << "lost: " << number;
      frames_.erase(number);  // Gone for good: it must not come back.
    }
    // What was found now is as safe as if it had been acknowledged.
    for (auto& [number, known] : frames_) known = Known::kAcknowledged;
  }

  // A frame that is there proves the earlier ones of its generation.
  void VerifyGenerations(const std::set<uint64_t>& found) {
    for (const auto& [number, known] : frames_) {
      if (positions_[number].value <= trimmed_before_) continue;
      const Generation& generation = generations_[number];
      if (!found.contains(number)) {
        first_lost_.emplace(generation, number);  // Lost frames come in order: the first stays.
        continue;
      }
      const auto lost = first_lost_.find(generation);
      if (lost == first_lost_.end()) continue;
      ASSERT_LT(number, lost->second) << "outlived a frame that it needs";
    }
  }

  void Live() {
    const int steps = 1 + Below(40);
    for (int step = 0; step < steps; ++step) {
      switch (Below(16)) {
        case 0:
          Trim();
          break;
        case 1:
          Disturb();
          break;
        case 2:
          log_->ReleaseSpace().IgnoreError();  // The disk may be disturbed.
          break;
        case 3:
        case 4:
        case 5:
          WaitForSome();
          break;
        default:
          Append();
      }
    }
  }

  void Append() {
    const uint64_t number = next_number_++;
    // Large ones cross pages and fill segments, small ones share pages.
    sizes_[number] = Below(4) == 0 ? Below(9000) : Below(200);
    const uint64_t generation = log_->generation();
    const absl::StatusOr<LogPosition> position = log_->Append(Text(number), generation);
    if (!position.ok()) return;
    generations_[number] = {life_, generation};
    frames_[number] = Known::kUnknown;
    positions_[number] = *position;
    waiting_.push_back(number);
  }

  void WaitForSome() {
    const size_t keep = Below(waiting_.size() + 1);
    while (waiting_.size() > keep) {
      const uint64_t number = waiting_.front();
      waiting_.erase(waiting_.begin());
      if (log_->WaitDurable(positions_[number], absl::Now() + absl::Seconds(30)).ok()) {
        frames_[number] = Known::kAcknowledged;
      }
    }
  }

  void Trim() {
    const LogBounds bounds = log_->bounds();
    const uint64_t position =
        bounds.begin.value + Below(bounds.end.value - bounds.begin.value + 1) / 8 * 8;
    // Also after an error these frames are given up: the record of it may be on the disk.
    log_->Trim({position}).IgnoreError();
    trimmed_before_ = std::max(trimmed_before_, position);
  }

  void Disturb() {
    static constexpr FileOperation kOperations[] = {
        FileOperation::kWrite, FileOperation::kSync,   FileOperation::kAllocate,
        FileOperation::kOpen,  FileOperation::kRename, FileOperation::kSyncDir};
    const absl::Status error =
        Below(2) == 0 ? absl::ResourceExhaustedError("full") : absl::UnavailableError("broken");
    files_->FailOperations(kOperations[Below(std::size(kOperations))], 1 + Below(4), 1 + Below(3),
                           error);
  }

  // The power fails at an operation of the log's own: between a write and its sync, above all.
  void CrashInTheMiddle() {
    static constexpr FileOperation kOperations[] = {FileOperation::kSync, FileOperation::kSync,
                                                    FileOperation::kWrite, FileOperation::kRename,
                                                    FileOperation::kSyncDir};
    files_->CrashAt(kOperations[Below(std::size(kOperations))], 1 + Below(3), dice_());
    for (int rounds = 0; rounds < 3; ++rounds) {
      for (uint64_t frames = Below(8); frames > 0; --frames) Append();
      if (Below(3) == 0) log_->ReleaseSpace().IgnoreError();
      WaitForSome();
    }
    files_->StopFailing();  // It may not have come to that operation.
  }

  // The power fails, the process is killed, or the log is closed.
  void End() {
    files_->StopFailing();
    if (durability_ == LogDurability::kGroup && Below(2) == 0) CrashInTheMiddle();
    waiting_.clear();
    const uint64_t fate = Below(8);
    if (fate == 0) {
      log_->Close().IgnoreError();
    } else if (fate < 3 || durability_ == LogDurability::kInterval) {
      files_->Kill();  // All that kInterval promises to survive.
    } else {
      files_->Crash(dice_());
    }
    log_.reset();
  }

  std::string Text(uint64_t number) const {
    return fmt::format("{} {}", number, std::string(sizes_.at(number), 'a' + number % 26));
  }

  const LogDurability durability_;
  std::mt19937_64 dice_;
  std::shared_ptr<FaultInjectingFileSystem> files_;
  std::unique_ptr<Log> log_;
  uint64_t next_number_ = 1;
  uint64_t trimmed_before_ = 0;
  std::map<uint64_t, Known> frames_;  // That may be in the log.
  std::map<uint64_t, LogPosition> positions_;
  using Generation = std::pair<int, uint64_t>;  // In which life.
  int life_ = 0;
  std::map<uint64_t, Generation> generations_;
  std::map<Generation, uint64_t> first_lost_;
  std::map<uint64_t, uint64_t> sizes_;
  std::vector<uint64_t> waiting_;
};

void RunSeeds(LogDurability durability, uint64_t count) {
  spdlog::set_level(spdlog::level::off);  // Thousands of failures and torn tails.
  for (uint64_t seed = 1; seed <= count; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Chronicle(durability, seed).Run();
    if (testing::Test::HasFailure()) return;
  }
}

TEST(LocalLogCrashTest, GroupModeLosesNothingAcknowledgedWithThePower) {
  RunSeeds(LogDurability::kGroup, 3000);
}

TEST(LocalLogCrashTest, IntervalModeLosesNothingAcknowledgedWithTheProcess) {
  RunSeeds(LogDurability::kInterval, 2000);
}

}  // namespace
}  // namespace tidegate::storage
