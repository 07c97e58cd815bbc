#include "control/monitors/inventory/service_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxMemo = 2048;
constexpr std::string_view kNameRule =
    "is not 2 to 63 letters, digits, - and _, beginning with a letter or digit";

std::string KeyOf(const std::string& tenant, const std::string& service) {
  return fmt::format("services/{}/{}", tenant, service);
}

// A service as it is stored: {"name", "memo", "roles": [{"name", "memo"}]}.
json::array& RolesIn(json::object& service) {
  json::value& roles = service["roles"];
  return roles.is_array() ? roles.get_array() : roles.emplace_array();
}

std::string NameIn(const json::value& role) {
  return role.is_object() ? TextOf(role.get_object(), "name") : "";
}

// Sorted by name.
void AddRole(json::object role, json::array* roles) {
  const std::string name = TextOf(role, "name");
  const auto at = std::find_if(roles->begin(), roles->end(),
                               [&](const json::value& other) { return NameIn(other) > name; });
  roles->insert(at, std::move(role));
}

// As the API shows it: roles are their names.
json::object Shown(json::object service) {
  json::array names;
  for (const json::value& role : RolesIn(service)) names.emplace_back(NameIn(role));
  service["roles"] = std::move(names);
  return service;
}

absl::Status CommitChange(storage::Documents* documents,
                          std::vector<storage::DocumentWrite> writes) {
  writes.push_back({std::string(kMonitoringChanges), "", std::nullopt});
  return documents->Commit(writes);
}

absl::StatusOr<storage::Document> Find(storage::Documents* documents, const std::string& tenant,
                                       const std::string& service) {
  const absl::Status none = absl::NotFoundError("there is no such service");
  if (!IsServiceName(service)) return none;
  auto document = documents->Get(KeyOf(tenant, service));
  return absl::IsNotFound(document.status()) ? none : document;
}

absl::StatusOr<json::object> ReadNamed(std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const std::string name = fields.RequiredText("name", kMaxMemo);
  const std::string memo = fields.BoundedText("memo", kMaxMemo).value_or("");
  if (fields.ok() && !IsServiceName(name)) fields.Fail("name", kNameRule);
  if (!fields.ok()) return fields.status();
  return json::object{{"name", name}, {"memo", memo}};
}

// The service monitors of a service go with it.
absl::Status DeleteMonitorsOf(storage::Documents* documents, const std::string& tenant,
                              const std::string& service,
                              std::vector<storage::DocumentWrite>* writes) {
  const auto monitors = documents->List(fmt::format("monitors/{}/", tenant), "", 0);
  if (!monitors.ok()) return monitors.status();
  for (const storage::Document& document : *monitors) {
    const auto monitor = StoredObject(document);
    if (!monitor.ok()) return monitor.status();
    if (TextOf(*monitor, "type") == "service" && TextOf(*monitor, "service") == service) {
      writes->push_back({document.key, std::nullopt, document.version});
    }
  }
  return absl::OkStatus();
}

