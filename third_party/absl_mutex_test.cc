// Correct uses of absl::Mutex, none of which a sanitizer may complain about. Worth its name in a
// TSan build: it shows that TSan sees the order that absl::Mutex makes (tsan_absl_mutex.cc), and
// that it still sees a race.

#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace {

constexpr int kRounds = 1000;

// Runs both at the same time. The data they share is plain on purpose: only the lock orders it.
void RunTogether(const std::function<void()>& one, const std::function<void()>& other) {
  std::thread thread(one);
  other();
  thread.join();
}

TEST(AbslMutexTest, OrdersWriters) {
  absl::Mutex mutex;
  int sum = 0;
  const auto add = [&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::MutexLock lock(&mutex);
      ++sum;
    }
  };
  RunTogether(add, add);
  EXPECT_EQ(sum, 2 * kRounds);
}

TEST(AbslMutexTest, OrdersReadersAndWriters) {
  absl::Mutex mutex;
  int sum = 0;
  const auto add = [&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::WriterMutexLock lock(&mutex);
      ++sum;
    }
  };
  const auto read = [&] {
    for (int i = 0; i < kRounds; ++i) {
      absl::ReaderMutexLock lock(&mutex);
      ASSERT_LE(sum, kRounds);
    }
  };
  RunTogether(add, read);
}

TEST(AbslMutexTest, OrdersTryLock) {
  absl::Mutex mutex;
  int sum = 0;
  int successes[2] = {0, 0};
  const auto add = [&](int& successes_of_mine) {
    for (int i = 0; i < kRounds; ++i) {
      if (!mutex.TryLock()) continue;
      ++sum;
      ++successes_of_mine;
      mutex.Unlock();
    }
  };
  RunTogether([&] { add(successes[0]); }, [&] { add(successes[1]); });
  EXPECT_EQ(sum, successes[0] + successes[1]);
}

// While one thread gives up the lock it evaluates what the other waits for.
TEST(AbslMutexTest, OrdersConditions) {
  absl::Mutex mutex;
  int turn = 0;
  std::string written;
  const auto write = [&](int remainder, char letter) {
    const auto my_turn = [&] { return turn % 2 == remainder; };
    for (int i = 0; i < kRounds; ++i) {
      mutex.LockWhen(absl::Condition(&my_turn));
      written += letter;
      ++turn;
      mutex.Unlock();
    }
  };
  RunTogether([&] { write(0, 'a'); }, [&] { write(1, 'b'); });
  EXPECT_EQ(written.size(), 2u * kRounds);
  EXPECT_EQ(written.substr(0, 4), "abab");
}

TEST(AbslMutexTest, OrdersAwait) {
  absl::Mutex mutex;
  bool ready = false;
  std::string text;
  RunTogether(
      [&] {
        absl::MutexLock lock(&mutex);
        mutex.Await(absl::Condition(&ready));
        text += "b";
      },
      [&] {
        absl::MutexLock lock(&mutex);
        text = "a";
        ready = true;
      });
  EXPECT_EQ(text, "ab");
}

TEST(AbslMutexTest, OrdersCondVar) {
  absl::Mutex mutex;
  absl::CondVar changed;
  bool ready = false;
  std::string text;
  RunTogether(
      [&] {
        absl::MutexLock lock(&mutex);
        while (!ready) changed.WaitWithTimeout(&mutex, absl::Milliseconds(5));
        text += "b";
      },
      [&] {
        absl::MutexLock lock(&mutex);
        text = "a";
        ready = true;
        changed.Signal();
      });
  EXPECT_EQ(text, "ab");
}

TEST(AbslMutexTest, OrdersNotification) {
  absl::Notification ready;
  std::string text;
  RunTogether(
      [&] {
        ready.WaitForNotification();
        text += "b";
      },
      [&] {
        text = "a";
        ready.Notify();
      });
  EXPECT_EQ(text, "ab");
}

// A new mutex at the address of an old one has no history: this is no lock inversion.
TEST(AbslMutexTest, ForgetsDestroyedMutexes) {
  for (int i = 0; i < 100; ++i) {
    auto first = std::make_unique<absl::Mutex>();
    auto second = std::make_unique<absl::Mutex>();
    if (i % 2 == 1) std::swap(first, second);
    absl::MutexLock outer(first.get());
    absl::MutexLock inner(second.get());
  }
}

#if defined(__SANITIZE_THREAD__)
TEST(AbslMutexDeathTest, RaceUnderReaderLocksIsReported) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto race = [] {
    absl::Mutex mutex;
    int sum = 0;
    const auto add = [&] {
      for (int i = 0; i < kRounds; ++i) {
        absl::ReaderMutexLock lock(&mutex);
        ++sum;
      }
    };
    RunTogether(add, add);
  };
  EXPECT_DEATH(race(), "data race");
}
#endif

}  // namespace
