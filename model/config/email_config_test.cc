#include "model/config/email_config.h"

#include <gtest/gtest.h>

#include "model/config/config_file.h"

namespace tidegate::model {
namespace {

std::string Mistake(const std::string& email) {
  return std::string(ParseConfig("email: " + email).status().message());
}

TEST(MailAddressTest, IsWhatStandsInBrackets) {
  EXPECT_EQ(MailAddress("a@b"), "a@b");
  EXPECT_EQ(MailAddress("A B <a@b.example>"), "a@b.example");
  EXPECT_EQ(MailAddress("<a@b>"), "a@b");
  for (const char* text :
       {"", "a", "@b", "a@", "a b@c", "<a@b", "<a@b> c", "a@b,c@d", "A <a>", "a\r\n@b"}) {
    EXPECT_EQ(MailAddress(text), "") << text;
  }
}

TEST(EmailConfigTest, IsReadAndShownWithoutSecrets) {
  const auto config = ParseConfig(R"(
email:
  smarthost: mail.example.org:587
  from: Alerts <alerts@example.org>
  hello: tidegate.example.org
  username: u
  password: hush
  require_tls: false
  tls_config: {ca_file: ca.pem, key: hush2, cert: c}
  timeout: 5s
)");
  ASSERT_TRUE(config.ok()) << config.status();
  const EmailConfig& email = config->rules.email;
  EXPECT_EQ(email.smarthost, "mail.example.org:587");
  EXPECT_EQ(email.hello, "tidegate.example.org");
  EXPECT_EQ(email.password, "hush");
  EXPECT_FALSE(email.require_tls);
  EXPECT_EQ(email.tls.ca_file, "ca.pem");
  EXPECT_EQ(email.timeout, absl::Seconds(5));
  const std::string shown = FormatConfig(*config);
  EXPECT_EQ(shown.find("hush"), std::string::npos);
  const auto again = ParseConfig(shown);
  ASSERT_TRUE(again.ok()) << again.status() << shown;
  EXPECT_EQ(again->rules.email.from, email.from);
  EXPECT_EQ(again->rules.email.tls.ca_file, "ca.pem");
}

TEST(EmailConfigTest, WithoutAServerNothingIsNeeded) {
  const auto config = ParseConfig("email: {}");
  ASSERT_TRUE(config.ok());
  EXPECT_TRUE(config->rules.email.require_tls);
  EXPECT_TRUE(ParseConfig(FormatConfig(*config)).ok());
}

TEST(EmailConfigTest, MistakesAreNamed) {
  EXPECT_EQ(Mistake("{smarthost: mail, from: a@b}"), "line 1: email: smarthost must be host:port");
  for (const char* host : {"mail:", "mail:x", "mail:0", "mail:65536", ":25", "a b:25", "u@m:25"}) {
    EXPECT_NE(Mistake("{smarthost: '" + std::string(host) + "', from: a@b}"), "") << host;
  }
  EXPECT_EQ(Mistake("{smarthost: 'm:25'}"),
            "line 1: email: from must be an address, alone or in <> behind a name");
  EXPECT_NE(Mistake("{smarthost: 'm:25', from: a@b, hello: 'a b'}"), "");
  EXPECT_NE(Mistake("{smarthost: 'm:25', from: a@b, password: p, password_file: f}"), "");
  EXPECT_NE(Mistake("{smarthost: 'm:25', from: a@b, timeout: 0s}"), "");
  EXPECT_NE(Mistake("{smarthost: 'm:25', from: a@b, tls_config: {cert: c}}"), "");
  EXPECT_NE(Mistake("{smart_host: 'm:25'}"), "");
}

}  // namespace
}  // namespace tidegate::model
