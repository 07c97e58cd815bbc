#include "control/notify/email_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

EmailMessage Message() {
  EmailMessage message;
  message.to = {"me@example.com", "you@example.com"};
  message.subject = "[CRITICAL] loadavg5";
  message.text = "loadavg5 2.26 > 1.96\n";
  message.id = "default/0001-a/b";
  message.thread = "2wpLU5fBXbG";
  message.date = absl::FromUnixSeconds(1'700'000'000);
  return message;
}

TEST(ComposeEmailTest, AsItIsSent) {
  EXPECT_EQ(ComposeEmail(Message(), "Alerts <alerts@example.org>"),
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
            "From: Alerts <alerts@example.org>\r\n"
            "To: me@example.com,\r\n you@example.com\r\n"
            "Subject: [CRITICAL] loadavg5\r\n"
            "Message-ID: <default.0001-a.b@example.org>\r\n"
            "In-Reply-To: <2wpLU5fBXbG@example.org>\r\n"
            "References: <2wpLU5fBXbG@example.org>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "bG9hZGF2ZzUgMi4yNiA+IDEuOTYK\r\n");
}

TEST(ComposeEmailTest, NobodyAddsAField) {
  EmailMessage message = Message();
  message.subject = "a\r\nBcc: everybody@example.com\r\n\r\nbody";
  message.id = "x>\r\nBcc: y";
  const std::string email = ComposeEmail(message, "a@b");
  EXPECT_THAT(email, Not(HasSubstr("\nBcc")));
  EXPECT_THAT(email, HasSubstr("Subject: a  Bcc: everybody@example.com    body\r\n"));
}

TEST(ComposeEmailTest, OtherAlphabetsAreEncodedInWholeCharacters) {
  EmailMessage message = Message();
  message.subject = "";
  for (int i = 0; i < 60; ++i) message.subject += "監";
  const std::string email = ComposeEmail(message, "Überwachung <a@b>");
  EXPECT_THAT(email, HasSubstr("From: =?UTF-8?B?w5xiZXJ3YWNodW5n?= <a@b>\r\n"));
  EXPECT_THAT(email, HasSubstr("Subject: =?UTF-8?B?55uj55uj"));
  std::istringstream lines(email);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 90u) << line;
    for (const unsigned char c : line) EXPECT_LT(c, 0x80) << line;
  }
}

TEST(ComposeEmailTest, LongTextsAreFoldedAndLongSubjectsCut) {
  EmailMessage message = Message();
  message.text = std::string(100'000, 'x');
  message.subject = std::string(100'000, 's');
  const std::string email = ComposeEmail(message, "a@b");
  std::istringstream lines(email);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 90u);
  EXPECT_LT(email.size(), 140'000u);
}

}  // namespace
}  // namespace tidegate::control
