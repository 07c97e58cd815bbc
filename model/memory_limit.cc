#include "model/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

namespace tidegate::model {
namespace {

// Where the limit of the group is, as a container sees it.
constexpr const char* kLimitFiles[] = {
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
};

// Nothing when there is no such file, or it says "max".
std::optional<uint64_t> ReadBytes(const std::string& path) {
  std::ifstream in(path);
  std::string text;
  if (!(in >> text)) return std::nullopt;
  uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size() || bytes == 0) return std::nullopt;
  return bytes;
}

}  // namespace

uint64_t MemoryLimitUnder(const std::string& root, uint64_t machine_bytes) {
  uint64_t limit = machine_bytes;
  for (const char* file : kLimitFiles) {
    if (const auto bytes = ReadBytes(root + file)) limit = std::min(limit, *bytes);
  }
  return limit;
}

uint64_t ProcessMemoryLimit() {
  const uint64_t machine =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return MemoryLimitUnder("", machine);
}

}  // namespace tidegate::model
