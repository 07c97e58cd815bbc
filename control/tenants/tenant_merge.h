// The tenants of the configuration file and those of the documents as one. Pure.
#ifndef TIDEGATE_CONTROL_TENANTS_TENANT_MERGE_H_
#define TIDEGATE_CONTROL_TENANTS_TENANT_MERGE_H_

#include <string>
#include <vector>

#include "control/tenants/tenant_documents.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::control {

struct MergedTenants {
  model::ConfigFile config;  // The file's, with all tenants in force.
  model::ConfigTenantRegistry::Openness openness;
  std::vector<std::string> complaints;  // What was left out, for the log.
};

// A tenant of the file is what the file says; keys of the documents are added unless the file has
// their id or digest, and keys of the file that were revoked are left out. Other tenants are what
// their definition says, over the file's defaults. A definition that cannot be read leaves its
// tenant out. A deleted tenant is none, whatever the file says, until its data is gone.
// Authentication is on as soon as any key is stored, also one that cannot be read or whose tenant
// is gone: it must not go off by accident.
MergedTenants Merge(const model::ConfigFile& file, const StoredTenants& stored);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_TENANTS_TENANT_MERGE_H_
