#include "control/scrape/one_page_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace tidegate::control {

OnePageServer::OnePageServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener_, 16);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

OnePageServer::~OnePageServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  absl::MutexLock lock(&mutex_);
  for (const int connection : silent_) close(connection);
}

void OnePageServer::SetAnswer(std::string answer) {
  absl::MutexLock lock(&mutex_);
  answer_ = std::move(answer);
}

void OnePageServer::SetPage(const std::string& body, const std::string& content_type) {
  SetAnswer("HTTP/1.1 200 OK\r\nContent-Type: " + content_type + "\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
}

std::vector<std::string> OnePageServer::requests() {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

void OnePageServer::Serve() {
  while (true) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    Answer(connection);
  }
}

void OnePageServer::Answer(int connection) {
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == head.npos) {
    const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
    if (got <= 0) break;
    head.append(buffer, static_cast<size_t>(got));
    if (head.front() < ' ') break;  // No HTTP.
  }
  std::string answer;
  {
    absl::MutexLock lock(&mutex_);
    requests_.push_back(head);
    answer = answer_;
    if (answer.empty()) {
      silent_.push_back(connection);
      return;
    }
  }
  size_t sent = 0;
  while (sent < answer.size()) {
    const ssize_t put = send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) break;
    sent += static_cast<size_t>(put);
  }
  close(connection);
}

}  // namespace tidegate::control
