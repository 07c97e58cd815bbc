#include "control/scrape/http_fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "control/outbound/curl_guard.h"

namespace tidegate::control {
namespace {

constexpr long kMaxRedirects = 10;
constexpr size_t kMaxSpareHandles = 64;
constexpr size_t kMaxSecretBytes = 64 << 10;

void InitialiseCurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// A secret that lies in a file, without the end of its line.
std::optional<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMaxSecretBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  const auto trimmed = absl::StripAsciiWhitespace(text);
  return std::string(trimmed.data(), trimmed.size());
}

// Either the text or what its file says. False when the file cannot be read.
bool Resolve(const std::string& text, const std::string& file, std::string* out,
             ScrapeFault* fault) {
  *out = text;
  if (file.empty()) return true;
  auto secret = ReadSecret(file);
  if (!secret.has_value()) {
    *fault = {ScrapeResult::kMisconfigured, fmt::format("unable to read {}", file)};
    return false;
  }
  *out = *std::move(secret);
  return true;
}

ScrapeResult ResultOf(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ScrapeResult::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CACERT_BADFILE:
      return ScrapeResult::kTlsFailed;
    case CURLE_BAD_CONTENT_ENCODING:
      return ScrapeResult::kUnreadable;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return ScrapeResult::kMisconfigured;
    default:
      return ScrapeResult::kConnectionFailed;
  }
}

std::string StatusText(long status) {
  switch (status) {
    case 400:
      return "400 Bad Request";
    case 401:
      return "401 Unauthorized";
    case 403:
      return "403 Forbidden";
    case 404:
      return "404 Not Found";
    case 500:
      return "500 Internal Server Error";
    case 502:
      return "502 Bad Gateway";
    case 503:
      return "503 Service Unavailable";
    case 504:
      return "504 Gateway Timeout";
    default:
      return std::to_string(status);
  }
}

}  // namespace

struct HttpFetcher::Transfer {
  Transfer(const OutboundPolicy* policy, std::string tenant) : guard(policy, std::move(tenant)) {}

  CurlGuard guard;
  FetchDone done;
  uint64_t max_bytes = 0;
  absl::Duration timeout;
  std::string body;
  bool too_large = false;
  curl_slist* headers = nullptr;
  curl_slist* connect_to = nullptr;
  char error[CURL_ERROR_SIZE] = {};

  ~Transfer() {
    curl_slist_free_all(headers);
    curl_slist_free_all(connect_to);
  }

  void AddHeader(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }

  static size_t Write(char* bytes, size_t, size_t size, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    if (transfer->max_bytes != 0 && transfer->body.size() + size > transfer->max_bytes) {
      transfer->too_large = true;
      return 0;
    }
    transfer->body.append(bytes, size);
    return size;
  }

  // False: the fault says what of the client's settings cannot be used.
  bool SetAuthorization(CURL* easy, const HttpClientConfig& client, ScrapeFault* fault);
  void SetTls(CURL* easy, const HttpClientConfig& client);
  void SetServerName(CURL* easy, const std::string& url, const HttpClientConfig& client);
};

bool HttpFetcher::Transfer::SetAuthorization(CURL* easy, const HttpClientConfig& client,
                                             ScrapeFault* fault) {
  std::string user, password, credentials;
  if (!Resolve(client.basic_user, client.basic_user_file, &user, fault) ||
      !Resolve(client.basic_password, client.basic_password_file, &password, fault) ||
      !Resolve(client.authorization_credentials, client.authorization_file, &credentials, fault)) {
    return false;
  }
  if (!user.empty() || !password.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, password.c_str());
  }
  // A field of our own is left out by libcurl when a redirect leads to another host.
  if (!credentials.empty()) {
    AddHeader(fmt::format("Authorization: {} {}", client.authorization_type, credentials));
  }
  for (const auto& [name, value] : client.headers) AddHeader(fmt::format("{}: {}", name, value));
  return true;
}

void HttpFetcher::Transfer::SetTls(CURL* easy, const HttpClientConfig& client) {
  const auto blob = [easy](CURLoption option, const std::string& pem) {
    if (pem.empty()) return;
    curl_blob bytes{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
    curl_easy_setopt(easy, option, &bytes);
  };
  const auto file = [easy](CURLoption option, const std::string& path) {
    if (!path.empty()) curl_easy_setopt(easy, option, path.c_str());
  };
  blob(CURLOPT_CAINFO_BLOB, client.ca);
  blob(CURLOPT_SSLCERT_BLOB, client.cert);
  blob(CURLOPT_SSLKEY_BLOB, client.key);
  file(CURLOPT_CAINFO, client.ca_file);
  file(CURLOPT_SSLCERT, client.cert_file);
  file(CURLOPT_SSLKEY, client.key_file);
  if (client.insecure_skip_verify) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

// The name in the certificate is not the one in the URL: libcurl takes it from the URL, so the URL
// gets that name and the connection goes where it would have gone.
void HttpFetcher::Transfer::SetServerName(CURL* easy, const std::string& url,
                                          const HttpClientConfig& client) {
  if (client.server_name.empty() || !url.starts_with("https://")) return;
  CURLU* parts = curl_url();
  char* host = nullptr;
  char* port = nullptr;
  char* whole = nullptr;
  if (curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
      curl_url_set(parts, CURLUPART_HOST, client.server_name.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_URL, &whole, 0) == CURLUE_OK) {
    const std::string to = fmt::format("{}:{}:{}:{}", client.server_name, port, host, port);
    connect_to = curl_slist_append(connect_to, to.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to);
    curl_easy_setopt(easy, CURLOPT_URL, whole);
    AddHeader(fmt::format("Host: {}:{}", host, port));
  }
  curl_free(host);
  curl_free(port);
  curl_free(whole);
  curl_url_cleanup(parts);
}

HttpFetcher::HttpFetcher(const OutboundPolicy* policy, std::string user_agent,
                         long max_idle_connections)
    : policy_(policy),
      user_agent_(std::move(user_agent)),
      multi_((InitialiseCurl(), curl_multi_init())) {
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_idle_connections);
}

void HttpFetcher::Abandon() {
  for (const auto& [easy, transfer] : transfers_) {
    curl_multi_remove_handle(multi_, easy);
    curl_easy_cleanup(easy);
  }
  transfers_.clear();
}

HttpFetcher::~HttpFetcher() {
  Abandon();
  for (CURL* easy : spare_) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi_);
}

