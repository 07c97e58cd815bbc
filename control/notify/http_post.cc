#include "control/notify/http_post.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "control/outbound/client_settings.h"
#include "control/outbound/curl_guard.h"

namespace tidegate::control {
namespace {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

size_t Ignore(char*, size_t size, size_t count, void*) { return size * count; }

int Progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

model::HttpClientConfig NoSettings() {
  model::HttpClientConfig client;
  client.follow_redirects = false;
  return client;
}

void SetOptions(CURL* handle, const PostRequest& request, const std::atomic<bool>* stop,
                char* error) {
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(request.timeout)));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, Ignore);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, Progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA,
                   static_cast<void*>(const_cast<std::atomic<bool>*>(stop)));
}

absl::Status StatusOf(const PostRequest& request, long status) {
  if (status / 100 == 2) return absl::OkStatus();
  const std::string text =
      fmt::format("{} answers with status {}", model::WithoutPassword(request.url), status);
  if (status == 429 || status >= 500) return absl::UnavailableError(text);
  return absl::InvalidArgumentError(text);
}

}  // namespace

absl::Status Post(const OutboundPolicy& policy, const PostRequest& request,
                  const std::atomic<bool>& stop) {
  InitialiseCurl();
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (handle == nullptr) return absl::UnavailableError("libcurl makes no handle");
  CurlGuard guard(&policy, request.tenant);
  if (absl::Status status = guard.Install(handle.get()); !status.ok()) return status;
  ClientSettings settings;
  const absl::Status applied = settings.Apply(
      request.client == nullptr ? NoSettings() : *request.client, request.url, handle.get());
  // Secrets are rotated: the next time the file may be there.
  if (!applied.ok()) return absl::UnavailableError(applied.message());
  // Without it libcurl waits for an interim answer before larger bodies.
  settings.AddHeader("Expect:");
  settings.AddHeader(fmt::format("Content-Type: {}", request.content_type));
  settings.SetHeaders(handle.get());
  char error[CURL_ERROR_SIZE] = {};
  SetOptions(handle.get(), request, &stop, error);
  const CURLcode code = curl_easy_perform(handle.get());
  if (stop.load()) return absl::CancelledError("stopping");
  if (!guard.refusal().ok()) return guard.refusal();
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
    return absl::InvalidArgumentError(
        fmt::format("{}: not a URL to post to", model::WithoutPassword(request.url)));
  }
  if (code != CURLE_OK) {
    return absl::UnavailableError(fmt::format("{}: {}", model::WithoutPassword(request.url),
                                              error[0] != '\0' ? error : curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return StatusOf(request, status);
}

}  // namespace tidegate::control
