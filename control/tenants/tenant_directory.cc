#include "control/tenants/tenant_directory.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "control/tenants/tenant_merge.h"
#include "fmt/format.h"
#include "model/config/tenant_definition.h"
#include "spdlog/spdlog.h"

namespace tidegate::control {
namespace {

constexpr size_t kMaxDefinitionBytes = 64 << 10;
// Of removing the data of a deleted tenant; then it is tried again.
constexpr absl::Duration kRemovalBound = absl::Minutes(5);

std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

absl::Status NoSuchTenant(std::string_view name) {
  return absl::NotFoundError(fmt::format("tenant {} does not exist", name));
}

const model::ApiKey* FindKey(const std::vector<model::ApiKey>& keys, std::string_view id) {
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const model::ApiKey& key) { return key.id == id; });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

TenantDirectory::TenantDirectory(const TenantDirectoryOptions& options,
                                 const model::ConfigFile& file,
                                 model::ConfigTenantRegistry* registry,
                                 storage::Documents* documents, const model::Clock* clock)
    : options_(options),
      registry_(registry),
      documents_(documents),
      clock_(clock),
      file_(file),
      merged_(file) {
  registry_->Replace(file, Unread(file));
}

model::ConfigTenantRegistry::Openness TenantDirectory::Unread(const model::ConfigFile& file) {
  model::ConfigTenantRegistry::Openness openness;
  openness.any_name = file.trust_org_id && file.tenants.empty();
  openness.ready = absl::UnavailableError("asking the store for the tenants and keys");
  return openness;
}

// --- What is in force ---

void TenantDirectory::ReplaceFile(const model::ConfigFile& file) {
  absl::MutexLock lock(&mutex_);
  file_ = file;
  PublishLocked();
}

absl::Status TenantDirectory::Refresh() {
  absl::MutexLock lock(&mutex_);
  return RefreshLocked();
}

absl::Status TenantDirectory::RefreshLocked() {
  if (read_) {
    const auto version = ReadTenantsVersion(documents_);
    if (!version.ok()) return version.status();
    if (*version == stored_.version) return absl::OkStatus();
  }
  return ReadLocked();
}

absl::Status TenantDirectory::ReadLocked() {
  auto stored = ReadTenants(documents_);
  if (!stored.ok()) return stored.status();
  stored_ = *std::move(stored);
  read_ = true;
  PublishLocked();
  return absl::OkStatus();
}

void TenantDirectory::PublishLocked() {
  if (!read_) {
    merged_ = file_;
    registry_->Replace(file_, Unread(file_));
    return;
  }
  MergedTenants merged = Merge(file_, stored_);
  for (const std::string& complaint : merged.complaints) spdlog::error("{}", complaint);
  merged_ = std::move(merged.config);
  registry_->Replace(merged_, std::move(merged.openness));
}

std::string TenantDirectory::FormatConfig() const {
  absl::MutexLock lock(&mutex_);
  return model::FormatConfig(merged_);
}

// --- The thread ---

void TenantDirectory::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void TenantDirectory::RequestStop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
}

void TenantDirectory::Stop() {
  RequestStop();
  if (thread_.joinable()) thread_.join();
}

void TenantDirectory::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.refresh_interval)) return;
    }
    // While the store is away there is nothing to say: whoever needs it says so.
    (void)Refresh();
    const absl::Status status = FinishDeletions();
    if (!status.ok() && !absl::IsUnavailable(status)) {
      spdlog::error("a deleted tenant cannot be removed yet: {}", View(status.message()));
    }
  }
}

absl::Status TenantDirectory::FinishDeletions() {
  if (!options_.remove_data) return absl::OkStatus();
  std::vector<std::string> due;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Time now = clock_->Now();
    for (const auto& [name, tenant] : stored_.tenants) {
      if (!tenant.deleted_at.has_value() || tenant.claimed_until > now) continue;
      if (*tenant.deleted_at + options_.removal_delay <= now) due.push_back(name);
    }
  }
  absl::Status status;
  for (const std::string& name : due) {
    if (status.ok()) status = FinishDeletion(name);
  }
  return status;
}

absl::Status TenantDirectory::FinishDeletion(const std::string& name) {
  const absl::Time until = clock_->Now() + 2 * kRemovalBound;
  {
    // Only one process removes it: a second one that is late could meet a new tenant of that name.
    absl::MutexLock lock(&mutex_);
    TenantsChange change(stored_.version);
    change.ClaimDeleted(name, StoredLocked(name), until);
    if (absl::Status status = CommitLocked(change); !status.ok()) return status;
  }
  // Without the lock: it may take as long as a flush.
  absl::Status status = options_.remove_data(name, clock_->Now() + kRemovalBound);
  if (status.ok()) status = RemoveTenantDocuments(documents_, name);
  absl::MutexLock lock(&mutex_);
  TenantsChange change(stored_.version);
  if (status.ok()) {
    change.ForgetDeleted(name);
    spdlog::info("the data of the deleted tenant {} is gone", name);
  } else {
    change.ClaimDeleted(name, StoredLocked(name), absl::UnixEpoch());
  }
  const absl::Status committed = CommitLocked(change);
  return status.ok() ? committed : status;
}