CURL* HttpFetcher::TakeEasy() {
  if (spare_.empty()) return curl_easy_init();
  CURL* easy = spare_.back();
  spare_.pop_back();
  curl_easy_reset(easy);
  return easy;
}

void HttpFetcher::Start(const FetchRequest& request, FetchDone done) {
  auto transfer = std::make_unique<Transfer>(policy_, request.tenant);
  CURL* const easy = TakeEasy();
  ScrapeFault fault;
  if (absl::Status status = transfer->guard.Install(easy); !status.ok()) {
    fault = {ScrapeResult::kMisconfigured, std::string(status.message())};
  }
  if (!fault.ok() || !transfer->SetAuthorization(easy, *request.client, &fault)) {
    spare_.push_back(easy);
    return done({std::move(fault), "", ""});
  }
  transfer->done = std::move(done);
  transfer->timeout = request.timeout;
  transfer->max_bytes = request.max_bytes;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request.client->follow_redirects ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, absl::ToInt64Milliseconds(request.timeout));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent_.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   request.client->enable_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  if (!request.client->proxy_url.empty()) {
    curl_easy_setopt(easy, CURLOPT_PROXY, request.client->proxy_url.c_str());
  }
  if (request.accept_compressed) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::Write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
  transfer->SetTls(easy, *request.client);
  transfer->SetServerName(easy, request.url, *request.client);
  transfer->AddHeader("Accept: " + request.accept);
  transfer->AddHeader(fmt::format("X-Prometheus-Scrape-Timeout-Seconds: {}",
                                  absl::ToDoubleSeconds(request.timeout)));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
  transfers_.emplace(easy, std::move(transfer));
  curl_multi_add_handle(multi_, easy);
}

void HttpFetcher::Run(absl::Duration wait) {
  int running = 0;
  curl_multi_perform(multi_, &running);
  int left = 0;
  CURLMsg* message = curl_multi_info_read(multi_, &left);
  if (message == nullptr) {
    const int64_t milliseconds = absl::ToInt64Milliseconds(absl::Ceil(wait, absl::Milliseconds(1)));
    curl_multi_poll(multi_, nullptr, 0,
                    static_cast<int>(std::clamp<int64_t>(milliseconds, 0, 60'000)), nullptr);
    curl_multi_perform(multi_, &running);
    message = curl_multi_info_read(multi_, &left);
  }
  for (; message != nullptr; message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) Finish(message->easy_handle, message->data.result);
  }
}

void HttpFetcher::Finish(CURL* easy, CURLcode code) {
  const auto found = transfers_.find(easy);
  std::unique_ptr<Transfer> transfer = std::move(found->second);
  transfers_.erase(found);
  FetchResult result;
  long status = 0;
  const char* content_type = nullptr;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &content_type);
  if (content_type != nullptr) result.content_type = content_type;
  if (transfer->too_large) {
    result.fault = {ScrapeResult::kTooLarge, "body size limit exceeded"};
  } else if (!transfer->guard.refusal().ok()) {
    result.fault = {ScrapeResult::kNotAllowed, std::string(transfer->guard.refusal().message())};
  } else if (code == CURLE_OPERATION_TIMEDOUT) {
    result.fault = {ScrapeResult::kTimeout, fmt::format("no complete answer within {}",
                                                        absl::FormatDuration(transfer->timeout))};
  } else if (code != CURLE_OK) {
    result.fault = {ResultOf(code),
                    transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(code)};
  } else if (status != 200) {
    result.fault = {ScrapeResult::kHttpStatus, "server returned HTTP status " + StatusText(status)};
  } else {
    result.body = std::move(transfer->body);
  }
  curl_multi_remove_handle(multi_, easy);
  if (spare_.size() < kMaxSpareHandles) {
    curl_easy_reset(easy);  // It must not point into the transfer any more.
    spare_.push_back(easy);
  } else {
    curl_easy_cleanup(easy);
  }
  transfer->done(std::move(result));
}

void HttpFetcher::Wake() { curl_multi_wakeup(multi_); }

}  // namespace tidegate::control
