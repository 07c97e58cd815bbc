#include "api/testing/raw_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace tidegate::api {

RawClient::RawClient(const std::string& address, absl::Duration patience) {
  const size_t colon = address.rfind(':');
  sockaddr_in peer = {};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr);
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval timeout = absl::ToTimeval(patience);
  const int on = 1;
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) Close();
}

RawClient::~RawClient() { Close(); }

bool RawClient::Say(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawClient::HalfClose() { shutdown(fd_, SHUT_WR); }

void RawClient::Close(bool reset) {
  if (fd_ < 0) return;
  const linger drop = {1, 0};
  if (reset) setsockopt(fd_, SOL_SOCKET, SO_LINGER, &drop, sizeof(drop));
  close(fd_);
  fd_ = -1;
}

void RawClient::ShrinkReceiveBuffer() {
  const int bytes = 4096;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

bool RawClient::Fill() {
  char bytes[64 << 10];
  const ssize_t count = recv(fd_, bytes, sizeof(bytes), 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(count));
  return true;
}

bool RawClient::FillUntil(size_t bytes) {
  while (buffer_.size() < bytes) {
    if (!Fill()) return false;
  }
  return true;
}

bool RawClient::ReadsEnd() {
  char byte = 0;
  return buffer_.empty() && recv(fd_, &byte, 1, 0) == 0;
}

RawResponse RawClient::Read(bool head) {
  size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return {};
  }
  const std::string lines = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  RawResponse response;
  const int status = std::stoi(lines.substr(9, 3));
  for (size_t at = lines.find("\r\n") + 2; at < lines.size();) {
    const size_t line_end = lines.find("\r\n", at);
    const size_t colon = lines.find(':', at);
    std::string name = lines.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return std::tolower(c); });
    response.headers[name] = lines.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  if (!head && response.headers.count("content-length") > 0) {
    const size_t size = std::stoul(response.headers["content-length"]);
    if (!FillUntil(size)) return {};
    response.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
  } else if (!head && response.headers["transfer-encoding"] == "chunked") {
    response.body = ReadChunks();
    if (fd_ < 0) return {};
  }
  response.status = status;
  return response;
}

// Closes when the stream is cut off.
std::string RawClient::ReadChunks() {
  std::string body;
  while (true) {
    size_t line = 0;
    while ((line = buffer_.find("\r\n")) == std::string::npos) {
      if (Fill()) continue;
      Close();
      return body;
    }
    const size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
    if (!FillUntil(line + 2 + size + 2)) {
      Close();
      return body;
    }
    body.append(buffer_, line + 2, size);
    buffer_.erase(0, line + 2 + size + 2);
    if (size == 0) return body;
  }
}

RawResponse RawClient::Ask(std::string_view method, std::string_view target, std::string_view body,
                           std::string_view extra_headers) {
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: test\r\n{}", method, target, extra_headers);
  if (!body.empty()) request += fmt::format("Content-Length: {}\r\n", body.size());
  request.append("\r\n").append(body);
  if (!Say(request)) return {};
  return Read(method == "HEAD");
}

}  // namespace tidegate::api
