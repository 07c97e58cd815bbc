// The mail server that notifications go through: the section `email` of the configuration file.
#ifndef TIDEGATE_MODEL_CONFIG_EMAIL_CONFIG_H_
#define TIDEGATE_MODEL_CONFIG_EMAIL_CONFIG_H_

#include <yaml-cpp/yaml.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/config/http_client_config.h"

namespace tidegate::model {

struct EmailConfig {
  std::string smarthost;  // host:port; empty: no email is sent. Port 465 speaks TLS at once.
  std::string from;       // "alerts@example.org" or "Alerts <alerts@example.org>".
  std::string hello = "localhost";      // What this server calls itself.
  std::string username;                 // Empty: no login.
  std::string password, password_file;  // The file is read at each use.
  bool require_tls = true;  // STARTTLS must succeed; otherwise it is used when it is offered.
  TlsConfig tls;
  absl::Duration timeout = absl::Seconds(20);  // Of one message.
  friend bool operator==(const EmailConfig&, const EmailConfig&) = default;
};

// The address in such a text, without its name and brackets. Empty: there is none.
std::string MailAddress(std::string_view text);

// InvalidArgument names line, key and what would be right.
absl::Status ReadEmail(const YAML::Node& node, EmailConfig* config);

// Without secrets.
void EmitEmail(const EmailConfig& config, YAML::Emitter* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_CONFIG_EMAIL_CONFIG_H_
