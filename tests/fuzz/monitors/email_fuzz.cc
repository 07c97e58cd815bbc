// Arbitrary texts in an email: it always has the same fields, lines that are short, plain ASCII,
// and nothing that a mail server takes for its end.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "control/notify/email_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  tidegate::control::EmailMessage message;
  message.to = {"me@example.com"};
  message.subject = text.substr(0, size / 2);
  message.text = text.substr(size / 2);
  message.id = text.substr(0, size / 4);
  message.thread = text.substr(size / 4, size / 4);
  message.date = absl::FromUnixSeconds(1'700'000'000);
  const std::string email = tidegate::control::ComposeEmail(message, "A <a@b.example>");
  int fields = 0;
  bool head = true;
  for (size_t at = 0; at < email.size();) {
    const size_t end = email.find("\r\n", at);
    if (end == email.npos) std::abort();
    const std::string_view line = std::string_view(email).substr(at, end - at);
    const bool folded = line.starts_with(' ');
    if (line == "." || line.find('\n') != line.npos || line.find('\r') != line.npos) std::abort();
    // Ids are one word: they are as long as what was given.
    const bool id = line.find("@b.example>") != line.npos;
    if (!id && line.size() > 90) std::abort();
    for (const unsigned char c : line) {
      if (c >= 0x7f || c < 0x20) std::abort();
    }
    if (head && line.empty()) head = false;
    if (head && !folded) ++fields;
    at = end + 2;
  }
  if (head || fields != 11) std::abort();
  return 0;
}
