#include "control/notify/email_message.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "model/config/email_config.h"

namespace tidegate::control {
namespace {

constexpr size_t kLine = 76;         // Of base64.
constexpr size_t kWordBytes = 42;    // Of one encoded word: 75 characters with what is around it.
constexpr size_t kMaxSubject = 500;  // Bytes.

std::string Base64(std::string_view text) {
  std::string encoded;
  absl::Base64Escape({text.data(), text.size()}, &encoded);
  return encoded;
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

// The longest front of at most so many bytes that does not end within a character.
size_t WholeCharacters(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text.size();
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return bytes == 0 ? 1 : bytes;
}

// RFC 2047. Short plain text stays as it is.
std::string FieldText(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  text.resize(WholeCharacters(text, kMaxSubject));
  if (IsPlain(text) && text.size() <= kLine - 10 && text.find("=?") == text.npos) return text;
  std::string words;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t size = WholeCharacters(rest, kWordBytes);
    if (!words.empty()) words += "\r\n ";
    words += fmt::format("=?UTF-8?B?{}?=", Base64(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  return words;
}

std::string FromField(std::string_view from) {
  const std::string address = model::MailAddress(from);
  std::string name(from.substr(0, from.rfind('<')));
  if (from.rfind('<') == from.npos || name.find_first_not_of(' ') == name.npos) return address;
  while (name.ends_with(' ')) name.pop_back();
  return fmt::format("{} <{}>", FieldText(std::move(name)), address);
}

std::string Id(const std::string& id, std::string_view domain) {
  std::string plain;
  for (const char c : id) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '.' || c == '_';
    plain += good ? c : '.';
  }
  return fmt::format("<{}@{}>", plain, domain);
}

std::string Body(std::string_view text) {
  const std::string encoded = Base64(text);
  std::string lines;
  for (size_t at = 0; at < encoded.size(); at += kLine) {
    lines += encoded.substr(at, kLine);
    lines += "\r\n";
  }
  return lines;
}

}  // namespace

std::string ComposeEmail(const EmailMessage& message, std::string_view from) {
  const std::string address = model::MailAddress(from);
  const std::string domain = address.substr(address.find('@') + 1);
  std::string to;
  for (const std::string& one : message.to) {
    if (!to.empty()) to += ",\r\n ";
    to += one;
  }
  const std::string date =
      absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", message.date, absl::UTCTimeZone());
  const std::string thread = Id(message.thread, domain);
  std::string out;
  const auto field = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}: {}\r\n", name, value);
  };
  field("Date", date);
  field("From", FromField(from));
  field("To", to);
  field("Subject", FieldText(message.subject));
  field("Message-ID", Id(message.id, domain));
  field("In-Reply-To", thread);
  field("References", thread);
  field("Auto-Submitted", "auto-generated");
  field("MIME-Version", "1.0");
  field("Content-Type", "text/plain; charset=utf-8");
  field("Content-Transfer-Encoding", "base64");
  return out + "\r\n" + Body(message.text);
}

}  // namespace tidegate::control
