// A log directory whose last segment holds any bytes: reading and opening it must not crash, must
// agree with each other, and must leave a log that works.

#include <spdlog/spdlog.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "storage/files/fault_injecting_file_system.h"
#include "storage/log/local_log.h"
#include "storage/log/log_format.h"
#include "storage/log/read_local_log.h"

namespace tidegate::storage {
namespace {

constexpr char kDirectory[] = "/log";
constexpr uint64_t kLogId = 5;
constexpr uint64_t kNumber = 2;
constexpr uint64_t kBase = 0x1000;

void Require(bool condition) {
  if (!condition) abort();
}

struct Read {
  std::vector<std::string> frames;
  uint64_t last = 0;
  FrameFn frame_fn = [this](LogPosition after, std::string_view frame) {
    Require(!frame.empty() && frame.size() <= kMaxLogFrameBytes);
    Require(after.value > last);
    last = after.value;
    frames.emplace_back(frame);
    return absl::OkStatus();
  };
  DamageFn damage_fn = [](const LogDamage& damage) { Require(damage.begin <= damage.end); };
};

void RunOn(const std::string& segment) {
  const auto files = std::make_shared<FaultInjectingFileSystem>();
  files->SetContents("/log/STATE", EncodeLogState({.log_id = kLogId, .begin = kBase}));
  files->SetContents("/log/" + SegmentFileName(kNumber, kBase), segment);
  Read checked;
  const absl::StatusOr<LogBounds> bounds =
      ReadLocalLog(*files, kDirectory, {}, checked.frame_fn, checked.damage_fn);
  absl::StatusOr<std::unique_ptr<Log>> log =
      OpenLocalLogIn({.file_system = files}, {.directory = kDirectory, .segment_bytes = 8192});
  Require(bounds.ok() == log.ok() || absl::IsAborted(log.status()));  // An epoch in the header.
  if (!log.ok()) return;
  Read opened;
  Require((*log)->Replay({}, opened.frame_fn, opened.damage_fn).ok());
  Require(opened.frames == checked.frames);
  const absl::StatusOr<LogPosition> position = (*log)->Append("one more");
  Require(position.ok() && (*log)->WaitDurable(*position, absl::InfiniteFuture()).ok());
  Read again;
  Require((*log)->Replay({}, again.frame_fn, again.damage_fn).ok());
  checked.frames.push_back("one more");
  Require(again.frames == checked.frames);
}

}  // namespace
}  // namespace tidegate::storage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spdlog::set_level(spdlog::level::off);
  tidegate::storage::RunOn(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
