#include "ingest/service/metadata_cache.h"

#include "absl/hash/hash.h"

namespace tidegate::ingest {
namespace {

uint64_t Fingerprint(const model::MetricMetadata& metadata) {
  return absl::HashOf(static_cast<uint8_t>(metadata.type), metadata.help, metadata.unit);
}

}  // namespace

std::vector<model::MetricMetadata> MetadataCache::Changed(
    const std::string& tenant, const std::vector<model::MetricMetadata>& metadata) {
  std::vector<model::MetricMetadata> changed;
  absl::flat_hash_map<std::string, size_t> places;  // Family -> index in `changed`.
  absl::MutexLock lock(&mutex_);
  const Families& known = tenants_[tenant];
  for (const model::MetricMetadata& one : metadata) {
    if (const auto place = places.find(one.metric_family); place != places.end()) {
      changed[place->second] = one;
      continue;
    }
    const auto it = known.find(one.metric_family);
    if (it != known.end() && it->second == Fingerprint(one)) continue;
    places.emplace(one.metric_family, changed.size());
    changed.push_back(one);
  }
  return changed;
}

void MetadataCache::Remember(const std::string& tenant,
                             const std::vector<model::MetricMetadata>& stored) {
  absl::MutexLock lock(&mutex_);
  Families& known = tenants_[tenant];
  if (known.size() + stored.size() > kMaxFamilies) known.clear();
  for (const model::MetricMetadata& one : stored) known[one.metric_family] = Fingerprint(one);
}

}  // namespace tidegate::ingest