// --- Looking ---

const model::TenantConfig* TenantDirectory::InFileLocked(std::string_view name) const {
  for (const model::TenantConfig& tenant : file_.tenants) {
    if (tenant.name == name) return &tenant;
  }
  return nullptr;
}

const StoredTenant& TenantDirectory::StoredLocked(std::string_view name) const {
  static const StoredTenant& nothing = *new StoredTenant;
  const auto found = stored_.tenants.find(name);
  return found == stored_.tenants.end() ? nothing : found->second;
}

ManagedTenant TenantDirectory::ManagedLocked(std::string_view name) const {
  ManagedTenant managed;
  managed.name = name;
  if (const model::TenantConfig* tenant = InFileLocked(name)) {
    managed.in_file = true;
    for (const model::ApiKey& key : tenant->keys) {
      if (!StoredLocked(name).revoked.contains(key.digest)) managed.file_keys.insert(key.id);
    }
  }
  managed.deleting = StoredLocked(name).deleted_at.has_value();
  if (!managed.deleting) managed.config = registry_->Find(name);
  return managed;
}

std::vector<ManagedTenant> TenantDirectory::List() const {
  absl::MutexLock lock(&mutex_);
  std::set<std::string> names = {std::string(model::kDefaultTenant)};
  for (const model::TenantConfig& tenant : merged_.tenants) names.insert(tenant.name);
  for (const auto& [name, tenant] : stored_.tenants) {
    if (tenant.deleted_at.has_value()) names.insert(name);
  }
  std::vector<ManagedTenant> all;
  for (const std::string& name : names) all.push_back(ManagedLocked(name));
  return all;
}

absl::StatusOr<ManagedTenant> TenantDirectory::Get(std::string_view name) const {
  absl::MutexLock lock(&mutex_);
  ManagedTenant managed = ManagedLocked(name);
  if (managed.config == nullptr && !managed.deleting) return NoSuchTenant(name);
  return managed;
}

// --- Changing ---

absl::Status TenantDirectory::CommitLocked(const TenantsChange& change) {
  if (!read_) return absl::UnavailableError("the tenants have not been read from the store yet");
  const absl::Status status = change.Commit(documents_);
  // After an error, too: it may have happened, or somebody else was faster.
  const absl::Status read = ReadLocked();
  return status.ok() ? read : status;
}

absl::Status TenantDirectory::CheckDefinableLocked(std::string_view name) const {
  if (!model::IsValidTenantName(name)) {
    return absl::InvalidArgumentError(
        "a tenant's name must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  if (InFileLocked(name) != nullptr) {
    return absl::FailedPreconditionError(
        fmt::format("tenant {} is defined by the configuration file: change it there", name));
  }
  if (StoredLocked(name).deleted_at.has_value()) {
    return absl::FailedPreconditionError(fmt::format("tenant {} is being deleted", name));
  }
  return absl::OkStatus();
}

// As long as there are keys somebody must be able to use this API: otherwise the first key that is
// only for reading would lock everybody out, and the last one that goes would open everything.
absl::Status TenantDirectory::CheckAdministrableLocked(const StoredTenants& after) const {
  const MergedTenants merged = Merge(file_, after);
  bool had_keys = registry_->RequiresKeys();
  bool has_keys = false;
  for (const model::TenantConfig& tenant : merged.config.tenants) {
    for (const model::ApiKey& key : tenant.keys) {
      has_keys = true;
      if (key.permissions.Has(model::Permission::kAdmin)) return absl::OkStatus();
    }
  }
  if (!had_keys && !has_keys) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "one key with the permission admin must remain (and be the first to be made): without one "
      "nobody could administrate, and without any key everybody could");
}

