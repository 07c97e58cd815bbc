// An email in the form of RFC 5322.
#ifndef TIDEGATE_CONTROL_NOTIFY_EMAIL_MESSAGE_H_
#define TIDEGATE_CONTROL_NOTIFY_EMAIL_MESSAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace tidegate::control {

struct EmailMessage {
  std::vector<std::string> to;  // Addresses alone.
  std::string subject;          // UTF-8.
  std::string text;             // UTF-8.
  std::string id;               // The same for the same message sent again: its receiver knows it.
  std::string thread;           // Messages with the same one are about the same thing.
  absl::Time date;
};

// Header fields and body, lines ended by CRLF. What is not plain ASCII is encoded, line breaks in
// fields become blanks: nobody who is named adds a field. `from` is an address, or one in <> behind
// a name. Pure.
std::string ComposeEmail(const EmailMessage& message, std::string_view from);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_EMAIL_MESSAGE_H_
