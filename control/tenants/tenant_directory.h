// Keeps a process' tenants as the configuration file and the store's documents say, and changes
// the latter.
#ifndef TIDEGATE_CONTROL_TENANTS_TENANT_DIRECTORY_H_
#define TIDEGATE_CONTROL_TENANTS_TENANT_DIRECTORY_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/tenant_administration.h"
#include "control/tenants/tenant_documents.h"
#include "model/clock.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/documents.h"

namespace tidegate::control {

struct TenantDirectoryOptions {
  // How often the documents are looked at. A change holds everywhere after this and one call.
  absl::Duration refresh_interval = absl::Seconds(1);
  // After this no process lets anybody of a deleted tenant in, and its data can go.
  absl::Duration removal_delay = absl::Seconds(10);
  // Removes sealed and unsealed data of a tenant, or gives up at the deadline; without it deletions
  // wait for another process.
  std::function<absl::Status(const std::string& tenant, absl::Time deadline)> remove_data;
  size_t max_tenants = 10'000;  // Of the documents.
  size_t max_keys = 1'000;      // Of one tenant.
};

// Thread safe. Until the documents were read once the registry is not ready; later, while the store
// is away, what was read last stays in force. Registry, documents and clock must outlive it.
class TenantDirectory final : public TenantAdministration {
 public:
  TenantDirectory(const TenantDirectoryOptions& options, const model::ConfigFile& file,
                  model::ConfigTenantRegistry* registry, storage::Documents* documents,
                  const model::Clock* clock);
  ~TenantDirectory() override { Stop(); }

  // What is in force with the configuration file alone, before the documents were read.
  static model::ConfigTenantRegistry::Openness Unread(const model::ConfigFile& file);

  // The configuration file as it is now.
  void ReplaceFile(const model::ConfigFile& file);
  // Reads the documents if they have changed. Unavailable while the store is away.
  absl::Status Refresh();
  // Removes what is left of tenants whose removal_delay has passed.
  absl::Status FinishDeletions();
  // Does both every refresh_interval, on a thread of its own, until Stop.
  void Start();
  // Asks the thread to end; what it removes goes on.
  void RequestStop();
  void Stop();

  // The configuration in force as YAML, without secrets.
  std::string FormatConfig() const;

  std::vector<ManagedTenant> List() const override;
  absl::StatusOr<ManagedTenant> Get(std::string_view name) const override;
  absl::Status Put(std::string_view name, std::string_view definition) override;
  absl::Status Delete(std::string_view name) override;
  absl::Status AddKey(std::string_view tenant, const model::ApiKey& key) override;
  absl::Status RevokeKey(std::string_view tenant, std::string_view key_id) override;

 private:
  void Loop();
  absl::Status RefreshLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status FinishDeletion(const std::string& name);
  absl::Status ReadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PublishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CommitLocked(const TenantsChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const model::TenantConfig* InFileLocked(std::string_view name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const StoredTenant& StoredLocked(std::string_view name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ManagedTenant ManagedLocked(std::string_view name) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckDefinableLocked(std::string_view name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckDigestLocked(std::string_view tenant, const model::ApiKey& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckNewKeyLocked(std::string_view tenant, const model::ApiKey& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckAdministrableLocked(const StoredTenants& after) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const TenantDirectoryOptions options_;
  model::ConfigTenantRegistry* const registry_;
  storage::Documents* const documents_;
  const model::Clock* const clock_;

  mutable absl::Mutex mutex_;
  model::ConfigFile file_ ABSL_GUARDED_BY(mutex_);
  model::ConfigFile merged_ ABSL_GUARDED_BY(mutex_);
  StoredTenants stored_ ABSL_GUARDED_BY(mutex_);
  bool read_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_TENANTS_TENANT_DIRECTORY_H_