absl::Status TenantDirectory::CheckDigestLocked(std::string_view tenant,
                                                const model::ApiKey& key) const {
  for (const auto& [name, stored] : stored_.tenants) {
    if (stored.revoked.contains(key.digest)) {
      return absl::AlreadyExistsError("the key with this sha256 was revoked: make a new one");
    }
  }
  for (const model::TenantConfig& other : merged_.tenants) {
    for (const model::ApiKey& known : other.keys) {
      if (other.name == tenant && known.id == key.id) continue;
      if (model::EqualInConstantTime(known.digest, key.digest)) {
        return absl::AlreadyExistsError("another key has this sha256");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status TenantDirectory::CheckNewKeyLocked(std::string_view tenant,
                                                const model::ApiKey& key) const {
  const auto config = registry_->Find(tenant);
  if (config != nullptr && FindKey(config->keys, key.id) != nullptr) {
    return absl::AlreadyExistsError(fmt::format("tenant {} has a key {} already", tenant, key.id));
  }
  if (absl::Status status = CheckDigestLocked(tenant, key); !status.ok()) return status;
  if (StoredLocked(tenant).keys.size() < options_.max_keys) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("a tenant can have {} keys: revoke one first", options_.max_keys));
}

absl::Status TenantDirectory::Put(std::string_view name, std::string_view text) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = RefreshLocked(); !status.ok()) return status;
  if (absl::Status status = CheckDefinableLocked(name); !status.ok()) return status;
  if (text.size() > kMaxDefinitionBytes) {
    return absl::InvalidArgumentError("a definition has at most 64 KB");
  }
  const auto definition = model::ParseTenant(text, name, file_);
  if (!definition.ok()) return definition.status();
  if (registry_->Find(name) == nullptr && stored_.tenants.size() >= options_.max_tenants) {
    return absl::ResourceExhaustedError(
        fmt::format("there are {} tenants already", options_.max_tenants));
  }
  StoredTenants after = stored_;
  StoredTenant& tenant = after.tenants[std::string(name)];
  TenantsChange change(stored_.version);
  tenant.definition = definition->text;
  change.PutDefinition(name, definition->text);
  if (definition->tenant.keys.size() > options_.max_keys) {
    return absl::ResourceExhaustedError(
        fmt::format("a tenant can have {} keys", options_.max_keys));
  }
  if (definition->has_keys) {
    for (const model::ApiKey& key : tenant.keys) change.RemoveKey(name, key.id);
    tenant.keys.clear();
    for (const model::ApiKey& key : definition->tenant.keys) {
      if (absl::Status status = CheckDigestLocked(name, key); !status.ok()) return status;
      tenant.keys.push_back(key);
      change.PutKey(name, key);
    }
    if (absl::Status status = CheckAdministrableLocked(after); !status.ok()) return status;
  }
  return CommitLocked(change);
}

absl::Status TenantDirectory::Delete(std::string_view name) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = RefreshLocked(); !status.ok()) return status;
  if (name == model::kDefaultTenant) {
    return absl::FailedPreconditionError("the tenant default always exists");
  }
  if (absl::Status status = CheckDefinableLocked(name); !status.ok()) return status;
  const StoredTenant& stored = StoredLocked(name);
  if (!stored.definition.has_value() && stored.keys.empty()) return NoSuchTenant(name);
  StoredTenants after = stored_;
  after.tenants.erase(std::string(name));
  if (!stored.keys.empty()) {
    if (absl::Status status = CheckAdministrableLocked(after); !status.ok()) return status;
  }
  TenantsChange change(stored_.version);
  change.MarkDeleted(name, stored, clock_->Now());
  return CommitLocked(change);
}

absl::Status TenantDirectory::AddKey(std::string_view tenant, const model::ApiKey& key) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = RefreshLocked(); !status.ok()) return status;
  if (StoredLocked(tenant).deleted_at.has_value() || registry_->Find(tenant) == nullptr) {
    return NoSuchTenant(tenant);
  }
  if (absl::Status status = CheckNewKeyLocked(tenant, key); !status.ok()) return status;
  StoredTenants after = stored_;
  after.tenants[std::string(tenant)].keys.push_back(key);
  TenantsChange change(stored_.version);
  change.PutKey(tenant, key);
  // A tenant that exists only because every name does is listed from now on.
  const bool listed =
      InFileLocked(tenant) != nullptr || StoredLocked(tenant).definition.has_value();
  if (!listed && tenant != model::kDefaultTenant) {
    after.tenants[std::string(tenant)].definition = "{}";
    change.PutDefinition(tenant, "{}");
  }
  if (absl::Status status = CheckAdministrableLocked(after); !status.ok()) return status;
  return CommitLocked(change);
}

absl::Status TenantDirectory::RevokeKey(std::string_view tenant, std::string_view key_id) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = RefreshLocked(); !status.ok()) return status;
  const StoredTenant& stored = StoredLocked(tenant);
  const model::TenantConfig* const in_file = InFileLocked(tenant);
  const model::ApiKey* const file_key =
      in_file == nullptr ? nullptr : FindKey(in_file->keys, key_id);
  StoredTenants after = stored_;
  StoredTenant& changed = after.tenants[std::string(tenant)];
  TenantsChange change(stored_.version);
  if (file_key != nullptr && !stored.revoked.contains(file_key->digest)) {
    changed.revoked.emplace(file_key->digest, file_key->id);
    change.RevokeFileKey(tenant, *file_key);
  } else if (FindKey(stored.keys, key_id) != nullptr) {
    std::erase_if(changed.keys, [&](const model::ApiKey& key) { return key.id == key_id; });
    change.RemoveKey(tenant, key_id);
  } else {
    return absl::NotFoundError(fmt::format("tenant {} has no key {}", tenant, key_id));
  }
  if (absl::Status status = CheckAdministrableLocked(after); !status.ok()) return status;
  return CommitLocked(change);
}

}  // namespace tidegate::control
