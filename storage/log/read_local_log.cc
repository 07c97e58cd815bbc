#include "storage/log/read_local_log.h"

#include <fmt/format.h>

#include <memory>

namespace tidegate::storage {

absl::StatusOr<LogBounds> ReadLocalLog(FileSystem& file_system, const std::string& directory,
                                       LogPosition from, const FrameFn& frame_fn,
                                       const DamageFn& damage_fn) {
  const absl::StatusOr<std::unique_ptr<FileLock>> lock =
      file_system.Lock(directory, LockMode::kShared);
  if (absl::IsFailedPrecondition(lock.status())) {
    return absl::FailedPreconditionError(
        fmt::format("the log in {} is in use by another process; stop it first", directory));
  }
  if (!lock.ok()) return lock.status();
  const absl::StatusOr<LoadedLog> loaded = LoadLog(file_system, directory);
  if (!loaded.ok()) return loaded.status();
  for (const LogDamage& damage : loaded->damage) damage_fn(damage);
  const SegmentChain& chain = loaded->chain;
  if (absl::Status status = ReplayChain(file_system, chain, from, frame_fn, damage_fn);
      !status.ok()) {
    return status;
  }
  if (loaded->torn.has_value()) {
    const SegmentInfo& last = chain.segments.back();
    damage_fn({.begin = {chain.end},
               .end = {chain.end},
               .reason = fmt::format("{}: torn tail at offset {}", last.path,
                                     kSegmentHeaderBytes + (*loaded->torn - last.header.base))});
  }
  return LogBounds{.begin = {chain.begin}, .end = {chain.end}, .appended = {chain.end}};
}

}  // namespace tidegate::storage
