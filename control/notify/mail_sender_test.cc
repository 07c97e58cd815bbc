// Against a mail server that says what the test tells it to. STARTTLS and logins are tested with
// real processes (tests/integration/email_test.py).
#include "control/notify/mail_sender.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <string>
#include <thread>

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;

// Takes connections one after the other and answers each command by its first word; 250 when
// nothing else was said. Thread safe.
class MailServer {
 public:
  MailServer() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    socklen_t size = sizeof(address);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    EXPECT_EQ(listen(listener_, 4), 0);
    thread_ = std::thread([this] { Serve(); });
  }
  ~MailServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  const std::string& address() const { return address_; }
  void Answer(const std::string& command, const std::string& reply) {
    absl::MutexLock lock(&mutex_);
    replies_[command] = reply;
  }
  // All that clients have said.
  std::string said() {
    absl::MutexLock lock(&mutex_);
    return said_;
  }

 private:
  void Serve() {
    for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0; close(client)) {
      Talk(client);
    }
  }

  static void Say(int client, const std::string& line) {
    const std::string bytes = line + "\r\n";
    (void)!write(client, bytes.data(), bytes.size());
  }

  void Talk(int client) {
    Say(client, "220 test");
    bool in_message = false;
    std::string line;
    char c = 0;
    while (read(client, &c, 1) == 1) {
      line += c;
      if (c != '\n') continue;
      {
        absl::MutexLock lock(&mutex_);
        said_ += line;
      }
      if (in_message) {
        in_message = line != ".\r\n";
        if (!in_message) Say(client, ReplyTo(".", "250 taken"));
      } else {
        const std::string command = line.substr(0, line.find_first_of(" \r:"));
        const std::string reply = ReplyTo(command, command == "DATA" ? "354 go on" : "250 ok");
        Say(client, reply);
        in_message = reply.starts_with("354");
        if (command == "QUIT") return;
      }
      line.clear();
    }
  }

  std::string ReplyTo(const std::string& command, const std::string& usual) {
    absl::MutexLock lock(&mutex_);
    const auto found = replies_.find(command);
    return found == replies_.end() ? usual : found->second;
  }

  int listener_ = -1;
  std::string address_;
  absl::Mutex mutex_;
  std::map<std::string, std::string> replies_ ABSL_GUARDED_BY(mutex_);
  std::string said_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

class MailSenderTest : public ::testing::Test {
 protected:
  MailSenderTest() {
    config_.smarthost = server_.address();
    config_.from = "Alerts <alerts@example.org>";
    config_.hello = "tidegate.example.org";
    config_.require_tls = false;
    config_.timeout = absl::Seconds(10);
    message_.to = {"me@example.com", "you@example.com"};
    message_.subject = "subject";
    message_.text = "text";
    message_.id = "id";
    message_.thread = "thread";
  }
  absl::Status Send() { return MailSender(config_).Send(message_, stop_); }

  MailServer server_;
  model::EmailConfig config_;
  EmailMessage message_;
  std::atomic<bool> stop_{false};
};

TEST_F(MailSenderTest, SaysWhoWritesToWhomAndWhat) {
  ASSERT_TRUE(Send().ok());
  const std::string said = server_.said();
  EXPECT_THAT(said, HasSubstr("EHLO tidegate.example.org\r\n"));
  EXPECT_THAT(said, HasSubstr("MAIL FROM:<alerts@example.org>"));
  EXPECT_THAT(said, HasSubstr("RCPT TO:<me@example.com>"));
  EXPECT_THAT(said, HasSubstr("RCPT TO:<you@example.com>"));
  EXPECT_THAT(said, HasSubstr("Subject: subject\r\n"));
  EXPECT_THAT(said, HasSubstr("dGV4dA==\r\n.\r\n"));
}

TEST_F(MailSenderTest, TemporaryRefusalsAreTriedAgainOthersNot) {
  for (const char* command : {"MAIL", "RCPT", "DATA", "."}) {
    server_.Answer(command, "451 later");
    EXPECT_TRUE(absl::IsUnavailable(Send())) << command << Send();
    server_.Answer(command, "550 never");
    EXPECT_TRUE(absl::IsInvalidArgument(Send())) << command << Send();
    server_.Answer(command, command == std::string("DATA") ? "354 go on" : "250 ok");
    EXPECT_TRUE(Send().ok()) << command;
  }
}

TEST_F(MailSenderTest, WithoutTlsNothingIsSent) {
  config_.require_tls = true;
  EXPECT_TRUE(absl::IsUnavailable(Send()));
  EXPECT_EQ(server_.said().find("MAIL"), std::string::npos);
}

TEST_F(MailSenderTest, WithoutALoginThatWorksNothingIsSent) {
  config_.username = "u";
  config_.password_file = "/nowhere";
  EXPECT_TRUE(absl::IsUnavailable(Send()));
  config_.password_file = "";
  config_.password = "p";
  server_.Answer("EHLO", "250 AUTH PLAIN");
  server_.Answer("AUTH", "535 no");
  EXPECT_TRUE(absl::IsUnavailable(Send())) << Send();
  EXPECT_EQ(server_.said().find("MAIL"), std::string::npos);
}

TEST_F(MailSenderTest, WithoutAServer) {
  config_.smarthost = "127.0.0.1:1";
  EXPECT_TRUE(absl::IsUnavailable(Send()));
  config_.smarthost = "";
  EXPECT_TRUE(absl::IsInvalidArgument(Send()));
  MailSender sender(config_);
  config_.smarthost = server_.address();
  sender.SetConfig(config_);
  EXPECT_TRUE(sender.Send(message_, stop_).ok());
  stop_ = true;
  EXPECT_TRUE(absl::IsCancelled(sender.Send(message_, stop_)));
}

}  // namespace
}  // namespace tidegate::control
