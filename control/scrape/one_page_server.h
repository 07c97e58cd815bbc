// A web server for tests: answers every request with the bytes that it is told to.
#ifndef TIDEGATE_CONTROL_SCRAPE_ONE_PAGE_SERVER_H_
#define TIDEGATE_CONTROL_SCRAPE_ONE_PAGE_SERVER_H_

#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tidegate::control {

// Listens on a free port of the loopback; one connection at a time, closed after each answer.
// Thread safe.
class OnePageServer {
 public:
  OnePageServer();
  ~OnePageServer();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // All further answers: complete, with head. Empty = accept and never answer.
  void SetAnswer(std::string answer);
  // 200 with this body.
  void SetPage(const std::string& body, const std::string& content_type = "text/plain");
  // The heads of all requests so far.
  std::vector<std::string> requests();

 private:
  void Serve();
  void Answer(int connection);

  int listener_ = -1;
  int port_ = 0;
  absl::Mutex mutex_;
  std::string answer_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> silent_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_ONE_PAGE_SERVER_H_
