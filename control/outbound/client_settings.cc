#include "control/outbound/client_settings.h"

#include <fmt/format.h>

#include <fstream>
#include <mutex>

#include "absl/strings/ascii.h"

namespace tidegate::control {
namespace {

constexpr long kMaxRedirects = 10;
constexpr size_t kMaxSecretBytes = 64 << 10;

// Either the text or what its file says.
absl::StatusOr<std::string> TextOrFile(const std::string& text, const std::string& file) {
  if (file.empty()) return text;
  return ReadSecret(file);
}

}  // namespace

void InitialiseCurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

absl::StatusOr<std::string> ReadSecret(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return absl::FailedPreconditionError(fmt::format("unable to read {}", file));
  std::string text(kMaxSecretBytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  const auto trimmed = absl::StripAsciiWhitespace(text);
  return std::string(trimmed.data(), trimmed.size());
}

void ApplyTls(const model::TlsConfig& tls, CURL* handle) {
  const auto blob = [handle](CURLoption option, const std::string& pem) {
    if (pem.empty()) return;
    curl_blob bytes{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle, option, &bytes);
  };
  const auto file = [handle](CURLoption option, const std::string& path) {
    if (!path.empty()) curl_easy_setopt(handle, option, path.c_str());
  };
  blob(CURLOPT_CAINFO_BLOB, tls.ca);
  blob(CURLOPT_SSLCERT_BLOB, tls.cert);
  blob(CURLOPT_SSLKEY_BLOB, tls.key);
  file(CURLOPT_CAINFO, tls.ca_file);
  file(CURLOPT_SSLCERT, tls.cert_file);
  file(CURLOPT_SSLKEY, tls.key_file);
  if (tls.insecure_skip_verify) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

ClientSettings::~ClientSettings() {
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

absl::Status ClientSettings::Apply(const model::HttpClientConfig& client, const std::string& url,
                                   CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, client.follow_redirects ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION,
                   client.enable_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  if (!client.proxy_url.empty()) {
    curl_easy_setopt(handle, CURLOPT_PROXY, client.proxy_url.c_str());
  }
  ApplyTls(client.tls, handle);
  SetServerName(client.tls.server_name, url, handle);
  return SetLogin(client, handle);
}

absl::Status ClientSettings::SetLogin(const model::HttpClientConfig& client, CURL* handle) {
  const auto user = TextOrFile(client.basic_user, client.basic_user_file);
  if (!user.ok()) return user.status();
  const auto password = TextOrFile(client.basic_password, client.basic_password_file);
  if (!password.ok()) return password.status();
  const auto credentials = TextOrFile(client.authorization_credentials, client.authorization_file);
  if (!credentials.ok()) return credentials.status();
  if (!user->empty() || !password->empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(handle, CURLOPT_USERNAME, user->c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, password->c_str());
  }
  // A field of our own is left out by libcurl when a redirect leads to another host.
  if (!credentials->empty()) {
    AddHeader(fmt::format("Authorization: {} {}", client.authorization_type, *credentials));
  }
  for (const auto& [name, value] : client.headers) AddHeader(fmt::format("{}: {}", name, value));
  return absl::OkStatus();
}

// libcurl takes the name in the certificate from the URL: so the URL gets that name, and the
// connection goes where it would have gone.
void ClientSettings::SetServerName(const std::string& name, const std::string& url, CURL* handle) {
  if (name.empty() || !url.starts_with("https://")) return;
  CURLU* parts = curl_url();
  char* host = nullptr;
  char* port = nullptr;
  char* whole = nullptr;
  if (curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
      curl_url_set(parts, CURLUPART_HOST, name.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_URL, &whole, 0) == CURLUE_OK) {
    const std::string to = fmt::format("{}:{}:{}:{}", name, port, host, port);
    connect_to_ = curl_slist_append(connect_to_, to.c_str());
    curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to_);
    curl_easy_setopt(handle, CURLOPT_URL, whole);
    AddHeader(fmt::format("Host: {}:{}", host, port));
  }
  curl_free(host);
  curl_free(port);
  curl_free(whole);
  curl_url_cleanup(parts);
}

void ClientSettings::AddHeader(const std::string& line) {
  headers_ = curl_slist_append(headers_, line.c_str());
}

void ClientSettings::SetHeaders(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_);
}

}  // namespace tidegate::control
