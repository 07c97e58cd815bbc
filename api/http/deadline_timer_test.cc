#include "api/http/deadline_timer.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "absl/time/clock.h"

namespace tidegate::api {
namespace {

// Everything runs on this thread: run() returns when no timer is waiting any more.
class DeadlineTimerTest : public testing::Test {
 protected:
  DeadlineTimerTest() : timer_(context_.get_executor()) {
    timer_.OnExpiry(owner_, [this] {
      ++fired_;
      if (on_fired_) on_fired_();
    });
  }

  boost::asio::io_context context_;
  std::shared_ptr<void> owner_ = std::make_shared<int>(0);
  DeadlineTimer timer_;
  std::function<void()> on_fired_;
  int fired_ = 0;
};

TEST_F(DeadlineTimerTest, FiresOnce) {
  timer_.Set(absl::Milliseconds(1));
  context_.run();
  EXPECT_EQ(fired_, 1);
}

TEST_F(DeadlineTimerTest, ALaterDeadlineReplacesAnEarlierOne) {
  const absl::Time start = absl::Now();
  timer_.Set(absl::Milliseconds(1));
  timer_.Set(absl::Milliseconds(20));
  context_.run();
  EXPECT_EQ(fired_, 1);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(19));
}

TEST_F(DeadlineTimerTest, AnEarlierDeadlineReplacesALaterOne) {
  timer_.Set(absl::Hours(1));
  timer_.Set(absl::Milliseconds(1));
  context_.run();
  EXPECT_EQ(fired_, 1);
}

TEST_F(DeadlineTimerTest, ClearedDeadlinesDoNotFire) {
  timer_.Set(absl::Milliseconds(1));
  timer_.Clear();
  context_.run();
  EXPECT_EQ(fired_, 0);
}

TEST_F(DeadlineTimerTest, StopEndsTheWait) {
  timer_.Set(absl::InfiniteDuration());
  timer_.Stop();
  context_.run();
  EXPECT_EQ(fired_, 0);
}

TEST_F(DeadlineTimerTest, CanBeSetAgainWhenItFires) {
  on_fired_ = [this] {
    if (fired_ < 3) timer_.Set(absl::Milliseconds(1));
  };
  timer_.Set(absl::Milliseconds(1));
  context_.run();
  EXPECT_EQ(fired_, 3);
}

TEST_F(DeadlineTimerTest, NothingFiresForAnOwnerThatIsGone) {
  timer_.Set(absl::Milliseconds(1));
  owner_.reset();
  context_.run();
  EXPECT_EQ(fired_, 0);
}

}  // namespace
}  // namespace tidegate::api
