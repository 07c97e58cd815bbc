// What the log costs: appends by many, acknowledged by few syncs.
//
//   bazel run -c opt //bench:log_bench -- --benchmark_counters_tabular=true
//
// The disk cases write below TEST_TMPDIR or /tmp: choose a directory on the disk in question. CPU
// time is the process's; "syncs" is syncs per frame.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "storage/files/posix_file_system.h"
#include "storage/log/local_log.h"

namespace tidegate::storage {
namespace {

// Counts the syncs of files, and can leave them out: then the log's own work is left.
class CountingFile final : public File {
 public:
  CountingFile(std::unique_ptr<File> file, std::atomic<int64_t>& syncs, bool sync)
      : file_(std::move(file)), syncs_(syncs), sync_(sync) {}
  absl::StatusOr<size_t> Read(uint64_t offset, std::span<char> into) const override {
    return file_->Read(offset, into);
  }
  absl::Status Write(uint64_t offset, std::string_view bytes) override {
    return sync_ ? file_->Write(offset, bytes) : absl::OkStatus();
  }
  absl::Status Sync() override {
    syncs_.fetch_add(1, std::memory_order_relaxed);
    return sync_ ? file_->Sync() : absl::OkStatus();
  }
  absl::Status Truncate(uint64_t size) override { return file_->Truncate(size); }
  absl::Status Allocate(uint64_t size) override { return file_->Allocate(size); }
  absl::StatusOr<uint64_t> Size() const override { return file_->Size(); }

 private:
  const std::unique_ptr<File> file_;
  std::atomic<int64_t>& syncs_;
  const bool sync_;
};

class CountingFileSystem final : public FileSystem {
 public:
  explicit CountingFileSystem(bool sync) : sync_(sync) {}
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    absl::StatusOr<std::unique_ptr<File>> file = posix_.Open(path, mode);
    if (!file.ok()) return file;
    return std::make_unique<CountingFile>(*std::move(file), syncs, sync_);
  }
  absl::Status CreateDirectory(const std::string& path) override {
    return posix_.CreateDirectory(path);
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& directory) override {
    return posix_.List(directory);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return posix_.Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override { return posix_.Remove(path); }
  absl::Status SyncDirectory(const std::string& directory) override {
    return sync_ ? posix_.SyncDirectory(directory) : absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path, LockMode mode) override {
    return posix_.Lock(path, mode);
  }

  std::atomic<int64_t> syncs = 0;

 private:
  PosixFileSystem posix_;
  const bool sync_;
};

std::string Directory() {
  const char* root = std::getenv("TEST_TMPDIR");
  return fmt::format("{}/log_bench.{}", root == nullptr ? "/tmp" : root, getpid());
}

std::unique_ptr<Log> OpenBenchLog(std::shared_ptr<CountingFileSystem> files,
                                  LogDurability durability) {
  std::filesystem::remove_all(Directory());
  return *OpenLocalLogIn({.file_system = std::move(files)},
                         {.directory = Directory(), .durability = durability});
}

// `waiters` threads append and wait, each for its own frame; the log is trimmed as a store would.
void AppendAndWait(benchmark::State& state, LogDurability durability) {
  const int waiters = static_cast<int>(state.range(0));
  const std::string frame(state.range(1), 'x');
  const auto files = std::make_shared<CountingFileSystem>(/*sync=*/true);
  const std::unique_ptr<Log> log = OpenBenchLog(files, durability);
  constexpr int kFramesPerBatch = 512;
  files->syncs = 0;
  for (auto _ : state) {
    std::atomic<int> left = kFramesPerBatch;
    std::vector<std::thread> threads;
    for (int i = 0; i < waiters; ++i) {
      threads.emplace_back([&] {
        while (left.fetch_sub(1) > 0) {
          const absl::StatusOr<LogPosition> position = log->Append(frame);
          if (!position.ok() || !log->WaitDurable(*position, absl::InfiniteFuture()).ok()) abort();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    if (!log->Trim(log->bounds().end).ok()) abort();
  }
  const auto frames = static_cast<double>(state.iterations() * kFramesPerBatch);
  state.SetBytesProcessed(state.iterations() * kFramesPerBatch * state.range(1));
  state.counters["frames/s"] = benchmark::Counter(frames, benchmark::Counter::kIsRate);
  state.counters["syncs"] = static_cast<double>(files->syncs) / frames;
  log->Close().IgnoreError();
  std::filesystem::remove_all(Directory());
}

void Shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{1, 8, 64}, {4 << 10, 64 << 10}})
      ->ArgNames({"waiters", "bytes"})
      ->MeasureProcessCPUTime()
      ->UseRealTime()
      ->MinTime(1);
}
BENCHMARK_CAPTURE(AppendAndWait, group, LogDurability::kGroup)->Apply(Shapes);
BENCHMARK_CAPTURE(AppendAndWait, interval, LogDurability::kInterval)->Apply(Shapes);

// The log's own work, without the disk: checksum, copy, framing, waking.
void AppendInMemory(benchmark::State& state) {
  const std::string frame(state.range(0), 'x');
  const auto files = std::make_shared<CountingFileSystem>(/*sync=*/false);
  const std::unique_ptr<Log> log = OpenBenchLog(files, LogDurability::kGroup);
  constexpr int kFramesPerWait = 16;
  for (auto _ : state) {
    LogPosition last;
    for (int i = 0; i < kFramesPerWait; ++i) last = *log->Append(frame);
    if (!log->WaitDurable(last, absl::InfiniteFuture()).ok()) abort();
    if (!log->Trim(last).ok()) abort();
  }
  state.SetBytesProcessed(state.iterations() * kFramesPerWait * state.range(0));
  log->Close().IgnoreError();
  std::filesystem::remove_all(Directory());
}
BENCHMARK(AppendInMemory)->Arg(4 << 10)->Arg(64 << 10)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace tidegate::storage
