// Hands emails to the mail server of the configuration.
#ifndef TIDEGATE_CONTROL_NOTIFY_MAIL_SENDER_H_
#define TIDEGATE_CONTROL_NOTIFY_MAIL_SENDER_H_

#include <atomic>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "control/notify/email_message.h"
#include "model/config/email_config.h"

namespace tidegate::control {

// Thread safe; each message makes its own connection. The server is the operator's choice, no
// tenant's: network rules of tenants do not hold for it.
class MailSender {
 public:
  explicit MailSender(model::EmailConfig config) : config_(std::move(config)) {}

  // For all messages from now on.
  void SetConfig(model::EmailConfig config);

  // Returns when the server has taken it for at least one of its receivers. Errors:
  //   Unavailable      no connection, no TLS, no login, a temporary refusal (4xx): try again
  //   InvalidArgument  the server does not want it (5xx), or none is configured
  //   Cancelled        `stop` was set
  absl::Status Send(const EmailMessage& message, const std::atomic<bool>& stop) const;

 private:
  mutable absl::Mutex mutex_;
  model::EmailConfig config_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_MAIL_SENDER_H_
