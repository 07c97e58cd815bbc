// Login, TLS, proxy and header fields of a request, as a configuration says, on a libcurl handle.
#ifndef TIDEGATE_CONTROL_OUTBOUND_CLIENT_SETTINGS_H_
#define TIDEGATE_CONTROL_OUTBOUND_CLIENT_SETTINGS_H_

#include <curl/curl.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/config/http_client_config.h"

namespace tidegate::control {

// Starts libcurl once for the process; what it does is not thread safe.
void InitialiseCurl();

// A secret that lies in a file, without blanks around it; at most 64 KB. FailedPrecondition when it
// cannot be read.
absl::StatusOr<std::string> ReadSecret(const std::string& file);

// Whom to trust and which certificate to show. libcurl reads the files when it connects.
void ApplyTls(const model::TlsConfig& tls, CURL* handle);

// The settings of one transfer. Owned by the thread of the handle; must outlive the transfer.
class ClientSettings {
 public:
  ClientSettings() = default;
  ~ClientSettings();
  ClientSettings(const ClientSettings&) = delete;
  ClientSettings& operator=(const ClientSettings&) = delete;

  // Sets URL, login, TLS, proxy, redirects (at most 10) and version of HTTP; call it once, behind
  // CurlGuard::Install. Secrets in files are read now: FailedPrecondition when one cannot be. A
  // field Authorization goes to no other host when a redirect leads there.
  absl::Status Apply(const model::HttpClientConfig& client, const std::string& url, CURL* handle);
  // "NAME: VALUE".
  void AddHeader(const std::string& line);
  // Puts all header fields on the handle; call it last.
  void SetHeaders(CURL* handle);

 private:
  absl::Status SetLogin(const model::HttpClientConfig& client, CURL* handle);
  void SetServerName(const std::string& name, const std::string& url, CURL* handle);

  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_OUTBOUND_CLIENT_SETTINGS_H_
