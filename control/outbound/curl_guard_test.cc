#include "control/outbound/curl_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "fmt/format.h"
#include "model/config/config_tenant_registry.h"

namespace tidegate::control {
namespace {

// Answers every request on one address with the same response, on one connection at a time.
class OneAnswerServer {
 public:
  explicit OneAnswerServer(const char* address, std::string answer) : answer_(std::move(answer)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    inet_pton(AF_INET, address, &name.sin_addr);
    socklen_t size = sizeof(name);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&name), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size);
    port_ = ntohs(name.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneAnswerServer() {
    shutdown(listener_, SHUT_RDWR);
    if (const int open = connection_.load(); open >= 0) shutdown(open, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  int port() const { return port_; }
  int connections() const { return connections_; }
  int requests() const { return requests_; }

 private:
  void Serve() {
    while (true) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      connection_ = connection;
      ++connections_;
      std::string received;
      char buffer[4096];
      ssize_t got = 0;
      while ((got = read(connection, buffer, sizeof(buffer))) > 0) {
        received.append(buffer, static_cast<size_t>(got));
        if (received.find("\r\n\r\n") == received.npos) continue;
        received.clear();
        ++requests_;
        if (write(connection, answer_.data(), answer_.size()) < 0) break;
      }
      connection_ = -1;
      close(connection);
    }
  }

  const std::string answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connection_{-1};
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::thread thread_;
};

std::string Answer(std::string_view body) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

std::string RedirectTo(std::string_view url) {
  return fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", url);
}

size_t Append(char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

// `a` may reach 127.0.0.1 and nothing else of the loopback, `b` nothing of it.
constexpr std::string_view kTenants = R"(
tenants:
  - name: a
    keys: [{id: k, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b,
            permissions: [read]}]
    outbound_allow: [127.0.0.1]
  - name: b
)";

class CurlGuardTest : public testing::Test {
 protected:
  void SetUp() override { handle_ = curl_easy_init(); }
  void TearDown() override {
    curl_easy_cleanup(handle_);
    curl_slist_free_all(names_);
  }

  // What curl says; the body is in body_, the policy's reason in refusal_.
  CURLcode Get(const std::string& tenant, const std::string& url) {
    CurlGuard guard(&policy_, tenant);
    body_.clear();
    EXPECT_TRUE(guard.Install(handle_).ok());
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Append);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body_);
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT, 10L);
    const CURLcode result = curl_easy_perform(handle_);
    refusal_ = guard.refusal();
    return result;
  }
  void Resolve(const std::string& entry) {
    names_ = curl_slist_append(names_, entry.c_str());
    curl_easy_setopt(handle_, CURLOPT_RESOLVE, names_);
  }

  model::ConfigTenantRegistry registry_{*model::ParseConfig(kTenants)};
  OutboundPolicy policy_{&registry_, {}};
  CURL* handle_ = nullptr;
  curl_slist* names_ = nullptr;
  std::string body_;
  absl::Status refusal_;
};

TEST_F(CurlGuardTest, ReachesWhatIsAllowed) {
  OneAnswerServer server("127.0.0.1", Answer("up 1\n"));
  EXPECT_EQ(Get("a", fmt::format("http://127.0.0.1:{}/", server.port())), CURLE_OK);
  EXPECT_EQ(body_, "up 1\n");
  EXPECT_TRUE(refusal_.ok());
}

TEST_F(CurlGuardTest, OpensNoConnectionToWhatIsNot) {
  OneAnswerServer server("127.0.0.1", Answer("secret"));
  EXPECT_EQ(Get("b", fmt::format("http://127.0.0.1:{}/", server.port())), CURLE_COULDNT_CONNECT);
  EXPECT_EQ(body_, "");
  EXPECT_EQ(server.connections(), 0);
  EXPECT_EQ(refusal_.message(),
            "outgoing requests may not reach 127.0.0.1: 127.0.0.0/8 is denied by default");
}

TEST_F(CurlGuardTest, LooksBehindNames) {
  OneAnswerServer server("127.0.0.2", Answer("secret"));
  Resolve(fmt::format("metrics.example:{}:127.0.0.2", server.port()));
  EXPECT_EQ(Get("a", fmt::format("http://metrics.example:{}/", server.port())),
            CURLE_COULDNT_CONNECT);
  EXPECT_EQ(server.connections(), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(refusal_));
}

TEST_F(CurlGuardTest, OtherSpellingsAreTheSameAddress) {
  OneAnswerServer server("127.0.0.1", Answer("secret"));
  for (const char* host : {"[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "localhost"}) {
    EXPECT_NE(Get("b", fmt::format("http://{}:{}/", host, server.port())), CURLE_OK) << host;
    EXPECT_TRUE(absl::IsPermissionDenied(refusal_)) << host;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(CurlGuardTest, StopsARedirect) {
  OneAnswerServer inside("127.0.0.2", Answer("secret"));
  OneAnswerServer outside("127.0.0.1",
                          RedirectTo(fmt::format("http://127.0.0.2:{}/", inside.port())));
  EXPECT_EQ(Get("a", fmt::format("http://127.0.0.1:{}/", outside.port())), CURLE_COULDNT_CONNECT);
  EXPECT_EQ(outside.requests(), 1);
  EXPECT_EQ(inside.connections(), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(refusal_));
}

TEST_F(CurlGuardTest, StopsARedirectToAnotherProtocol) {
  OneAnswerServer server("127.0.0.1", RedirectTo("file:///etc/hostname"));
  EXPECT_EQ(Get("a", fmt::format("http://127.0.0.1:{}/", server.port())),
            CURLE_UNSUPPORTED_PROTOCOL);
  EXPECT_EQ(body_, "");
}

TEST_F(CurlGuardTest, AnotherTenantsConnectionIsNotUsed) {
  OneAnswerServer server("127.0.0.1", Answer("up 1\n"));
  const std::string url = fmt::format("http://127.0.0.1:{}/", server.port());
  ASSERT_EQ(Get("a", url), CURLE_OK);
  EXPECT_EQ(Get("b", url), CURLE_ABORTED_BY_CALLBACK) << "the handle still holds the connection";
  EXPECT_TRUE(absl::IsPermissionDenied(refusal_));
  EXPECT_EQ(server.requests(), 1);
  EXPECT_EQ(Get("a", url), CURLE_OK);
}

TEST_F(CurlGuardTest, AReloadClosesOpenConnectionsToo) {
  OneAnswerServer server("127.0.0.1", Answer("up 1\n"));
  const std::string url = fmt::format("http://127.0.0.1:{}/", server.port());
  ASSERT_EQ(Get("a", url), CURLE_OK);
  registry_.Replace(*model::ParseConfig("tenants: [{name: a, outbound_deny: [127.0.0.0/8]}]"));
  EXPECT_NE(Get("a", url), CURLE_OK);
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(CurlGuardTest, TheEnvironmentsProxyIsNotAsked) {
  OneAnswerServer proxy("127.0.0.1", Answer("from the proxy"));
  setenv("http_proxy", fmt::format("http://127.0.0.1:{}", proxy.port()).c_str(), 1);
  EXPECT_NE(Get("a", "http://127.0.0.2:9/"), CURLE_OK);
  unsetenv("http_proxy");
  EXPECT_EQ(proxy.connections(), 0);
}

}  // namespace
}  // namespace tidegate::control
