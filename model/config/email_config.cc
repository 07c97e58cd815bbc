#include "model/config/email_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "model/config/yaml_fields.h"
#include "model/duration_text.h"

namespace tidegate::model {
namespace {

bool IsHostAndPort(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return false;
  uint32_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  const bool plain = text.find_first_of(" /@\r\n") == text.npos;
  return plain && error == std::errc() && stop == end && port >= 1 && port <= 65535;
}

bool HasControl(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string Mistake(const EmailConfig& config) {
  if (config.smarthost.empty()) return "";
  if (!IsHostAndPort(config.smarthost)) return "smarthost must be host:port";
  if (MailAddress(config.from).empty() || HasControl(config.from)) {
    return "from must be an address, alone or in <> behind a name";
  }
  if (config.hello.empty() || config.hello.find_first_of(" <>\r\n") != std::string::npos) {
    return "hello must be the name of a host";
  }
  if (!config.password.empty() && !config.password_file.empty()) {
    return "at most one of password and password_file may be there";
  }
  if (config.timeout <= absl::ZeroDuration()) return "timeout must be more than 0";
  return TlsMistake(config.tls);
}

}  // namespace

std::string MailAddress(std::string_view text) {
  if (const size_t open = text.rfind('<'); open != text.npos) {
    const size_t close = text.find('>', open);
    if (close == text.npos || close + 1 != text.size()) return "";
    text = text.substr(open + 1, close - open - 1);
  }
  const size_t at = text.find('@');
  const bool plain = text.find_first_of(" \t\r\n,<>\"") == text.npos;
  if (at == 0 || at == text.npos || at + 1 == text.size() || !plain) return "";
  return std::string(text);
}

absl::Status ReadEmail(const YAML::Node& node, EmailConfig* config) {
  *config = EmailConfig();
  absl::Status status = ReadYamlFields(node, "email",
                                       {{"smarthost", YamlString(&config->smarthost)},
                                        {"from", YamlString(&config->from)},
                                        {"hello", YamlString(&config->hello)},
                                        {"username", YamlString(&config->username)},
                                        {"password", YamlString(&config->password)},
                                        {"password_file", YamlString(&config->password_file)},
                                        {"require_tls", YamlBool(&config->require_tls)},
                                        {"tls_config", YamlTlsConfig(&config->tls)},
                                        {"timeout", YamlDuration(&config->timeout)}});
  if (!status.ok()) return status;
  const std::string mistake = Mistake(*config);
  return mistake.empty() ? absl::OkStatus() : YamlError(node, "email", mistake);
}

void EmitEmail(const EmailConfig& config, YAML::Emitter* out) {
  YAML::Node map(YAML::NodeType::Map);
  map["smarthost"] = config.smarthost;
  map["from"] = config.from;
  map["hello"] = config.hello;
  map["username"] = config.username;
  map["password"] = config.password.empty() ? "" : "<secret>";
  map["password_file"] = config.password_file;
  map["require_tls"] = config.require_tls;
  YAML::Node tls(YAML::NodeType::Map);
  for (const auto& [name, text] :
       {std::pair("ca", &config.tls.ca), std::pair("cert", &config.tls.cert),
        std::pair("ca_file", &config.tls.ca_file), std::pair("cert_file", &config.tls.cert_file),
        std::pair("key_file", &config.tls.key_file),
        std::pair("server_name", &config.tls.server_name)}) {
    if (!text->empty()) tls[name] = *text;
  }
  if (!config.tls.key.empty()) tls["key"] = "<secret>";
  tls["insecure_skip_verify"] = config.tls.insecure_skip_verify;
  map["tls_config"] = tls;
  map["timeout"] = DurationText(absl::ToInt64Milliseconds(config.timeout));
  *out << map;
}

}  // namespace tidegate::model
