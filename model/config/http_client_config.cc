#include "model/config/http_client_config.h"

#include <fmt/format.h>

#include "absl/strings/match.h"

namespace tidegate::model {
namespace {

constexpr std::string_view kHidden = "<secret>";
constexpr std::string_view kSecretKeys[] = {"password", "credentials", "bearer_token", "key"};

YamlReader BasicAuth(HttpClientConfig* client) {
  return [client](const YAML::Node& node, const std::string& path) {
    return ReadYamlFields(node, path,
                          {{"username", YamlString(&client->basic_user)},
                           {"username_file", YamlString(&client->basic_user_file)},
                           {"password", YamlString(&client->basic_password)},
                           {"password_file", YamlString(&client->basic_password_file)}});
  };
}

YamlReader Authorization(HttpClientConfig* client) {
  return [client](const YAML::Node& node, const std::string& path) {
    client->authorization_type = "Bearer";
    return ReadYamlFields(node, path,
                          {{"type", YamlString(&client->authorization_type)},
                           {"credentials", YamlString(&client->authorization_credentials)},
                           {"credentials_file", YamlString(&client->authorization_file)}});
  };
}

// Of before `authorization`.
YamlReader BearerToken(HttpClientConfig* client, std::string HttpClientConfig::*field) {
  return [client, field](const YAML::Node& node, const std::string& path) {
    client->authorization_type = "Bearer";
    return YamlString(&(client->*field))(node, path);
  };
}

// name: {values: [...], secrets: [...]} of http_headers.
YamlReader HttpHeaders(HttpClientConfig* client) {
  return [client](const YAML::Node& node, const std::string& path) {
    if (!node.IsMap()) return YamlError(node, path, "must be a map of header names");
    for (const auto& entry : node) {
      std::vector<std::string> values;
      absl::Status status =
          ReadYamlFields(entry.second, path,
                         {{"values", YamlStrings(&values)}, {"secrets", YamlStrings(&values)}});
      if (!status.ok()) return status;
      for (std::string& value : values) {
        client->headers.emplace_back(entry.first.as<std::string>(""), std::move(value));
      }
    }
    return absl::OkStatus();
  };
}

bool Both(const std::string& a, const std::string& b) { return !a.empty() && !b.empty(); }

bool IsSecret(const std::string& key, const YAML::Node& value) {
  if (!value.IsScalar()) return false;
  for (const std::string_view secret : kSecretKeys) {
    if (key == secret) return true;
  }
  return false;
}

YAML::Node Hidden(const YAML::Node& list) {
  YAML::Node hidden(YAML::NodeType::Sequence);
  for (size_t i = 0; i < list.size(); ++i) hidden.push_back(std::string(kHidden));
  return hidden;
}

}  // namespace

YamlReader YamlRefused(std::string_view why) {
  return
      [why](const YAML::Node& node, const std::string& path) { return YamlError(node, path, why); };
}

YamlReader YamlTlsConfig(TlsConfig* tls) {
  return [tls](const YAML::Node& node, const std::string& path) {
    return ReadYamlFields(node, path,
                          {{"ca", YamlString(&tls->ca)},
                           {"cert", YamlString(&tls->cert)},
                           {"key", YamlString(&tls->key)},
                           {"ca_file", YamlString(&tls->ca_file)},
                           {"cert_file", YamlString(&tls->cert_file)},
                           {"key_file", YamlString(&tls->key_file)},
                           {"server_name", YamlString(&tls->server_name)},
                           {"insecure_skip_verify", YamlBool(&tls->insecure_skip_verify)}});
  };
}

void AddHttpClientFields(HttpClientConfig* client, std::vector<YamlField>* fields) {
  fields->insert(
      fields->end(),
      {{"basic_auth", BasicAuth(client)},
       {"authorization", Authorization(client)},
       {"bearer_token", BearerToken(client, &HttpClientConfig::authorization_credentials)},
       {"bearer_token_file", BearerToken(client, &HttpClientConfig::authorization_file)},
       {"tls_config", YamlTlsConfig(&client->tls)},
       {"follow_redirects", YamlBool(&client->follow_redirects)},
       {"enable_http2", YamlBool(&client->enable_http2)},
       {"proxy_url", YamlString(&client->proxy_url)},
       {"http_headers", HttpHeaders(client)},
       {"oauth2", YamlRefused("is not supported here")}});
}

std::string TlsMistake(const TlsConfig& tls) {
  if (Both(tls.ca, tls.ca_file) || Both(tls.cert, tls.cert_file) || Both(tls.key, tls.key_file)) {
    return "tls_config: at most one of a text and a file may be there";
  }
  const bool has_cert = !tls.cert.empty() || !tls.cert_file.empty();
  const bool has_key = !tls.key.empty() || !tls.key_file.empty();
  if (has_cert != has_key) return "tls_config: a certificate and its key go together";
  return "";
}

std::string HttpClientMistake(const HttpClientConfig& client) {
  const bool basic = !client.basic_user.empty() || !client.basic_user_file.empty() ||
                     !client.basic_password.empty() || !client.basic_password_file.empty();
  if (basic && !client.authorization_type.empty()) {
    return "at most one of basic_auth, authorization and bearer_token may be there";
  }
  if (Both(client.basic_user, client.basic_user_file) ||
      Both(client.basic_password, client.basic_password_file)) {
    return "basic_auth: at most one of a text and a file may be there";
  }
  if (Both(client.authorization_credentials, client.authorization_file)) {
    return "authorization: at most one of credentials and credentials_file may be there";
  }
  if (absl::EqualsIgnoreCase(client.authorization_type, "basic")) {
    return "authorization: type must not be \"basic\"; basic_auth is for that";
  }
  return TlsMistake(client.tls);
}

std::vector<std::string*> FilesOf(TlsConfig* tls) {
  return {&tls->ca_file, &tls->cert_file, &tls->key_file};
}

std::vector<std::string*> FilesOf(HttpClientConfig* client) {
  std::vector<std::string*> files = {&client->basic_user_file, &client->basic_password_file,
                                     &client->authorization_file};
  for (std::string* file : FilesOf(&client->tls)) files.push_back(file);
  return files;
}

std::string WithoutPassword(const std::string& url) {
  const size_t begin = url.find("://");
  if (begin == url.npos) return url;
  const size_t end = url.find('/', begin + 3);
  const size_t at = url.rfind('@', end);
  const size_t colon = url.find(':', begin + 3);
  if (at == url.npos || at < begin || colon == url.npos || colon > at) return url;
  return fmt::format("{}:{}{}", url.substr(0, colon), kHidden, url.substr(at));
}

YAML::Node WithoutSecrets(const YAML::Node& node) {
  if (node.IsScalar() && node.Scalar().find("://") != std::string::npos) {
    return YAML::Node(WithoutPassword(node.Scalar()));
  }
  if (node.IsSequence()) {
    YAML::Node list(YAML::NodeType::Sequence);
    for (const YAML::Node& element : node) list.push_back(WithoutSecrets(element));
    return list;
  }
  if (!node.IsMap()) return YAML::Clone(node);
  YAML::Node map(YAML::NodeType::Map);
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>("");
    if (IsSecret(key, entry.second)) {
      map[key] = std::string(kHidden);
    } else {
      map[key] = key == "secrets" ? Hidden(entry.second) : WithoutSecrets(entry.second);
    }
  }
  return map;
}

}  // namespace tidegate::model
