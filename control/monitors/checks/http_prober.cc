#include "control/monitors/checks/http_prober.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "control/outbound/client_settings.h"
#include "control/outbound/curl_guard.h"

namespace tidegate::control {
namespace {

constexpr long kMaxRedirects = 5;
constexpr size_t kMaxLookedAt = size_t{1} << 20;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

std::optional<absl::Time> ParseExpiry(std::string_view text) {
  absl::Time time;
  std::string error;
  for (const char* format : {"%b %e %H:%M:%S %Y GMT", "%Y-%m-%d %H:%M:%S GMT"}) {
    if (absl::ParseTime(format, {text.data(), text.size()}, absl::UTCTimeZone(), &time, &error)) {
      return time;
    }
  }
  return std::nullopt;
}

// One request at work.
class Probe {
 public:
  Probe(const ProbeRequest& request, const HttpProberOptions& options, const OutboundPolicy& policy,
        ProbeResult* result)
      : request_(request),
        guard_(&policy, request.tenant),
        result_(*result),
        easy_(curl_easy_init()) {
    if (easy_ == nullptr) {
      result_.error = "libcurl makes no handle";
      return;
    }
    if (const absl::Status status = guard_.Install(easy_.get()); !status.ok()) {
      result_.error = std::string(status.message());
      easy_.reset();
      return;
    }
    SetOptions(options);
    result_.contains = !request.check.contains.has_value() || request.check.contains->empty();
  }
  ~Probe() { curl_slist_free_all(headers_); }

  CURL* easy() const { return easy_.get(); }

  void Done(CURLcode code) {
    if (!guard_.refusal().ok()) {
      result_.error = std::string(guard_.refusal().message());
    } else if (code != CURLE_OK && code != CURLE_WRITE_ERROR) {
      result_.error = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    }
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &result_.status);
    curl_off_t took = 0;
    curl_easy_getinfo(easy(), CURLINFO_TOTAL_TIME_T, &took);
    result_.took = absl::Microseconds(took);
    if (result_.status == 0 && result_.error.empty()) result_.error = "no answer";
    ReadCertificate();
  }

 private:
  void SetOptions(const HttpProberOptions& options) {
    const ExternalCheck& check = request_.check;
    curl_easy_setopt(easy(), CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy(), CURLOPT_URL, check.url.c_str());
    curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS,
                     static_cast<long>(absl::ToInt64Milliseconds(options.timeout)));
    curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION,
                     check.follow_redirect.value_or(false) ? 1L : 0L);
    curl_easy_setopt(easy(), CURLOPT_MAXREDIRS, kMaxRedirects);
    curl_easy_setopt(easy(), CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_);
    curl_easy_setopt(easy(), CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, Write);
    curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
    // Each request measures its own connect, as a visitor has it.
    curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy(), CURLOPT_FORBID_REUSE, 1L);
    if (check.skip_certificate_verification.value_or(false)) {
      curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYHOST, 0L);
    }
    SetBody(check);
    for (const HeaderField& header : check.headers) {
      // An empty value is written with a semicolon, a colon would take the field away.
      AddHeader(header.value.empty() ? fmt::format("{};", header.name)
                                     : fmt::format("{}: {}", header.name, header.value));
    }
    curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, headers_);
  }

  void SetBody(const ExternalCheck& check) {
    AddHeader("Expect:");
    if (check.body.has_value()) {
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(check.body->size()));
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, check.body->data());
    } else if (check.method == "POST" || check.method == "PUT") {
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(0));
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, "");
    }
    curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, check.method.c_str());
  }

  void AddHeader(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  // Looks for the text, also where it lies over two pieces.
  static size_t Write(char* bytes, size_t, size_t size, void* self) {
    auto* probe = static_cast<Probe*>(self);
    const auto& wanted = probe->request_.check.contains;
    probe->looked_at_ += size;
    if (wanted.has_value() && !probe->result_.contains) {
      probe->tail_.append(bytes, size);
      probe->result_.contains = probe->tail_.find(*wanted) != std::string::npos;
      const size_t keep = std::min(probe->tail_.size(), wanted->size());
      probe->tail_.erase(0, probe->tail_.size() - keep);
    }
    return probe->looked_at_ > kMaxLookedAt ? 0 : size;  // Enough: ends the transfer.
  }

  void ReadCertificate() {
    curl_certinfo* chain = nullptr;
    if (curl_easy_getinfo(easy(), CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr ||
        chain->num_of_certs < 1) {
      return;
    }
    constexpr std::string_view kExpires = "Expire date:";
    for (const curl_slist* field = chain->certinfo[0]; field != nullptr; field = field->next) {
      const std::string_view line = field->data;
      if (line.starts_with(kExpires)) {
        result_.certificate_expires = ParseExpiry(line.substr(kExpires.size()));
      }
    }
  }

  const ProbeRequest& request_;
  CurlGuard guard_;
  ProbeResult& result_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  curl_slist* headers_ = nullptr;
  char error_[CURL_ERROR_SIZE] = {};
  std::string tail_;
  size_t looked_at_ = 0;
};

void Collect(CURLM* multi, std::vector<std::unique_ptr<Probe>>* running) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    Probe* probe = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &probe);
    curl_multi_remove_handle(multi, easy);
    probe->Done(code);
    std::erase_if(*running, [&](const auto& one) { return one.get() == probe; });
  }
}

}  // namespace

std::vector<ProbeResult> HttpProber::Run(const std::vector<ProbeRequest>& requests,
                                         const std::atomic<bool>& stop) const {
  InitialiseCurl();
  std::vector<ProbeResult> results(requests.size());
  const std::unique_ptr<CURLM, FreeMulti> multi(curl_multi_init());
  std::vector<std::unique_ptr<Probe>> running;
  size_t next = 0;
  while ((next < requests.size() || !running.empty()) && !stop.load()) {
    while (next < requests.size() && running.size() < options_.max_parallel) {
      auto probe = std::make_unique<Probe>(requests[next], options_, policy_, &results[next]);
      ++next;
      if (probe->easy() == nullptr) continue;
      curl_multi_add_handle(multi.get(), probe->easy());
      running.push_back(std::move(probe));
    }
    int active = 0;
    curl_multi_perform(multi.get(), &active);
    Collect(multi.get(), &running);
    if (!running.empty()) curl_multi_poll(multi.get(), nullptr, 0, 200, nullptr);
  }
  for (const auto& probe : running) curl_multi_remove_handle(multi.get(), probe->easy());
  for (ProbeResult& result : results) {
    if (result.status == 0 && result.error.empty()) result.error = "stopping";
  }
  return results;
}

}  // namespace tidegate::control
