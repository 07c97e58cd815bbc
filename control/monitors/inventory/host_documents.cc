#include "control/monitors/inventory/host_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"
#include "control/monitors/settings/stored_resources.h"
#include "model/ip_range.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxName = 255;
constexpr size_t kMaxInterfaces = 100;
constexpr size_t kMaxRoles = 100;
constexpr size_t kMaxChecks = 100;
constexpr size_t kMaxCheckMemo = 250;
constexpr size_t kMaxMemo = 2048;
constexpr size_t kMaxBulk = 30;
constexpr size_t kMaxDocumentBytes = 256 << 10;
constexpr int kAttempts = 5;

std::string KeyOf(const std::string& tenant, const std::string& id) {
  return fmt::format("monitored_hosts/{}/{}", tenant, id);
}

absl::Status NoSuchHost() { return absl::NotFoundError("there is no such host"); }

// Clients read `ipAddress`, newer agents send `ipv4Addresses`.
json::array WithAddresses(const json::array& interfaces) {
  json::array all;
  for (const json::value& element : interfaces) {
    json::object interface = element.get_object();
    const std::vector<std::string> addresses = TextsOf(interface, "ipv4Addresses");
    if (!addresses.empty()) interface["ipAddress"] = addresses.front();
    const std::vector<std::string> longer = TextsOf(interface, "ipv6Addresses");
    if (!longer.empty()) interface["ipv6Address"] = longer.front();
    all.push_back(std::move(interface));
  }
  return all;
}

absl::Status ReadInterfaces(Fields* fields, json::object* host) {
  const json::value* const value = fields->Value("interfaces");
  (*host)["interfaces"] = json::array();
  if (value == nullptr) return absl::OkStatus();
  const bool objects = value->is_array() && value->get_array().size() <= kMaxInterfaces &&
                       std::all_of(value->get_array().begin(), value->get_array().end(),
                                   [](const json::value& element) { return element.is_object(); });
  if (!objects) {
    return absl::InvalidArgumentError(
        fmt::format("interfaces is not an array of up to {} objects", kMaxInterfaces));
  }
  (*host)["interfaces"] = WithAddresses(value->get_array());
  return absl::OkStatus();
}

bool IsCheckName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// What the host says it checks itself. Nothing is changed when it says nothing.
void ReadChecks(Fields* fields, json::object* host) {
  const json::value* const value = fields->Value("checks");
  if (value == nullptr) return;
  if (!value->is_array() || value->get_array().size() > kMaxChecks) {
    return fields->Fail("checks", fmt::format("is not an array of up to {} objects", kMaxChecks));
  }
  json::array checks;
  for (const json::value& element : value->get_array()) {
    if (!element.is_object()) return fields->Fail("checks", "has something that is no object");
    Fields check(element.get_object(), "checks.");
    json::object kept{{"name", check.RequiredText("name", kMaxName)}};
    if (check.ok() && !IsCheckName(TextOf(kept, "name"))) {
      check.Fail("name", "is not made of letters, digits, - and _");
    }
    const auto memo = check.BoundedText("memo", kMaxCheckMemo);
    if (memo.has_value()) kept["memo"] = *memo;
    fields->Update(check.status());
    checks.push_back(std::move(kept));
  }
  (*host)["checks"] = std::move(checks);
}

// What a registration and a change say about a host.
absl::StatusOr<json::object> ReadHost(std::string_view body, std::vector<Scope>* roles) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  json::object host;
  host["name"] = fields.RequiredText("name", kMaxName);
  for (const char* name : {"displayName", "customIdentifier"}) {
    const auto text = fields.BoundedText(name, kMaxName);
    if (text.has_value() && !text->empty()) host[name] = *text;
  }
  if (const auto memo = fields.BoundedText("memo", kMaxMemo); memo.has_value()) {
    host["memo"] = *memo;
  }
  ReadChecks(&fields, &host);
  const json::value* const meta = fields.Value("meta");
  if (meta != nullptr && !meta->is_object()) fields.Fail("meta", "is not an object");
  host["meta"] = meta == nullptr ? json::value(json::object()) : *meta;
  fields.Update(ReadInterfaces(&fields, &host));
  const auto texts = fields.Texts("roleFullnames");
  if (!fields.ok()) return fields.status();
  auto read = ReadRoleNames(texts.value_or(std::vector<std::string>()));
  if (!read.ok()) return read.status();
  if (read->size() > kMaxRoles) return absl::InvalidArgumentError("roleFullnames has too many");
  *roles = *std::move(read);
  return host;
}

