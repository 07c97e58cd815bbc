// The hosts of tenants: one registry for the workspaces' servers and the monitors' hosts.
#ifndef TIDEGATE_CONTROL_HOSTS_H_
#define TIDEGATE_CONTROL_HOSTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/config/config_file.h"
#include "storage/documents.h"

namespace tidegate::control {

// Thread safe.
class Hosts {
 public:
  virtual ~Hosts() = default;
  // Of the tenant, sorted by id; those of the configuration hide those of files, and these
  // registered ones with their id. Unavailable when the documents cannot be read.
  virtual absl::StatusOr<std::vector<model::Host>> List(const std::string& tenant) = 0;
  // Nothing when there is no such host.
  virtual absl::StatusOr<std::optional<model::Host>> Find(const std::string& tenant,
                                                          const std::string& id) = 0;
  // Registers a host, or changes the one with its id. InvalidArgument: no id, or an address that is
  // no IP address. FailedPrecondition: the configuration has a host with this id.
  virtual absl::Status Put(const model::Host& host) = 0;
  // Ok also when there was none. FailedPrecondition: it is in the configuration.
  virtual absl::Status Remove(const std::string& tenant, const std::string& id) = 0;
  // Differs when anything has changed since it was asked last.
  virtual absl::StatusOr<uint64_t> Version() = 0;
};

// Hosts in documents, those of the configuration, and those of the files that it names.
class ConfiguredHosts : public Hosts {
 public:
  // Those of the configuration from now on. Files are read again when they have changed; one that
  // cannot be read keeps its last good hosts. Thread safe.
  virtual void SetConfigured(const std::vector<model::Host>& hosts,
                             const std::vector<model::HostFile>& files) = 0;
};

// The documents must outlive it.
std::unique_ptr<ConfiguredHosts> OpenHosts(storage::Documents* documents);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_HOSTS_H_
