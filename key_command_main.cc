#include "key_command_main.h"

#include <curl/curl.h>

#include <boost/json.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "model/api_key.h"
#include "model/config/config_file.h"
#include "model/ip_range.h"
#include "model/tenant.h"

namespace tidegate {
namespace {

namespace json = boost::json;

constexpr long kTimeoutSeconds = 30;

struct Answer {
  long status = 0;
  std::string body;
};

size_t Append(char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

// One request to the server's API.
absl::StatusOr<Answer> Ask(const KeyCommandOptions& options, const char* method,
                           std::string_view path, const std::string& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  if (curl == nullptr) return absl::InternalError("libcurl does not start");
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  if (!options.secret.empty()) {
    list = curl_slist_append(list, fmt::format("Authorization: Bearer {}", options.secret).c_str());
  }
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list,
                                                                            curl_slist_free_all);
  Answer answer;
  const std::string url =
      fmt::format("{}/api/v1/admin/tenants/{}/keys{}", options.server, options.tenant, path);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  if (!body.empty()) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  if (!options.ca_file.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, options.ca_file.c_str());
  }
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) {
    return absl::UnavailableError(
        fmt::format("{}: {}", options.server, curl_easy_strerror(result)));
  }
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

// `data` of a successful answer; the server's own words otherwise.
absl::StatusOr<json::value> DataOf(const absl::StatusOr<Answer>& answer) {
  if (!answer.ok()) return answer.status();
  if (answer->status == 204) return json::value();
  boost::system::error_code error;
  const json::value root = json::parse(answer->body, error);
  const json::object* object = error ? nullptr : root.if_object();
  if (object == nullptr || answer->status / 100 != 2) {
    const json::value* text = object == nullptr ? nullptr : object->if_contains("error");
    return absl::FailedPreconditionError(fmt::format(
        "the server answers {}: {}", answer->status,
        text != nullptr && text->is_string() ? std::string(text->as_string()) : answer->body));
  }
  const json::value* data = object->if_contains("data");
  return data == nullptr ? json::value() : *data;
}

std::vector<absl::string_view> Items(absl::string_view text) {
  return absl::StrSplit(text, ',', absl::SkipWhitespace());
}

absl::StatusOr<model::ApiKey> NewKey(const KeyCommandOptions& options, const std::string& id) {
  if (!model::IsValidTenantName(id)) {
    return absl::InvalidArgumentError(
        "the id of a key must be 1 to 150 of A-Z a-z 0-9 ! - _ . * ' ( )");
  }
  model::ApiKey key;
  key.id = id;
  for (absl::string_view name : Items(options.permissions)) {
    const auto permission = model::ParsePermission({name.data(), name.size()});
    if (!permission.ok()) return permission.status();
    key.permissions.Add(*permission);
  }
  for (absl::string_view text : Items(options.allow_ips)) {
    const auto range = model::IpRange::Parse({text.data(), text.size()});
    if (!range.ok()) return range.status();
    key.allow_ips.push_back(*range);
  }
  for (absl::string_view name : Items(options.read_tenants)) {
    if (!model::IsValidTenantName({name.data(), name.size()})) {
      return absl::InvalidArgumentError(
          fmt::format("{} is no name of a tenant", std::string(name)));
    }
    key.read_tenants.emplace_back(name);
  }
  return key;
}

// As an entry of the configuration file has them, and nothing for no items.
std::string YamlList(std::string_view name, absl::string_view text) {
  const std::vector<absl::string_view> items = Items(text);
  return items.empty() ? "" : fmt::format(", {}: [{}]", name, absl::StrJoin(items, ", "));
}

json::array JsonList(absl::string_view text) {
  json::array list;
  for (absl::string_view item : Items(text))
    list.emplace_back(json::string(item.data(), item.size()));
  return list;
}

void ShowSecret(std::string_view secret) {
  fmt::print(stderr, "The secret is shown only now; only its hash is kept:\n");
  fmt::print("{}\n", secret);
}

absl::Status CreateForFile(const KeyCommandOptions& options, model::ApiKey key) {
  const absl::StatusOr<std::string> secret = model::NewSecret();
  if (!secret.ok()) return secret.status();
  ShowSecret(*secret);
  key.digest = model::DigestOf(*secret);
  std::string permissions;
  for (const model::Permission one :
       {model::Permission::kRead, model::Permission::kWrite, model::Permission::kAdmin}) {
    if (!key.permissions.Has(one)) continue;
    permissions += fmt::format("{}{}", permissions.empty() ? "" : ", ", model::PermissionName(one));
  }
  fmt::print(stderr, "Under the keys of a tenant in the configuration file:\n");
  fmt::print("- {{id: {}, sha256: {}, permissions: [{}]{}{}}}\n", key.id, model::ToHex(key.digest),
             permissions, YamlList("allow_ips", options.allow_ips),
             YamlList("read_tenants", options.read_tenants));
  return absl::OkStatus();
}

absl::Status Create(const KeyCommandOptions& options, const std::string& id) {
  const absl::StatusOr<model::ApiKey> key = NewKey(options, id);
  if (!key.ok()) return key.status();
  if (options.server.empty()) return CreateForFile(options, *key);
  const std::string body =
      json::serialize(json::object{{"id", id},
                                   {"permissions", JsonList(options.permissions)},
                                   {"allow_ips", JsonList(options.allow_ips)},
                                   {"read_tenants", JsonList(options.read_tenants)}});
  const auto data = DataOf(Ask(options, "POST", "", body));
  if (!data.ok()) return data.status();
  const json::value* secret = data->is_object() ? data->as_object().if_contains("secret") : nullptr;
  if (secret == nullptr || !secret->is_string()) {
    return absl::InternalError("the server's answer has no secret");
  }
  ShowSecret(std::string_view(secret->as_string().data(), secret->as_string().size()));
  return absl::OkStatus();
}

absl::Status List(const KeyCommandOptions& options) {
  const auto data = DataOf(Ask(options, "GET", "", ""));
  if (!data.ok()) return data.status();
  if (!data->is_array()) return absl::InternalError("the server's answer has no list");
  for (const json::value& key : data->as_array()) fmt::print("{}\n", json::serialize(key));
  return absl::OkStatus();
}

}  // namespace

absl::Status RunKeyCommand(const KeyCommandOptions& options,
                           const std::vector<std::string>& words) {
  const std::string command = words.empty() ? "" : words[0];
  if (words.size() == 2 && command == "create") return Create(options, words[1]);
  const bool known =
      (words.size() == 1 && command == "list") || (words.size() == 2 && command == "revoke");
  if (!known) return absl::InvalidArgumentError("key: must be create ID, list or revoke ID");
  if (options.server.empty()) {
    return absl::InvalidArgumentError(
        "--server is needed; keys of a configuration file are listed and taken out there");
  }
  if (command == "list") return List(options);
  return DataOf(Ask(options, "DELETE", "/" + words[1], "")).status();
}

}  // namespace tidegate