std::string ReadStatus(Fields* fields) {
  const auto status = fields->OneOf("status", {"standby", "working", "maintenance", "poweroff"});
  if (!status.has_value()) fields->Fail("status", "is missing");
  return status.value_or("");
}

void AddRoles(const std::vector<Scope>& roles, json::object* host) {
  std::vector<std::string> names = TextsOf(*host, "roleFullnames");
  for (const Scope& role : roles) {
    const std::string name = fmt::format("{}:{}", role.service, role.role);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  (*host)["roleFullnames"] = json::array(names.begin(), names.end());
}

// As the API shows it.
json::object Shown(const json::object& stored, const ServiceCatalog& catalog) {
  json::object host;
  for (const auto& [name, value] : stored) {
    if (name != "roleFullnames" && name != "hasPosted" && name != "checks") host[name] = value;
  }
  json::object roles;
  for (const auto& [service, names] : RolesOfHost(stored, catalog)) {
    roles[service] = json::array(names.begin(), names.end());
  }
  host["roles"] = std::move(roles);
  return host;
}

// A host of the configuration, as if it had been registered.
json::object FromConfiguration(const model::Host& host) {
  return {{"createdAt", 0},
          {"id", host.id},
          {"name", host.name},
          {"meta", json::object()},
          {"interfaces", json::array{json::object{{"name", ""}, {"ipAddress", host.address}}}},
          {"type", "unknown"},
          {"status", "working"},
          {"memo", ""},
          {"isRetired", false}};
}

bool Matches(const json::object& host, const ServiceCatalog& catalog, const HostFilter& filter) {
  if (BoolOf(host, "isRetired")) return false;
  if (!filter.name.empty() && TextOf(host, "name") != filter.name) return false;
  if (!filter.custom_identifier.empty() &&
      TextOf(host, "customIdentifier") != filter.custom_identifier) {
    return false;
  }
  const std::vector<std::string> usual = {"working", "standby"};
  const std::vector<std::string>& statuses = filter.statuses.empty() ? usual : filter.statuses;
  const std::string status = TextOf(host, "status");
  if (std::find(statuses.begin(), statuses.end(), status) == statuses.end()) return false;
  if (filter.service.empty()) return true;
  const auto roles = RolesOfHost(host, catalog);
  const auto service = roles.find(filter.service);
  if (service == roles.end()) return false;
  if (filter.roles.empty()) return true;
  return std::any_of(service->second.begin(), service->second.end(), [&](const std::string& role) {
    return std::find(filter.roles.begin(), filter.roles.end(), role) != filter.roles.end();
  });
}

// All of a tenant, by id: documents, then what only the configuration has.
absl::StatusOr<std::map<std::string, json::object>> AllHosts(storage::Documents* documents,
                                                             Hosts* hosts,
                                                             const std::string& tenant) {
  std::map<std::string, json::object> all;
  const auto configured = hosts->List(tenant);
  if (!configured.ok()) return configured.status();
  for (const model::Host& host : *configured) all[host.id] = FromConfiguration(host);
  const auto found = documents->List(KeyOf(tenant, ""), "", 0);
  if (!found.ok()) return found.status();
  for (const storage::Document& document : *found) {
    absl::StatusOr<json::object> host = StoredObject(document);
    if (!host.ok()) return host.status();
    all[TextOf(*host, "id")] = *std::move(host);
  }
  return all;
}

HostRecord RecordOf(const json::object& host, const ServiceCatalog& catalog) {
  HostRecord record;
  record.id = TextOf(host, "id");
  record.name = TextOf(host, "name");
  record.memo = TextOf(host, "memo");
  record.type = TextOf(host, "type");
  record.status = TextOf(host, "status");
  record.retired = BoolOf(host, "isRetired");
  record.has_posted = BoolOf(host, "hasPosted");
  for (const auto& [service, names] : RolesOfHost(host, catalog)) {
    for (const std::string& name : names) record.roles.push_back({service, name});
  }
  return record;
}

}  // namespace

