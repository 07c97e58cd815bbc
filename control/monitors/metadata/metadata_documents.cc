#include "control/monitors/metadata/metadata_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "control/monitors/inventory/host_documents.h"
#include "control/monitors/inventory/owned_collections.h"
#include "control/monitors/inventory/service_documents.h"
#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr size_t kMaxNamespace = 128;

bool IsNamespace(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNamespace &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

absl::Status NoSuchMetadata() { return absl::NotFoundError("there is no such metadata"); }

}  // namespace

absl::Status MetadataDocuments::CheckRetirement(const std::string& tenant, const std::string& host,
                                                absl::Duration retired_for) {
  const auto document = documents_.Get(fmt::format("monitored_hosts/{}/{}", tenant, host));
  if (absl::IsNotFound(document.status())) return absl::OkStatus();  // Of the configuration.
  if (!document.ok()) return document.status();
  const auto object = StoredObject(*document);
  if (!object.ok()) return object.status();
  if (!BoolOf(*object, "isRetired")) return absl::OkStatus();
  const absl::Time since = absl::FromUnixSeconds(IntegerOf(*object, "retiredAt"));
  if (clock_.Now() - since <= retired_for) return absl::OkStatus();
  return absl::FailedPreconditionError("the host is retired");
}

absl::StatusOr<std::string> MetadataDocuments::PrefixOf(const std::string& tenant,
                                                        const MetadataOwner& owner,
                                                        absl::Duration retired_for) {
  if (!owner.host.empty()) {
    const auto host = LoadHost(&documents_, &hosts_, {}, tenant, owner.host);
    if (!host.ok()) return host.status();
    if (host->retired) {
      const absl::Status status = CheckRetirement(tenant, owner.host, retired_for);
      if (!status.ok()) return status;
    }
    return OwnedPrefix(kMetadata, tenant, OwnedByHost(owner.host));
  }
  const auto catalog = LoadServices(&documents_, tenant);
  if (!catalog.ok()) return catalog.status();
  if (!Knows(*catalog, {owner.service, owner.role})) {
    return absl::NotFoundError(owner.role.empty() ? "there is no such service"
                                                  : "there is no such role");
  }
  return OwnedPrefix(
      kMetadata, tenant,
      owner.role.empty() ? OwnedByService(owner.service) : OwnedByRole(owner.service, owner.role));
}

absl::StatusOr<std::string> MetadataDocuments::List(const std::string& tenant,
                                                    const MetadataOwner& owner) {
  const auto prefix = PrefixOf(tenant, owner, kRetiredMetadataFor);
  if (!prefix.ok()) return prefix.status();
  const auto found = documents_.List(*prefix, "", 0);
  if (!found.ok()) return found.status();
  json::array list;
  for (const storage::Document& document : *found) {
    list.push_back(json::object{{"namespace", document.key.substr(prefix->size())}});
  }
  return JsonText(list);
}

absl::StatusOr<MetadataValue> MetadataDocuments::Get(const std::string& tenant,
                                                     const MetadataOwner& owner,
                                                     const std::string& name) {
  const auto prefix = PrefixOf(tenant, owner, kRetiredMetadataFor);
  if (!prefix.ok()) return prefix.status();
  if (!IsNamespace(name)) return NoSuchMetadata();
  const auto document = documents_.Get(*prefix + name);
  if (absl::IsNotFound(document.status())) return NoSuchMetadata();
  if (!document.ok()) return document.status();
  const auto object = StoredObject(*document);
  if (!object.ok()) return object.status();
  const json::value* const value = object->if_contains("value");
  return MetadataValue{JsonText(value == nullptr ? json::value() : *value),
                       absl::FromUnixSeconds(IntegerOf(*object, "at"))};
}

absl::Status MetadataDocuments::Put(const std::string& tenant, const MetadataOwner& owner,
                                    const std::string& name, std::string_view body) {
  if (body.size() > kMaxMetadataBytes) {
    return absl::OutOfRangeError(
        fmt::format("the metadata is larger than {} bytes", kMaxMetadataBytes));
  }
  const auto value = ParseJson(body);
  if (!value.ok()) return value.status();
  const auto prefix = PrefixOf(tenant, owner, absl::ZeroDuration() - absl::Seconds(1));
  if (!prefix.ok()) return prefix.status();
  if (!IsNamespace(name)) {
    return absl::InvalidArgumentError(
        fmt::format("the namespace is not 1 to {} letters, digits, - and _", kMaxNamespace));
  }
  const auto there = documents_.List(*prefix, "", 0);
  if (!there.ok()) return there.status();
  const bool known = std::any_of(
      there->begin(), there->end(),
      [&](const storage::Document& document) { return document.key == *prefix + name; });
  if (!known && there->size() >= kMaxMetadataPerOwner) {
    return absl::FailedPreconditionError(
        fmt::format("there are {} namespaces already, which is the limit", there->size()));
  }
  const json::object stored{{"at", absl::ToUnixSeconds(clock_.Now())}, {"value", *value}};
  return documents_.Commit({{*prefix + name, JsonText(stored), std::nullopt}});
}

absl::Status MetadataDocuments::Delete(const std::string& tenant, const MetadataOwner& owner,
                                       const std::string& name) {
  const auto prefix = PrefixOf(tenant, owner, absl::ZeroDuration() - absl::Seconds(1));
  if (!prefix.ok()) return prefix.status();
  if (!IsNamespace(name)) return NoSuchMetadata();
  const auto document = documents_.Get(*prefix + name);
  if (absl::IsNotFound(document.status())) return NoSuchMetadata();
  if (!document.ok()) return document.status();
  return documents_.Commit({{document->key, std::nullopt, std::nullopt}});
}

}  // namespace tidegate::control
