#include "query/logql/template/time_zones.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace tidegate::logql {
namespace {

constexpr size_t kMaxName = 64;
// More than there are zones, with all their old names.
constexpr size_t kMaxZones = 1024;

bool CanBeZone(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || name.front() == '/') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '+' ||
           c == '/';
  });
}

class ZoneCache {
 public:
  absl::TimeZone Find(const std::string& name) {
    const absl::MutexLock lock(&mutex_);
    const auto known = zones_.find(name);
    if (known != zones_.end()) return known->second;
    absl::TimeZone zone = absl::UTCTimeZone();
    if (zones_.size() >= kMaxZones) return zone;
    if (!absl::LoadTimeZone(name, &zone)) zone = absl::UTCTimeZone();
    return zones_[name] = zone;
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::TimeZone> zones_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::TimeZone FindTimeZone(std::string_view name) {
  static auto* const kCache = new ZoneCache;
  return CanBeZone(name) ? kCache->Find(std::string(name)) : absl::UTCTimeZone();
}

}  // namespace tidegate::logql
