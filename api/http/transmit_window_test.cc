#include "api/http/transmit_window.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace tidegate::api {
namespace {

TEST(TransmitWindow, LetsBytesInWhileThereIsRoom) {
  TransmitWindow window(100);
  EXPECT_TRUE(window.Enter(60));
  EXPECT_TRUE(window.Enter(60));  // One piece may exceed the bound.
  window.Leave(60);
  EXPECT_TRUE(window.Enter(1));
}

TEST(TransmitWindow, WritersWaitUntilBytesLeave) {
  TransmitWindow window(10);
  ASSERT_TRUE(window.Enter(10));
  std::atomic<bool> left = false;
  std::thread writer([&] {
    EXPECT_TRUE(window.Enter(10));
    EXPECT_TRUE(left.load());
  });
  left = true;
  window.Leave(10);
  writer.join();
}

TEST(TransmitWindow, ClosingLetsWaitingWritersGo) {
  TransmitWindow window(10);
  ASSERT_TRUE(window.Enter(10));
  std::thread writer([&] { EXPECT_FALSE(window.Enter(10)); });
  window.Close();
  writer.join();
  EXPECT_FALSE(window.Enter(0));
}

TEST(TransmitWindow, ManyBytesPassThroughASmallWindow) {
  TransmitWindow window(16);
  std::atomic<int> inside = 0;
  std::thread reader([&] {
    for (int left = 0; left < 10'000;) {
      if (inside.load() == 0) continue;
      --inside;
      window.Leave(8);
      ++left;
    }
  });
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(window.Enter(8));
    EXPECT_LE(inside.load(), 2);
    ++inside;
  }
  reader.join();
}

}  // namespace
}  // namespace tidegate::api
