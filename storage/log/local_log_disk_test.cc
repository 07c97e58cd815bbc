// The log on real files, through the door: what the fault-injecting file system cannot prove.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "storage/log.h"
#include "storage/log/log_contract.h"

namespace tidegate::storage {
namespace {

std::string FreshDirectory(std::string_view name) {
  const std::string path = fmt::format("{}/{}", testing::TempDir(), name);
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

std::unique_ptr<Log> Open(const std::string& directory) {
  absl::StatusOr<std::unique_ptr<Log>> log =
      OpenLocalLog({.directory = directory, .segment_bytes = 1 << 20});
  EXPECT_TRUE(log.ok()) << log.status();
  return log.ok() ? *std::move(log) : nullptr;
}

// A tmpfs of 4 MB while the object lives.
class SmallDisk {
 public:
  SmallDisk() : path_(FreshDirectory("small_disk")) {
    mounted_ = mount("none", path_.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  bool mounted_ = false;
};

TEST(LocalLogDiskTest, AFullDiskRefusesAndSpaceBringsItBack) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a tmpfs needs root";
  const std::unique_ptr<Log> log = Open(disk.path() + "/log");
  ASSERT_NE(log, nullptr);
  const std::string frame(64 << 10, 'x');
  size_t acknowledged = 0;
  absl::Status status;
  while (status.ok()) {
    const absl::StatusOr<LogPosition> position = log->Append(frame);
    status =
        position.ok() ? log->WaitDurable(*position, absl::InfiniteFuture()) : position.status();
    acknowledged += status.ok() ? 1 : 0;
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_GT(acknowledged, 30u);
  EXPECT_EQ(ReplayAll(*log).frames.size(), acknowledged);
  ASSERT_TRUE(log->Trim(log->bounds().end).ok()) << "a trim must work on a full disk";
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!log->Writable().ok() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
  AppendDurably(*log, frame);
}

TEST(LocalLogDiskTest, WhatWasAcknowledgedIsThereAfterKill) {
  const std::string directory = FreshDirectory("killed");
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::unique_ptr<Log> log = Open(directory);
    for (uint32_t i = 0;; ++i) {
      const auto position = log->Append(fmt::format("frame {}", i));
      if (!position.ok() || !log->WaitDurable(*position, absl::InfiniteFuture()).ok()) _exit(1);
      if (write(pipe_ends[1], &i, sizeof i) != sizeof i) _exit(1);
    }
  }
  uint32_t acknowledged = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged), ssize_t{sizeof acknowledged});
  }
  // Held by the child: a second process is refused, with the directory in the text.
  const absl::Status second = OpenLocalLog({.directory = directory}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second));
  EXPECT_NE(second.message().find(directory), absl::string_view::npos) << second;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const std::unique_ptr<Log> log = Open(directory);
  const Replayed replayed = ReplayAll(*log);
  EXPECT_TRUE(replayed.damage.empty());
  ASSERT_GT(replayed.frames.size(), acknowledged);
  for (size_t i = 0; i < replayed.frames.size(); ++i) {
    EXPECT_EQ(replayed.frames[i], fmt::format("frame {}", i));
  }
}

uint64_t AllocatedBytes(const std::string& directory) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    struct stat file;
    if (stat(entry.path().c_str(), &file) == 0) bytes += uint64_t{512} * file.st_blocks;
  }
  return bytes;
}

TEST(LocalLogDiskTest, ReleasingSpaceLeavesWhatIsUsed) {
  const std::string directory = FreshDirectory("released");
  const std::unique_ptr<Log> log = Open(directory);
  for (int i = 0; i < 25; ++i) AppendDurably(*log, std::string(100'000, 'x'));
  ASSERT_TRUE(log->Trim(log->bounds().end).ok()) << "leaves spares";
  AppendDurably(*log, "needed");
  EXPECT_GE(AllocatedBytes(directory), uint64_t{1} << 20) << "allocated ahead";
  ASSERT_TRUE(log->ReleaseSpace().ok());
  EXPECT_LT(AllocatedBytes(directory), log->SizeBytes() + (32 << 10));
  ASSERT_TRUE(log->Trim(log->bounds().end).ok());
  ASSERT_TRUE(log->ReleaseSpace().ok());
  EXPECT_LT(AllocatedBytes(directory), 32u << 10);
  AppendDurably(*log, "after");
  EXPECT_EQ(ReplayAll(*log).frames.back(), "after");
}

TEST(LocalLogDiskTest, CloseLeavesNothingPreallocated) {
  const std::string directory = FreshDirectory("closed");
  const std::unique_ptr<Log> log = Open(directory);
  for (int i = 0; i < 40; ++i) AppendDurably(*log, std::string(100'000, 'x'));
  ASSERT_TRUE(log->Trim(log->bounds().end).ok());
  ASSERT_TRUE(log->Close().ok());
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    bytes += entry.file_size();
  }
  EXPECT_LT(bytes, 5000u);
}

}  // namespace
}  // namespace tidegate::storage