absl::StatusOr<std::vector<HostRecord>> LoadHosts(storage::Documents* documents, Hosts* hosts,
                                                  const ServiceCatalog& catalog,
                                                  const std::string& tenant) {
  const auto all = AllHosts(documents, hosts, tenant);
  if (!all.ok()) return all.status();
  std::vector<HostRecord> records;
  for (const auto& [id, host] : *all) records.push_back(RecordOf(host, catalog));
  return records;
}

absl::StatusOr<HostRecord> LoadHost(storage::Documents* documents, Hosts* hosts,
                                    const ServiceCatalog& catalog, const std::string& tenant,
                                    const std::string& id) {
  const auto document =
      IsShortId(id) ? documents->Get(KeyOf(tenant, id)) : absl::NotFoundError("no id");
  if (document.ok()) {
    const auto host = StoredObject(*document);
    if (!host.ok()) return host.status();
    return RecordOf(*host, catalog);
  }
  if (!absl::IsNotFound(document.status())) return document.status();
  const auto configured = hosts->Find(tenant, id);
  if (!configured.ok()) return configured.status();
  if (!configured->has_value()) {
    return absl::NotFoundError(fmt::format("there is no host \"{}\"", id));
  }
  return RecordOf(FromConfiguration(**configured), catalog);
}

absl::StatusOr<std::string> HostDocuments::List(const std::string& tenant,
                                                const HostFilter& filter) {
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  const auto all = AllHosts(&documents_, &hosts_, tenant);
  if (!all.ok()) return all.status();
  std::string list = "[";
  for (const auto& [id, host] : *all) {
    if (!Matches(host, *catalog, filter)) continue;
    if (list.size() > 1) list += ',';
    list += JsonText(Shown(host, *catalog));
  }
  return list + "]";
}

absl::StatusOr<std::string> HostDocuments::Get(const std::string& tenant, const std::string& id) {
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  if (IsShortId(id)) {
    const auto document = documents_.Get(KeyOf(tenant, id));
    if (document.ok()) {
      const auto host = StoredObject(*document);
      if (!host.ok()) return host.status();
      return JsonText(Shown(*host, *catalog));
    }
    if (!absl::IsNotFound(document.status())) return document.status();
  }
  const auto configured = hosts_.Find(tenant, id);
  if (!configured.ok()) return configured.status();
  if (!configured->has_value()) return NoSuchHost();
  return JsonText(Shown(FromConfiguration(**configured), *catalog));
}

// Retired hosts are kept as long as there is room; the oldest go first.
absl::Status HostDocuments::MakeRoom(const std::string& tenant) {
  const size_t most = LimitsOf(limits_, tenant).max_hosts;
  if (most == 0) return absl::OkStatus();
  const auto found = documents_.List(KeyOf(tenant, ""), "", 0);
  if (!found.ok()) return found.status();
  size_t active = 0;
  std::vector<const storage::Document*> retired;
  for (const storage::Document& document : *found) {
    const auto host = StoredObject(document);
    if (!host.ok()) return host.status();
    if (BoolOf(*host, "isRetired")) {
      retired.push_back(&document);
    } else {
      ++active;
    }
  }
  if (active >= most) {
    CountRefused(limits_, tenant, "max_hosts");
    return absl::FailedPreconditionError(
        fmt::format("there are {} hosts already, which is the limit", active));
  }
  if (retired.size() < most) return absl::OkStatus();
  const std::string& oldest = retired.front()->key;
  std::vector<storage::DocumentWrite> writes = {{oldest, std::nullopt, std::nullopt}};
  const std::string id = oldest.substr(oldest.rfind('/') + 1);
  const absl::Status status = ForgetOwned(&documents_, tenant, OwnedByHost(id), &writes);
  return status.ok() ? documents_.Commit(writes) : status;
}

