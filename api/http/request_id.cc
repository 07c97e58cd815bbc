#include "api/http/request_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>

namespace tidegate::api {
namespace {

constexpr size_t kMaxBytes = 128;

bool IsUsable(std::string_view id) {
  return !id.empty() && id.size() <= kMaxBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

uint64_t ProcessNumber() {
  std::random_device source;
  return static_cast<uint64_t>(source()) << 32 | source();
}

}  // namespace

std::string RequestIdOf(const Headers& headers) {
  static const uint64_t process = ProcessNumber();
  static std::atomic<uint64_t> next{1};
  const std::string_view given = headers.Get(kGivenRequestIdField);
  if (!given.empty()) return std::string(given);
  const std::string_view sent = headers.Get(kRequestIdField);
  if (IsUsable(sent)) return std::string(sent);
  return fmt::format("{:016x}-{}", process, next.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace tidegate::api
