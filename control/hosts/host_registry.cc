#include "control/hosts/host_registry.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "model/ip_range.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kChanges = "host_changes";
constexpr size_t kMaxIdBytes = 200;

std::string KeyOf(const std::string& tenant, const std::string& id) {
  return fmt::format("hosts/{}/{}", tenant, id);
}

std::string Encode(const model::Host& host) {
  return boost::json::serialize(boost::json::object{{"name", host.name},
                                                    {"address", host.address},
                                                    {"instance_id", host.instance_id},
                                                    {"region", host.region}});
}

std::string Text(const boost::json::object& object, std::string_view member) {
  const boost::json::value* value = object.if_contains({member.data(), member.size()});
  if (value == nullptr || !value->is_string()) return "";
  return {value->get_string().data(), value->get_string().size()};
}

absl::StatusOr<model::Host> Decode(const std::string& tenant, const std::string& id,
                                   const storage::Document& document) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(document.value, error);
  if (error || !value.is_object()) {
    return absl::DataLossError(fmt::format("the document {} cannot be read", document.key));
  }
  const boost::json::object& object = value.get_object();
  return model::Host{tenant,
                     id,
                     Text(object, "name"),
                     Text(object, "address"),
                     Text(object, "instance_id"),
                     Text(object, "region")};
}

absl::Status Configured(const std::string& id) {
  return absl::FailedPreconditionError(
      fmt::format("the host {} is in the configuration file and can only be changed there", id));
}

}  // namespace

void HostRegistry::SetConfigured(const std::vector<model::Host>& hosts,
                                 const std::vector<model::HostFile>& files) {
  absl::MutexLock lock(&mutex_);
  from_config_ = hosts;
  files_ = files;
  groups_.clear();
  configured_.clear();
  ++reloads_;
  for (const model::Host& host : hosts) configured_[{host.tenant, host.id}] = host;
  ReadFiles();
}

void HostRegistry::ReadFiles() {
  std::vector<std::vector<model::TargetGroup>> groups;
  for (const model::HostFile& file : files_) groups.push_back(discovery_.Groups({file.file}));
  for (const std::string& mistake : discovery_.TakeMistakes()) {
    spdlog::error("host_files: {}", mistake);
  }
  if (groups == groups_) return;
  groups_ = std::move(groups);
  ++reloads_;
  configured_.clear();
  for (size_t i = 0; i < files_.size(); ++i) {
    for (const model::TargetGroup& group : groups_[i]) AddFromFile(files_[i].tenant, group);
  }
  for (const model::Host& host : from_config_) configured_[{host.tenant, host.id}] = host;
}

void HostRegistry::AddFromFile(const std::string& tenant, const model::TargetGroup& group) {
  for (const std::string& address : group.targets) {
    if (!model::IpAddress::Parse(address).ok()) {
      spdlog::error("{}: {} is not an IP address", group.source, address);
      continue;
    }
    model::Host host{tenant, "", "", address, "", ""};
    const std::pair<std::string_view, std::string*> fields[] = {{"id", &host.id},
                                                                {"name", &host.name},
                                                                {"instance_id", &host.instance_id},
                                                                {"region", &host.region}};
    for (const auto& [label, value] : group.labels) {
      for (const auto& [name, field] : fields) {
        if (label == name) *field = value;
      }
    }
    if (host.id.empty()) host.id = address;
    if (host.name.empty()) host.name = host.id;
    configured_[{tenant, host.id}] = std::move(host);
  }
}

bool HostRegistry::IsConfigured(const Key& key) {
  absl::MutexLock lock(&mutex_);
  ReadFiles();
  return configured_.contains(key);
}

absl::StatusOr<std::vector<model::Host>> HostRegistry::List(const std::string& tenant) {
  const std::string prefix = KeyOf(tenant, "");
  const auto documents = documents_.List(prefix, "", 0);
  if (!documents.ok()) return documents.status();
  std::map<std::string, model::Host> hosts;
  for (const storage::Document& document : *documents) {
    const std::string id = document.key.substr(prefix.size());
    absl::StatusOr<model::Host> host = Decode(tenant, id, document);
    if (!host.ok()) return host.status();
    hosts[id] = *std::move(host);
  }
  {
    absl::MutexLock lock(&mutex_);
    ReadFiles();
    for (auto it = configured_.lower_bound({tenant, ""});
         it != configured_.end() && it->first.first == tenant; ++it) {
      hosts[it->first.second] = it->second;
    }
  }
  std::vector<model::Host> all;
  for (auto& [id, host] : hosts) all.push_back(std::move(host));
  return all;
}

absl::StatusOr<std::optional<model::Host>> HostRegistry::Find(const std::string& tenant,
                                                              const std::string& id) {
  {
    absl::MutexLock lock(&mutex_);
    ReadFiles();
    const auto found = configured_.find({tenant, id});
    if (found != configured_.end()) return found->second;
  }
  if (id.empty() || id.size() > kMaxIdBytes) return std::nullopt;
  const auto document = documents_.Get(KeyOf(tenant, id));
  if (absl::IsNotFound(document.status())) return std::nullopt;
  if (!document.ok()) return document.status();
  absl::StatusOr<model::Host> host = Decode(tenant, id, *document);
  if (!host.ok()) return host.status();
  return *std::move(host);
}

absl::Status HostRegistry::Put(const model::Host& host) {
  if (host.id.empty() || host.id.size() > kMaxIdBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the id of a host must have 1 to {} bytes", kMaxIdBytes));
  }
  if (const auto address = model::IpAddress::Parse(host.address); !address.ok()) {
    return address.status();
  }
  if (IsConfigured({host.tenant, host.id})) return Configured(host.id);
  return documents_.Commit({{KeyOf(host.tenant, host.id), Encode(host), std::nullopt},
                            {std::string(kChanges), "", std::nullopt}});
}

absl::Status HostRegistry::Remove(const std::string& tenant, const std::string& id) {
  if (IsConfigured({tenant, id})) return Configured(id);
  return documents_.Commit(
      {{KeyOf(tenant, id), std::nullopt, std::nullopt}, {std::string(kChanges), "", std::nullopt}});
}

absl::StatusOr<uint64_t> HostRegistry::Version() {
  const auto changes = documents_.Get(kChanges);
  if (!changes.ok() && !absl::IsNotFound(changes.status())) return changes.status();
  absl::MutexLock lock(&mutex_);
  ReadFiles();
  // Reloads are few: the two do not meet.
  return (changes.ok() ? changes->version : 0) + (reloads_ << 48);
}

std::unique_ptr<ConfiguredHosts> OpenHosts(storage::Documents* documents) {
  return std::make_unique<HostRegistry>(documents);
}

}  // namespace tidegate::control
