#include "storage/log/log_contract.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/files/posix_file_system.h"
#include "storage/log/fake_log.h"
#include "storage/log/local_log.h"

namespace tidegate::storage {
namespace {

// Small segments, so that every test crosses several; frames beyond that size grow theirs.
constexpr uint64_t kSegmentBytes = 16 << 10;

std::function<std::unique_ptr<Log>(uint64_t)> LocalOpener(std::shared_ptr<FileSystem> file_system,
                                                          std::string directory,
                                                          LogDurability durability) {
  return [=](uint64_t max_bytes) -> std::unique_ptr<Log> {
    absl::StatusOr<std::unique_ptr<Log>> log = OpenLocalLogIn(
        {.file_system = file_system, .new_log_id = 42}, {.directory = directory,
                                                         .durability = durability,
                                                         .sync_interval = absl::Milliseconds(5),
                                                         .segment_bytes = kSegmentBytes,
                                                         .max_bytes = max_bytes});
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  };
}

LogFixture InMemory(std::string name, LogDurability durability) {
  // The file system of the test that runs.
  auto files = std::make_shared<std::shared_ptr<FaultInjectingFileSystem>>();
  return {.name = std::move(name),
          .make_opener =
              [=] {
                *files = std::make_shared<FaultInjectingFileSystem>();
                return LocalOpener(*files, "/log", durability);
              },
          .fail_next_sync =
              [=] {
                (*files)->FailOperations(FileOperation::kSync, 1, 1,
                                         absl::UnavailableError("the disk failed"));
              }};
}

LogFixture OnDisk(std::string name, LogDurability durability) {
  return {.name = std::move(name), .make_opener = [=] {
            const std::filesystem::path directory =
                std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name();
            std::filesystem::remove_all(directory);
            return LocalOpener(std::make_shared<PosixFileSystem>(), directory.string(), durability);
          }};
}

LogFixture Fake() {
  return {.name = "Fake",
          .make_opener =
              [] {
                return [](uint64_t max_bytes) -> std::unique_ptr<Log> {
                  return std::make_unique<FakeLog>(LogDurability::kGroup, max_bytes);
                };
              },
          .reopens = false};
}

INSTANTIATE_TEST_SUITE_P(Logs, LogContractTest,
                         testing::Values(InMemory("InMemoryGroup", LogDurability::kGroup),
                                         InMemory("InMemoryInterval", LogDurability::kInterval),
                                         OnDisk("OnDiskGroup", LogDurability::kGroup),
                                         OnDisk("OnDiskInterval", LogDurability::kInterval),
                                         Fake()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace tidegate::storage
