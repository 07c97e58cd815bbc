// How to speak to somebody else's HTTP server: what Prometheus' configuration files say about a
// client.
#ifndef TIDEGATE_MODEL_CONFIG_HTTP_CLIENT_CONFIG_H_
#define TIDEGATE_MODEL_CONFIG_HTTP_CLIENT_CONFIG_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/config/yaml_fields.h"

namespace tidegate::model {

// Whom to trust, and who we are. Files are read again at each use, so that keys can be rotated.
struct TlsConfig {
  std::string ca_file, cert_file, key_file;
  std::string ca, cert, key;  // The same as PEM texts.
  std::string server_name;    // In the certificate, when it is not the one in the URL.
  bool insecure_skip_verify = false;
  friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

// Secrets in files are read again at each use too.
struct HttpClientConfig {
  std::string basic_user, basic_password, basic_user_file, basic_password_file;
  std::string authorization_type;  // Empty: no Authorization but the basic one.
  std::string authorization_credentials, authorization_file;
  TlsConfig tls;
  bool follow_redirects = true;
  bool enable_http2 = true;
  std::string proxy_url;
  std::vector<std::pair<std::string, std::string>> headers;
  friend bool operator==(const HttpClientConfig&, const HttpClientConfig&) = default;
};

// The keys of a client, for the map that has them beside its own: basic_auth, authorization,
// bearer_token(_file), tls_config, follow_redirects, enable_http2, proxy_url, http_headers. oauth2
// is refused.
void AddHttpClientFields(HttpClientConfig* client, std::vector<YamlField>* fields);
YamlReader YamlTlsConfig(TlsConfig* tls);

// Refuses what would change the outcome if it were passed over.
YamlReader YamlRefused(std::string_view why);

// What does not fit together; empty when everything does.
std::string HttpClientMistake(const HttpClientConfig& client);
std::string TlsMistake(const TlsConfig& tls);

// The files that it names.
std::vector<std::string*> FilesOf(HttpClientConfig* client);
std::vector<std::string*> FilesOf(TlsConfig* tls);

// The same document with <secret> for each password, credential and private key, in URLs too.
YAML::Node WithoutSecrets(const YAML::Node& node);
std::string WithoutPassword(const std::string& url);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_HTTP_CLIENT_CONFIG_H_