absl::Status HostDocuments::PutAddress(const std::string& tenant, const json::object& host) {
  const json::value& interfaces = host.at("interfaces");
  for (const json::value& element : interfaces.get_array()) {
    for (const char* name : {"ipAddress", "ipv6Address"}) {
      const std::string address = TextOf(element.get_object(), name);
      if (address.empty() || !model::IpAddress::Parse(address).ok()) continue;
      return hosts_.Put({tenant, TextOf(host, "id"), TextOf(host, "name"), address, "", ""});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> HostDocuments::Create(const std::string& tenant,
                                                  std::string_view body) {
  std::vector<Scope> roles;
  absl::StatusOr<json::object> read = ReadHost(body, &roles);
  if (!read.ok()) return read.status();
  absl::Status status = MakeRoom(tenant);
  if (status.ok()) status = EnsureRoles(&documents_, tenant, roles);
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> id = NewShortId(clock_.Now());
  if (!id.ok()) return id.status();
  json::object host{{"createdAt", absl::ToUnixSeconds(clock_.Now())}, {"id", *id}};
  for (auto& [name, value] : *read) host[name] = std::move(value);
  host["type"] = host["meta"].get_object().contains("agent-name") ? "agent" : "unknown";
  host["size"] = "standard";
  host["status"] = "working";
  if (!host.contains("memo")) host["memo"] = "";
  host["isRetired"] = false;
  AddRoles(roles, &host);
  const std::string text = JsonText(host);
  if (text.size() > kMaxDocumentBytes) return absl::InvalidArgumentError("meta is too large");
  status = documents_.Commit(
      {{KeyOf(tenant, *id), text, 0}, {std::string(kMonitoringChanges), "", std::nullopt}});
  if (status.ok()) status = PutAddress(tenant, host);
  if (!status.ok()) return status;
  return JsonText(json::string(*id));
}

absl::Status HostDocuments::Change(const std::string& tenant, const std::string& id,
                                   const std::function<absl::Status(json::object*)>& change) {
  absl::Status status = NoSuchHost();
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto document =
        IsShortId(id) ? documents_.Get(KeyOf(tenant, id)) : absl::NotFoundError("no id");
    if (absl::IsNotFound(document.status())) {
      const auto configured = hosts_.Find(tenant, id);
      if (!configured.ok()) return configured.status();
      if (!configured->has_value()) return NoSuchHost();
      return absl::FailedPreconditionError(
          "the host is in the configuration and can only be changed there");
    }
    if (!document.ok()) return document.status();
    absl::StatusOr<json::object> host = StoredObject(*document);
    if (!host.ok()) return host.status();
    if (status = change(&*host); !status.ok()) return status;
    const std::string text = JsonText(*host);
    if (text.size() > kMaxDocumentBytes) return absl::InvalidArgumentError("meta is too large");
    status = documents_.Commit({{document->key, text, document->version},
                                {std::string(kMonitoringChanges), "", std::nullopt}});
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

absl::Status HostDocuments::Update(const std::string& tenant, const std::string& id,
                                   std::string_view body) {
  std::vector<Scope> roles;
  const absl::StatusOr<json::object> read = ReadHost(body, &roles);
  if (!read.ok()) return read.status();
  json::object changed;
  absl::Status status = Change(tenant, id, [&](json::object* host) {
    for (const char* name : {"displayName", "customIdentifier"}) host->erase(name);
    for (const auto& [name, value] : *read) (*host)[name] = value;
    AddRoles(roles, host);
    changed = *host;
    return EnsureRoles(&documents_, tenant, roles);
  });
  if (status.ok() && read->contains("checks")) {
    std::vector<std::string> names;
    for (const json::value& check : read->at("checks").get_array()) {
      names.push_back(TextOf(check.get_object(), "name"));
    }
    status = ForgetOtherChecks(&documents_, tenant, id, names);
  }
  return status.ok() ? PutAddress(tenant, changed) : status;
}

absl::Status HostDocuments::ChangeStatus(const std::string& tenant, const std::string& id,
                                         const std::string& status) {
  return Change(tenant, id, [&](json::object* host) {
    (*host)["status"] = status;
    return absl::OkStatus();
  });
}

absl::Status HostDocuments::SetStatus(const std::string& tenant, const std::string& id,
                                      std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const std::string status = ReadStatus(&fields);
  return fields.ok() ? ChangeStatus(tenant, id, status) : fields.status();
}

absl::StatusOr<std::vector<std::string>> HostDocuments::ReadIds(const std::string& tenant,
                                                                const json::object& body) {
  Fields fields(body);
  const auto ids = fields.Texts("ids");
  if (!ids.has_value()) fields.Fail("ids", "is missing");
  if (!fields.ok()) return fields.status();
  if (ids->size() > kMaxBulk) {
    return absl::InvalidArgumentError(fmt::format("ids has more than {} hosts", kMaxBulk));
  }
  for (const std::string& id : *ids) {
    const auto host = LoadHost(&documents_, &hosts_, {}, tenant, id);
    if (!host.ok()) return host.status();
  }
  return *ids;
}

absl::Status HostDocuments::SetStatuses(const std::string& tenant, std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const std::string status = ReadStatus(&fields);
  if (!fields.ok()) return fields.status();
  const auto ids = ReadIds(tenant, *object);
  if (!ids.ok()) return ids.status();
  for (const std::string& id : *ids) {
    if (absl::Status changed = ChangeStatus(tenant, id, status); !changed.ok()) return changed;
  }
  return absl::OkStatus();
}

absl::Status HostDocuments::RetireAll(const std::string& tenant, std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  const auto ids = ReadIds(tenant, *object);
  if (!ids.ok()) return ids.status();
  for (const std::string& id : *ids) {
    if (absl::Status retired = RetireOne(tenant, id); !retired.ok()) return retired;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> HostDocuments::FindByCustomIdentifier(const std::string& tenant,
                                                                  const std::string& identifier,
                                                                  bool ignore_case) {
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  const auto all = AllHosts(&documents_, &hosts_, tenant);
  if (!all.ok()) return all.status();
  for (const auto& [id, host] : *all) {
    const std::string other = TextOf(host, "customIdentifier");
    const bool same =
        other == identifier || (ignore_case && absl::EqualsIgnoreCase(other, identifier));
    if (same && !other.empty() && !BoolOf(host, "isRetired")) {
      return JsonText(Shown(host, *catalog));
    }
  }
  return NoSuchHost();
}

absl::Status HostDocuments::SetRoles(const std::string& tenant, const std::string& id,
                                     std::string_view body) {
  const auto object = ParseJsonObject(body);
  if (!object.ok()) return object.status();
  Fields fields(*object);
  const auto texts = fields.Texts("roleFullnames");
  if (!texts.has_value()) fields.Fail("roleFullnames", "is missing");
  if (!fields.ok()) return fields.status();
  const auto roles = ReadRoleNames(*texts);
  if (!roles.ok()) return roles.status();
  if (roles->size() > kMaxRoles) return absl::InvalidArgumentError("roleFullnames has too many");
  return Change(tenant, id, [&](json::object* host) {
    (*host)["roleFullnames"] = json::array();
    AddRoles(*roles, host);
    return EnsureRoles(&documents_, tenant, *roles);
  });
}

absl::Status HostDocuments::Retire(const std::string& tenant, const std::string& id,
                                   std::string_view body) {
  // Some clients send the text "{}" instead of an object.
  if (const auto json = ParseJson(body); !json.ok()) return json.status();
  return RetireOne(tenant, id);
}

absl::Status HostDocuments::RetireOne(const std::string& tenant, const std::string& id) {
  const absl::Status status = Change(tenant, id, [&](json::object* host) {
    if (BoolOf(*host, "isRetired")) return absl::OkStatus();
    (*host)["isRetired"] = true;
    (*host)["retiredAt"] = absl::ToUnixSeconds(clock_.Now());
    return absl::OkStatus();
  });
  return status.ok() ? hosts_.Remove(tenant, id) : status;
}

absl::Status HostDocuments::NotePosts(const std::string& tenant,
                                      const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    const auto document =
        IsShortId(id) ? documents_.Get(KeyOf(tenant, id)) : absl::NotFoundError("no id");
    if (absl::IsNotFound(document.status())) {
      const auto configured = hosts_.Find(tenant, id);
      if (!configured.ok()) return configured.status();
      if (!configured->has_value()) {
        return absl::NotFoundError(fmt::format("there is no host \"{}\"", id));
      }
      continue;
    }
    if (!document.ok()) return document.status();
    const auto host = StoredObject(*document);
    if (!host.ok()) return host.status();
    if (BoolOf(*host, "isRetired")) {
      return absl::NotFoundError(fmt::format("the host \"{}\" is retired", id));
    }
    if (BoolOf(*host, "hasPosted")) continue;
    const absl::Status status = Change(tenant, id, [](json::object* changed) {
      (*changed)["hasPosted"] = true;
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace tidegate::control
