// A fleet of targets for a scraper: one process that answers on every loopback address with bodies
// that were rendered beforehand, so that what it costs is not measured with the scraper.
//
// Each request gets the next of --bodies scrapes of one host with --series series (node_exporter's,
// bench/node_metrics.h). Prints the port and the size of a body, then serves until it is killed.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/node_metrics.h"
#include "bench/series_walk.h"
#include "fmt/format.h"

namespace tidegate::bench {
namespace {

constexpr double kInterval = 15;

std::string Name(const SeriesTemplate& series) {
  for (const auto& [name, value] : series.labels) {
    if (name == "__name__") return value;
  }
  return "";
}

std::string SeriesText(const SeriesTemplate& series) {
  std::string labels;
  for (const auto& [name, value] : series.labels) {
    if (name != "__name__")
      labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", name, value);
  }
  return Name(series) + (labels.empty() ? "" : "{" + labels + "}");
}

// Templates of one family stand together, as exporters write them.
std::vector<SeriesTemplate> Templates(size_t count) {
  std::vector<SeriesTemplate> series = NodeMetrics();
  for (SeriesTemplate& one : ServiceMetrics()) series.push_back(std::move(one));
  for (size_t i = 0; series.size() < count; ++i) {
    series.push_back(series[i]);
    series.back().labels.emplace_back("copy", std::to_string(i));
  }
  series.resize(count);
  return series;
}

std::string Answer(const std::string& body) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

std::vector<std::string> RenderAnswers(size_t series_count, int bodies) {
  const std::vector<SeriesTemplate> templates = Templates(series_count);
  std::mt19937_64 random(1);
  std::vector<SeriesWalk> walks;
  for (const SeriesTemplate& series : templates) walks.emplace_back(series, &random);
  std::vector<std::string> answers;
  for (int i = 0; i < bodies; ++i) {
    Scrape scrape;
    scrape.interval_s = kInterval;
    scrape.timestamp_s = 1.7e9 + i * kInterval;
    std::string body, family;
    for (size_t k = 0; k < templates.size(); ++k) {
      if (const std::string name = Name(templates[k]); name != family) {
        family = name;
        body += fmt::format("# HELP {0} Something about {0}.\n# TYPE {0} gauge\n", family);
      }
      body += fmt::format("{} {}\n", SeriesText(templates[k]), walks[k].Next(&random, &scrape));
    }
    answers.push_back(Answer(body));
  }
  return answers;
}

class Server {
 public:
  explicit Server(std::vector<std::string> answers) : answers_(std::move(answers)) {}

  int Listen() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    socklen_t size = sizeof(address);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) return -1;
    listen(listener_, 4096);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    epoll_ = epoll_create1(0);
    Watch(listener_, EPOLLIN);
    return ntohs(address.sin_port);
  }

  void Serve() {
    epoll_event events[256];
    while (true) {
      const int count = epoll_wait(epoll_, events, 256, -1);
      for (int i = 0; i < count; ++i) {
        if (events[i].data.fd == listener_) {
          Accept();
        } else if (!Step(events[i].data.fd)) {
          connections_.erase(events[i].data.fd);
          close(events[i].data.fd);
        }
      }
    }
  }

 private:
  struct Connection {
    std::string head;
    std::string_view left;  // Of the answer.
  };

  void Watch(int fd, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void Accept() {
    while (true) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      connections_[fd];
      Watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  bool Step(int fd) {
    Connection& connection = connections_[fd];
    char buffer[4096];
    while (true) {
      while (!connection.left.empty()) {
        const ssize_t sent = send(fd, connection.left.data(), connection.left.size(), MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN;
        connection.left.remove_prefix(static_cast<size_t>(sent));
      }
      const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
      if (got == 0) return false;
      if (got < 0) return errno == EAGAIN;
      connection.head.append(buffer, static_cast<size_t>(got));
      if (connection.head.find("\r\n\r\n") == connection.head.npos) continue;
      connection.head.clear();
      // All targets move on together, as scrapes of one time do.
      connection.left = answers_[served_++ / 5000 % answers_.size()];
    }
  }

  const std::vector<std::string> answers_;
  std::unordered_map<int, Connection> connections_;
  uint64_t served_ = 0;
  int listener_ = -1;
  int epoll_ = -1;
};

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  const size_t series = argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 500;
  const int bodies = argc > 2 ? std::atoi(argv[2]) : 40;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  auto answers = tidegate::bench::RenderAnswers(series, bodies);
  const size_t bytes = answers[0].size();
  tidegate::bench::Server server(std::move(answers));
  std::printf("{\"port\": %d, \"bytes\": %zu}\n", server.Listen(), bytes);
  std::fflush(stdout);
  server.Serve();
}
