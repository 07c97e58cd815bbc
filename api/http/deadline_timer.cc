#include "api/http/deadline_timer.h"

#include <algorithm>
#include <utility>

namespace tidegate::api {
namespace {

using Clock = std::chrono::steady_clock;

// Keeps clock arithmetic far from overflow when a timeout is configured away.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

}  // namespace

void DeadlineTimer::OnExpiry(std::weak_ptr<void> owner, OnExpired on_expired) {
  owner_ = std::move(owner);
  on_expired_ = std::move(on_expired);
}

void DeadlineTimer::Set(absl::Duration after) {
  deadline_ = Clock::now() + absl::ToChronoNanoseconds(std::min(after, kLongest));
  if (!armed_ || deadline_ < timer_.expiry()) Arm();
}

void DeadlineTimer::Clear() { deadline_ = Clock::time_point::max(); }

void DeadlineTimer::Stop() {
  Clear();
  timer_.cancel();
}

void DeadlineTimer::Arm() {
  armed_ = true;
  timer_.expires_at(deadline_);
  // A wait that was cancelled has been replaced by another one, or is not wanted any more.
  timer_.async_wait([this, owner = owner_](const boost::system::error_code& error) {
    const std::shared_ptr<void> alive = owner.lock();
    if (!error && alive != nullptr) Look();
  });
}

void DeadlineTimer::Look() {
  armed_ = false;
  if (Clock::now() >= deadline_) {
    Clear();
    on_expired_();
  } else if (deadline_ != Clock::time_point::max()) {
    Arm();
  }
}

}  // namespace tidegate::api
