#include "storage/rocks/recovery.h"

#include <rocksdb/env.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

namespace tidegate::storage {

Recovery::Recovery(std::shared_ptr<Database> database, std::function<absl::Status()> refresh_fn)
    : database_(std::move(database)), refresh_fn_(std::move(refresh_fn)) {
  thread_ = std::thread([this] { Loop(); });
}

Recovery::~Recovery() {
  {
    std::lock_guard lock(database_->failure_mutex);
    stop_ = true;
  }
  database_->failure.notify_all();
  thread_.join();
}

void Recovery::Loop() {
  while (true) {
    {
      std::unique_lock lock(database_->failure_mutex);
      database_->failure.wait(lock, [this] { return stop_ || database_->failed.load(); });
      if (stop_) return;
    }
    Recover();
  }
}

bool Recovery::Sleep(absl::Duration delay) {
  std::unique_lock lock(database_->failure_mutex);
  return !database_->failure.wait_for(lock, absl::ToChronoMilliseconds(delay),
                                      [this] { return stop_; });
}

void Recovery::Recover() {
  absl::Duration delay = kFirstReopenDelay;
  for (; Sleep(delay); delay = std::min(delay * 2, kLongestReopenDelay)) {
    absl::Status status = Probe();
    if (status.ok()) status = Reopen();
    if (status.ok()) {
      spdlog::info("the store's database was opened anew and takes writes again");
      return;
    }
    spdlog::warn("the store cannot write yet, next try in {}: {}",
                 absl::FormatDuration(std::min(delay * 2, kLongestReopenDelay)),
                 status.ToString());
  }
}

// Writes what an opening writes, and more, while the database is still there for readers.
absl::Status Recovery::Probe() const {
  const auto free = database_->FreeBytes();
  if (!free.ok()) return free.status();
  if (*free < kWriteReserve) return absl::ResourceExhaustedError("the disk is full");
  rocksdb::Env* const env = database_->options.env;
  const std::string path = database_->directory + "/incoming/probe";
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env->NewWritableFile(path, &file, rocksdb::EnvOptions());
  const std::string bytes(64 << 10, 'p');
  for (uint64_t size = 0; status.ok() && size < kRemoveReserve; size += bytes.size()) {
    status = file->Append(bytes);
  }
  if (status.ok()) status = file->Sync();
  if (file != nullptr && status.ok()) status = file->Close();
  env->DeleteFile(path).PermitUncheckedError();
  return FromRocks(status);
}

absl::Status Recovery::Reopen() {
  absl::WriterMutexLock gate(&database_->gate);
  absl::Status status = database_->ReopenLocked(/*for_reading=*/false);
  // So that readers are not held up by a disk that refuses after all.
  const bool readable = status.ok() || database_->ReopenLocked(/*for_reading=*/true).ok();
  if (readable) status.Update(refresh_fn_());
  if (status.ok()) database_->failed.store(false);
  return status;
}

}  // namespace tidegate::storage
