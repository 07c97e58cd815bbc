// A deadline that moves often and fires rarely. Internal to the server: includes the HTTP library.
#ifndef TIDEGATE_API_HTTP_DEADLINE_TIMER_H_
#define TIDEGATE_API_HTTP_DEADLINE_TIMER_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "absl/time/time.h"

namespace tidegate::api {

// The timer underneath is not moved for every deadline: it wakes at the earliest one it was armed
// for and looks again. So a busy keep-alive connection, which sets several deadlines per request,
// costs no timer operations. Used on one io thread.
class DeadlineTimer {
 public:
  // `on_expired` runs on the executor, and holds `owner` (whoever owns this timer) alive while it
  // may.
  using OnExpired = std::function<void()>;

  explicit DeadlineTimer(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  // Called once, before the first Set.
  void OnExpiry(std::weak_ptr<void> owner, OnExpired on_expired);

  // Fires `after` from now unless Set or Clear comes before.
  void Set(absl::Duration after);
  void Clear();
  // For good.
  void Stop();

 private:
  void Arm();
  void Look();

  boost::asio::steady_timer timer_;
  std::weak_ptr<void> owner_;
  OnExpired on_expired_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  bool armed_ = false;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_DEADLINE_TIMER_H_
