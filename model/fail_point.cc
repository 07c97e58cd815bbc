#include "model/fail_point.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdint>

namespace tidegate::model {
namespace {

constexpr std::array<std::string_view, 10> kNames = {
    "cut.frozen",      "cut.sealed",   "store.before_ingest", "store.ingested", "store.committed",
    "log.before_trim", "log.trimming", "merge.before_ingest", "merge.ingested", "merge.committed",
};

// The armed name (one of kNames, which live forever) or null, and the hits left until death.
std::atomic<const std::string_view*> armed{nullptr};
std::atomic<int64_t> hits_left{0};

void CountHit(std::string_view name, const std::string_view& armed_name) {
  if (name != armed_name) return;
  if (hits_left.fetch_sub(1, std::memory_order_relaxed) != 1) return;
  // As a crash would: no destructor, no flush, no handler runs.
  kill(getpid(), SIGKILL);
  pause();
}

}  // namespace

void HitFailPoint(std::string_view name) {
  const std::string_view* armed_name = armed.load(std::memory_order_relaxed);
  if (armed_name == nullptr) [[likely]]
    return;
  CountHit(name, *armed_name);
}

absl::Status ArmFailPoint(std::string_view specification) {
  const size_t colon = specification.rfind(':');
  const std::string_view name = specification.substr(0, colon);
  const auto* known = std::find(kNames.begin(), kNames.end(), name);
  if (known == kNames.end()) {
    return absl::InvalidArgumentError(fmt::format("unknown fail point in \"{}\"", specification));
  }
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : specification.substr(colon + 1);
  int64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size() || count < 1) {
    return absl::InvalidArgumentError(
        fmt::format("fail point \"{}\" needs a count of at least 1: NAME:N", specification));
  }
  hits_left.store(count, std::memory_order_relaxed);
  armed.store(known, std::memory_order_release);
  return absl::OkStatus();
}

}  // namespace tidegate::model