// Takes roles from the hosts that have them: all of the service, or this one.
absl::Status TakeFromHosts(storage::Documents* documents, const std::string& tenant,
                           const Scope& gone, std::vector<storage::DocumentWrite>* writes) {
  const auto hosts = documents->List(fmt::format("monitored_hosts/{}/", tenant), "", 0);
  if (!hosts.ok()) return hosts.status();
  for (const storage::Document& document : *hosts) {
    absl::StatusOr<json::object> host = StoredObject(document);
    if (!host.ok()) return host.status();
    json::array kept;
    const std::vector<std::string> names = TextsOf(*host, "roleFullnames");
    for (const std::string& name : names) {
      const Scope role = ParseScope(name);
      const bool goes =
          role.service == gone.service && (gone.role.empty() || role.role == gone.role);
      if (!goes) kept.emplace_back(name);
    }
    if (kept.size() == names.size()) continue;
    (*host)["roleFullnames"] = std::move(kept);
    writes->push_back({document.key, JsonText(*host), document.version});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ServiceCatalog> LoadServices(storage::Documents* documents,
                                            const std::string& tenant) {
  const auto found = documents->List(KeyOf(tenant, ""), "", 0);
  if (!found.ok()) return found.status();
  ServiceCatalog catalog;
  for (const storage::Document& document : *found) {
    absl::StatusOr<json::object> service = StoredObject(document);
    if (!service.ok()) return service.status();
    std::set<std::string>& roles = catalog[TextOf(*service, "name")];
    for (const json::value& role : RolesIn(*service)) roles.insert(NameIn(role));
  }
  return catalog;
}

absl::StatusOr<std::vector<Scope>> ReadRoleNames(const std::vector<std::string>& texts) {
  std::vector<Scope> roles;
  for (const std::string& text : texts) {
    Scope role = ParseScope(text);
    if (!IsServiceName(role.service) || !IsServiceName(role.role)) {
      return absl::InvalidArgumentError(
          fmt::format("roleFullnames has \"{}\": it is not SERVICE:ROLE", text));
    }
    roles.push_back(std::move(role));
  }
  return roles;
}

absl::Status EnsureRoles(storage::Documents* documents, const std::string& tenant,
                         const std::vector<Scope>& roles) {
  for (const Scope& role : roles) {
    const auto catalog = LoadServices(documents, tenant);
    if (!catalog.ok()) return catalog.status();
    if (Knows(*catalog, role)) continue;
    const auto document = documents->Get(KeyOf(tenant, role.service));
    if (!document.ok() && !absl::IsNotFound(document.status())) return document.status();
    json::object service{{"name", role.service}, {"memo", ""}};
    if (document.ok()) {
      absl::StatusOr<json::object> stored = StoredObject(*document);
      if (!stored.ok()) return stored.status();
      service = *std::move(stored);
    } else if (catalog->size() >= kMaxServices) {
      return absl::FailedPreconditionError("there are too many services");
    }
    json::array& known = RolesIn(service);
    if (known.size() >= kMaxRolesPerService) {
      return absl::FailedPreconditionError("the service has too many roles");
    }
    AddRole({{"name", role.role}, {"memo", ""}}, &known);
    absl::Status status = CommitChange(documents, {{KeyOf(tenant, role.service), JsonText(service),
                                                    document.ok() ? document->version : 0}});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

std::map<std::string, std::vector<std::string>> RolesOfHost(const json::object& host,
                                                            const ServiceCatalog& catalog) {
  std::map<std::string, std::vector<std::string>> roles;
  for (const std::string& text : TextsOf(host, "roleFullnames")) {
    const Scope role = ParseScope(text);
    if (Knows(catalog, role)) roles[role.service].push_back(role.role);
  }
  for (auto& [service, names] : roles) std::sort(names.begin(), names.end());
  return roles;
}

absl::StatusOr<std::string> ServiceDocuments::List(const std::string& tenant) {
  const auto found = documents_.List(KeyOf(tenant, ""), "", 0);
  if (!found.ok()) return found.status();
  json::array services;
  for (const storage::Document& document : *found) {
    absl::StatusOr<json::object> service = StoredObject(document);
    if (!service.ok()) return service.status();
    services.push_back(Shown(*std::move(service)));
  }
  return JsonText(services);
}

absl::StatusOr<std::string> ServiceDocuments::Create(const std::string& tenant,
                                                     std::string_view body) {
  absl::StatusOr<json::object> service = ReadNamed(body);
  if (!service.ok()) return service.status();
  const auto found = documents_.List(KeyOf(tenant, ""), "", kMaxServices);
  if (!found.ok()) return found.status();
  if (found->size() >= kMaxServices) {
    return absl::FailedPreconditionError("there are too many services");
  }
  const std::string name = TextOf(*service, "name");
  (*service)["roles"] = json::array();
  const absl::Status status =
      CommitChange(&documents_, {{KeyOf(tenant, name), JsonText(*service), 0}});
  if (absl::IsAborted(status)) {
    return absl::InvalidArgumentError(fmt::format("there is a service \"{}\" already", name));
  }
  if (!status.ok()) return status;
  return JsonText(Shown(*std::move(service)));
}

absl::StatusOr<std::string> ServiceDocuments::Delete(const std::string& tenant,
                                                     const std::string& service) {
  const auto document = Find(&documents_, tenant, service);
  if (!document.ok()) return document.status();
  absl::StatusOr<json::object> object = StoredObject(*document);
  if (!object.ok()) return object.status();
  std::vector<storage::DocumentWrite> writes = {{document->key, std::nullopt, document->version}};
  absl::Status status = DeleteMonitorsOf(&documents_, tenant, service, &writes);
  status.Update(TakeFromHosts(&documents_, tenant, {service, ""}, &writes));
  status.Update(ForgetOwned(&documents_, tenant, OwnedByService(service), &writes));
  for (const json::value& role : RolesIn(*object)) {
    status.Update(ForgetOwned(&documents_, tenant, OwnedByRole(service, NameIn(role)), &writes));
  }
  if (status.ok()) status = CommitChange(&documents_, std::move(writes));
  if (!status.ok()) return status;
  return JsonText(Shown(*std::move(object)));
}

absl::StatusOr<std::string> ServiceDocuments::Roles(const std::string& tenant,
                                                    const std::string& service) {
  const auto document = Find(&documents_, tenant, service);
  if (!document.ok()) return document.status();
  absl::StatusOr<json::object> object = StoredObject(*document);
  if (!object.ok()) return object.status();
  return JsonText(RolesIn(*object));
}

absl::StatusOr<std::string> ServiceDocuments::CreateRole(const std::string& tenant,
                                                         const std::string& service,
                                                         std::string_view body) {
  const auto document = Find(&documents_, tenant, service);
  if (!document.ok()) return document.status();
  absl::StatusOr<json::object> object = StoredObject(*document);
  if (!object.ok()) return object.status();
  absl::StatusOr<json::object> role = ReadNamed(body);
  if (!role.ok()) return role.status();
  json::array& roles = RolesIn(*object);
  const std::string name = TextOf(*role, "name");
  for (const json::value& other : roles) {
    if (NameIn(other) == name) {
      return absl::InvalidArgumentError(fmt::format("there is a role \"{}\" already", name));
    }
  }
  if (roles.size() >= kMaxRolesPerService) {
    return absl::FailedPreconditionError("the service has too many roles");
  }
  AddRole(*role, &roles);
  absl::Status status =
      CommitChange(&documents_, {{document->key, JsonText(*object), document->version}});
  if (!status.ok()) return status;
  return JsonText(*role);
}

absl::StatusOr<std::string> ServiceDocuments::DeleteRole(const std::string& tenant,
                                                         const std::string& service,
                                                         const std::string& role) {
  const auto document = Find(&documents_, tenant, service);
  if (!document.ok()) return document.status();
  absl::StatusOr<json::object> object = StoredObject(*document);
  if (!object.ok()) return object.status();
  json::array& roles = RolesIn(*object);
  const auto found = std::find_if(roles.begin(), roles.end(),
                                  [&](const json::value& other) { return NameIn(other) == role; });
  if (found == roles.end()) return absl::NotFoundError("there is no such role");
  const json::value deleted = *found;
  roles.erase(found);
  std::vector<storage::DocumentWrite> writes = {
      {document->key, JsonText(*object), document->version}};
  absl::Status status = TakeFromHosts(&documents_, tenant, {service, role}, &writes);
  status.Update(ForgetOwned(&documents_, tenant, OwnedByRole(service, role), &writes));
  if (status.ok()) status = CommitChange(&documents_, std::move(writes));
  if (!status.ok()) return status;
  return JsonText(deleted);
}

}  // namespace tidegate::control
