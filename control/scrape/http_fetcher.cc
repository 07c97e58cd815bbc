#include "control/scrape/http_fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "control/outbound/client_settings.h"
#include "control/outbound/curl_guard.h"

namespace tidegate::control {
namespace {

constexpr size_t kMaxSpareHandles = 64;

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
  ClientSettings settings;
  char error[CURL_ERROR_SIZE] = {};

  static size_t Write(char* bytes, size_t, size_t size, void* self) {
    auto* transfer = static_cast<Transfer*>(self);
    if (transfer->max_bytes != 0 && transfer->body.size() + size > transfer->max_bytes) {
      transfer->too_large = true;
      return 0;
    }
    transfer->body.append(bytes, size);
    return size;
  }
};

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
  absl::Status status = transfer->guard.Install(easy);
  if (status.ok()) status = transfer->settings.Apply(*request.client, request.url, easy);
  if (!status.ok()) {
    curl_easy_reset(easy);  // It must not point into the transfer any more.
    spare_.push_back(easy);
    return done({{ScrapeResult::kMisconfigured, std::string(status.message())}, "", ""});
  }
  transfer->done = std::move(done);
  transfer->timeout = request.timeout;
  transfer->max_bytes = request.max_bytes;
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // libcurl looks through its whole cache of names at the end of every transfer, which cost half of
  // the time with thousands of targets. Connections are kept: names are asked at new ones only.
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, absl::ToInt64Milliseconds(request.timeout));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent_.c_str());
  if (request.accept_compressed) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::Write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
  transfer->settings.AddHeader("Accept: " + request.accept);
  transfer->settings.AddHeader(fmt::format("X-Prometheus-Scrape-Timeout-Seconds: {}",
                                           absl::ToDoubleSeconds(request.timeout)));
  transfer->settings.SetHeaders(easy);
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
