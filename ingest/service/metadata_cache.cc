#include "ingest/service/metadata_cache.h"

#include "absl/hash/hash.h"

namespace tidegate::ingest {
namespace {

uint64_t Fingerprint(const model::MetricMetadata& metadata) {
  return absl::HashOf(static_cast<uint8_t>(metadata.type), metadata.help, metadata.unit);
}

}  // namespace

MetadataCache::Change MetadataCache::Changed(const std::string& tenant,
                                             const std::vector<model::MetricMetadata>& metadata,
                                             uint64_t max_families) {
  Change change;
  absl::flat_hash_map<std::string, size_t> places;  // Family -> index in `changed`.
  absl::MutexLock lock(&mutex_);
  const auto& known = tenants_[tenant].prints;
  size_t families = known.size();
  for (const model::MetricMetadata& one : metadata) {
    if (const auto place = places.find(one.metric_family); place != places.end()) {
      change.changed[place->second] = one;
      continue;
    }
    const auto it = known.find(one.metric_family);
    if (it != known.end() && it->second == Fingerprint(one)) continue;
    if (it == known.end()) {
      if (max_families != 0 && families >= max_families) {
        ++change.refused;
        continue;
      }
      ++families;
    }
    places.emplace(one.metric_family, change.changed.size());
    change.changed.push_back(one);
  }
  return change;
}

void MetadataCache::Remember(const std::string& tenant,
                             const std::vector<model::MetricMetadata>& stored) {
  absl::MutexLock lock(&mutex_);
  Families& families = tenants_[tenant];
  if (families.prints.size() + stored.size() > kMaxFamilies) families = Families();
  for (const model::MetricMetadata& one : stored) {
    families.prints[one.metric_family] = Fingerprint(one);
  }
}

bool MetadataCache::KnowsAll(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  return tenants_[tenant].complete;
}

void MetadataCache::RememberAll(const std::string& tenant,
                                const std::vector<model::MetricMetadata>& stored) {
  Remember(tenant, stored);
  absl::MutexLock lock(&mutex_);
  tenants_[tenant].complete = true;
}

}  // namespace tidegate::ingest
