#include "control/notify/mail_sender.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "control/outbound/client_settings.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kImplicitTls = "465";

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

int Progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

// One message on its way. Owns all that the handle points to.
class Delivery {
 public:
  Delivery(const model::EmailConfig& config, const EmailMessage& message)
      : config_(config),
        text_(ComposeEmail(message, config.from)),
        owned_(curl_easy_init()),
        handle_(owned_.get()) {
    for (const std::string& to : message.to) Append(to, &receivers_);
  }

  absl::Status Run(const std::atomic<bool>& stop) {
    if (handle_ == nullptr) return absl::UnavailableError("libcurl makes no handle");
    if (absl::Status status = SetLogin(); !status.ok()) return status;
    SetServer();
    SetMessage();
    curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, Progress);
    curl_easy_setopt(handle_, CURLOPT_XFERINFODATA,
                     static_cast<void*>(const_cast<std::atomic<bool>*>(&stop)));
    const CURLcode code = curl_easy_perform(handle_);
    return stop.load() ? absl::CancelledError("stopping") : StatusOf(code);
  }

 private:
  using List = std::unique_ptr<curl_slist, FreeList>;

  static void Append(const std::string& text, List* list) {
    list->reset(curl_slist_append(list->release(), text.c_str()));
  }

  static size_t Read(char* out, size_t size, size_t count, void* self) {
    auto* delivery = static_cast<Delivery*>(self);
    const size_t bytes = std::min(size * count, delivery->text_.size() - delivery->at_);
    std::copy_n(delivery->text_.data() + delivery->at_, bytes, out);
    delivery->at_ += bytes;
    return bytes;
  }

  absl::Status SetLogin() {
    if (config_.username.empty()) return absl::OkStatus();
    std::string password = config_.password;
    if (!config_.password_file.empty()) {
      auto secret = ReadSecret(config_.password_file);
      if (!secret.ok()) return absl::UnavailableError(secret.status().message());
      password = *std::move(secret);
    }
    curl_easy_setopt(handle_, CURLOPT_USERNAME, config_.username.c_str());
    curl_easy_setopt(handle_, CURLOPT_PASSWORD, password.c_str());
    return absl::OkStatus();
  }

  // libcurl takes the name in the certificate from the URL, as for HTTP.
  void SetServer() {
    const std::string port = config_.smarthost.substr(config_.smarthost.rfind(':') + 1);
    std::string server = config_.smarthost;
    if (!config_.tls.server_name.empty()) {
      server = fmt::format("{}:{}", config_.tls.server_name, port);
      Append(fmt::format("{}:{}", server, config_.smarthost), &connect_to_);
      curl_easy_setopt(handle_, CURLOPT_CONNECT_TO, connect_to_.get());
    }
    const std::string url =
        fmt::format("{}://{}/{}", port == kImplicitTls ? "smtps" : "smtp", server, config_.hello);
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    curl_easy_setopt(handle_, CURLOPT_USE_SSL,
                     static_cast<long>(config_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    ApplyTls(config_.tls, handle_);
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(absl::ToInt64Milliseconds(config_.timeout)));
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_);
  }

  void SetMessage() {
    curl_easy_setopt(handle_, CURLOPT_MAIL_FROM, model::MailAddress(config_.from).c_str());
    curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, receivers_.get());
    // One receiver that is refused does not keep it from the others.
    curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(handle_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle_, CURLOPT_READFUNCTION, Read);
    curl_easy_setopt(handle_, CURLOPT_READDATA, this);
  }

  absl::Status StatusOf(CURLcode code) const {
    if (code == CURLE_OK) return absl::OkStatus();
    long reply = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &reply);
    const std::string text = fmt::format("mail server {}: {}", config_.smarthost,
                                         error_[0] != '\0' ? error_ : curl_easy_strerror(code));
    // Commands about the message were refused; a login or TLS that does not work may be mended.
    const bool about_message =
        code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    if (about_message && reply >= 500 && reply < 600) return absl::InvalidArgumentError(text);
    return absl::UnavailableError(text);
  }

  const model::EmailConfig& config_;
  const std::string text_;
  size_t at_ = 0;  // What of it was read.
  const std::unique_ptr<CURL, FreeHandle> owned_;
  CURL* const handle_;
  List receivers_;
  List connect_to_;
  char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace

void MailSender::SetConfig(model::EmailConfig config) {
  absl::MutexLock lock(&mutex_);
  config_ = std::move(config);
}

absl::Status MailSender::Send(const EmailMessage& message, const std::atomic<bool>& stop) const {
  model::EmailConfig config;
  {
    absl::MutexLock lock(&mutex_);
    config = config_;
  }
  if (config.smarthost.empty()) {
    return absl::InvalidArgumentError("no mail server is configured (email.smarthost)");
  }
  InitialiseCurl();
  return Delivery(config, message).Run(stop);
}

}  // namespace tidegate::control
