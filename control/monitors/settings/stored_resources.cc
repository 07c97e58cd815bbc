#include "control/monitors/settings/stored_resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/json/short_id.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

// How often a change begins anew because somebody else's came between.
constexpr int kAttempts = 5;

}  // namespace

absl::StatusOr<uint64_t> MonitoringVersion(storage::Documents* documents) {
  const auto changes = documents->Get(kMonitoringChanges);
  if (changes.ok()) return changes->version;
  return absl::IsNotFound(changes.status()) ? absl::StatusOr<uint64_t>(0) : changes.status();
}

absl::StatusOr<json::object> StoredObject(const storage::Document& document) {
  json::error_code error;
  json::value value = json::parse(document.value, error);
  if (!error && value.is_object()) return std::move(value.get_object());
  return absl::DataLossError(fmt::format("the document {} cannot be read", document.key));
}

std::string StoredResources::KeyOf(const std::string& tenant, const std::string& id) const {
  return fmt::format("{}/{}/{}", collection_, tenant, id);
}

absl::Status StoredResources::Commit(std::vector<storage::DocumentWrite> writes) {
  writes.push_back({std::string(kMonitoringChanges), "", std::nullopt});
  return documents_.Commit(writes);
}

absl::Status StoredResources::OnCreate(const std::string&, const json::object&, const std::string&,
                                       std::vector<storage::DocumentWrite>*) {
  return absl::OkStatus();
}

absl::Status StoredResources::OnDelete(const std::string&, const json::object&,
                                       std::vector<storage::DocumentWrite>*) {
  return absl::OkStatus();
}

bool StoredResources::Before(const json::object& a, const json::object& b) const {
  return TextOf(a, "id") < TextOf(b, "id");
}

std::string StoredResources::Shown(json::object object) const {
  Hide(&object);
  return JsonText(object);
}

absl::StatusOr<std::vector<json::object>> StoredResources::All(const std::string& tenant) {
  const auto documents = documents_.List(KeyOf(tenant, ""), "", 0);
  if (!documents.ok()) return documents.status();
  std::vector<json::object> objects;
  for (const storage::Document& document : *documents) {
    absl::StatusOr<json::object> object = StoredObject(document);
    if (!object.ok()) return object.status();
    objects.push_back(*std::move(object));
  }
  return objects;
}

absl::StatusOr<storage::Document> StoredResources::Find(const std::string& tenant,
                                                        const std::string& id) {
  const absl::Status none = absl::NotFoundError(fmt::format("there is no such {}", Noun()));
  if (!IsShortId(id)) return none;
  auto document = documents_.Get(KeyOf(tenant, id));
  return absl::IsNotFound(document.status()) ? none : document;
}

absl::StatusOr<std::string> StoredResources::List(const std::string& tenant) {
  if (absl::Status status = EnsureBorn(tenant); !status.ok()) return status;
  absl::StatusOr<std::vector<json::object>> objects = All(tenant);
  if (!objects.ok()) return objects.status();
  std::stable_sort(objects->begin(), objects->end(),
                   [&](const auto& a, const auto& b) { return Before(a, b); });
  std::string list = "[";
  for (json::object& object : *objects) {
    if (list.size() > 1) list += ',';
    list += Shown(std::move(object));
  }
  return list + "]";
}

absl::StatusOr<std::string> StoredResources::Get(const std::string& tenant, const std::string& id) {
  const auto document = Find(tenant, id);
  if (!document.ok()) return document.status();
  absl::StatusOr<json::object> object = StoredObject(*document);
  if (!object.ok()) return object.status();
  return Shown(*std::move(object));
}

absl::StatusOr<std::string> StoredResources::Create(const std::string& tenant,
                                                    std::string_view body) {
  const auto parsed = ParseJsonObject(body);
  if (!parsed.ok()) return parsed.status();
  if (absl::Status status = EnsureBorn(tenant); !status.ok()) return status;
  absl::StatusOr<json::object> object = Read(tenant, *parsed, nullptr);
  if (!object.ok()) return object.status();
  const auto there = documents_.List(KeyOf(tenant, ""), "", 0);
  if (!there.ok()) return there.status();
  const size_t most = MaxCount(tenant);
  if (most != 0 && there->size() >= most) {
    CountRefusal(tenant);
    return absl::FailedPreconditionError(
        fmt::format("there are {} {}s already, which is the limit", there->size(), Noun()));
  }
  const absl::StatusOr<std::string> id = NewShortId(clock_.Now());
  if (!id.ok()) return id.status();
  (*object)["id"] = *id;
  std::vector<storage::DocumentWrite> writes = {{KeyOf(tenant, *id), JsonText(*object), 0}};
  absl::Status status = OnCreate(tenant, *parsed, *id, &writes);
  if (status.ok()) status = Commit(std::move(writes));
  if (!status.ok()) return status;
  return Shown(*std::move(object));
}

absl::StatusOr<std::string> StoredResources::Update(const std::string& tenant,
                                                    const std::string& id, std::string_view body) {
  absl::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto document = Find(tenant, id);
    if (!document.ok()) return document.status();
    const auto previous = StoredObject(*document);
    if (!previous.ok()) return previous.status();
    const auto parsed = ParseJsonObject(body);
    if (!parsed.ok()) return parsed.status();
    absl::StatusOr<json::object> object = Read(tenant, *parsed, &*previous);
    if (!object.ok()) return object.status();
    (*object)["id"] = id;
    status = Commit({{document->key, JsonText(*object), document->version}});
    if (status.ok()) return Shown(*std::move(object));
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

absl::StatusOr<std::string> StoredResources::Delete(const std::string& tenant,
                                                    const std::string& id) {
  absl::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto document = Find(tenant, id);
    if (!document.ok()) return document.status();
    absl::StatusOr<json::object> object = StoredObject(*document);
    if (!object.ok()) return object.status();
    std::vector<storage::DocumentWrite> writes = {{document->key, std::nullopt, document->version}};
    status = OnDelete(tenant, *object, &writes);
    if (status.ok()) status = Commit(std::move(writes));
    if (status.ok()) return Shown(*std::move(object));
    if (!absl::IsAborted(status)) return status;
  }
  return status;
}

}  // namespace tidegate::control
