// Hosts from the configuration and from documents.
#ifndef TIDEGATE_CONTROL_HOSTS_HOST_REGISTRY_H_
#define TIDEGATE_CONTROL_HOSTS_HOST_REGISTRY_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/discovery/file_discovery.h"
#include "control/hosts.h"
#include "storage/documents.h"

namespace tidegate::control {

// Documents: hosts/<tenant>/<id>, and host_changes, which is written with every change. Thread
// safe.
class HostRegistry final : public ConfiguredHosts {
 public:
  // The documents must outlive it.
  explicit HostRegistry(storage::Documents* documents) : documents_(*documents) {}

  // Those of the configuration from now on.
  void SetConfigured(const std::vector<model::Host>& hosts,
                     const std::vector<model::HostFile>& files) override;

  absl::StatusOr<std::vector<model::Host>> List(const std::string& tenant) override;
  absl::StatusOr<std::optional<model::Host>> Find(const std::string& tenant,
                                                  const std::string& id) override;
  absl::Status Put(const model::Host& host) override;
  absl::Status Remove(const std::string& tenant, const std::string& id) override;
  absl::StatusOr<uint64_t> Version() override;

 private:
  using Key = std::pair<std::string, std::string>;  // Tenant, id.

  bool IsConfigured(const Key& key);
  // Looks at the files, and brings what they say up to date.
  void ReadFiles() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddFromFile(const std::string& tenant, const model::TargetGroup& group)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Documents& documents_;
  absl::Mutex mutex_;
  std::vector<model::Host> from_config_ ABSL_GUARDED_BY(mutex_);
  std::vector<model::HostFile> files_ ABSL_GUARDED_BY(mutex_);
  FileDiscovery discovery_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<model::TargetGroup>> groups_ ABSL_GUARDED_BY(mutex_);  // Of files_.
  std::map<Key, model::Host> configured_ ABSL_GUARDED_BY(mutex_);                // Of both.
  uint64_t reloads_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_HOSTS_HOST_REGISTRY_H_
