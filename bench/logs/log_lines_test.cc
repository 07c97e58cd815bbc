#include "bench/logs/log_lines.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tidegate::bench {
namespace {

constexpr int64_t kTime = 1'767'225'600'000'000'000;

std::string Line(LogLines* lines, int stream, int64_t time = kTime) {
  std::string line;
  lines->Append(stream, time, &line);
  return line;
}

TEST(LogLinesTest, LinesDoNotRepeat) {
  LogLines lines(1, LogLines::kFormats * 2);
  std::set<std::string> seen;
  constexpr int kLines = 40'000;
  for (int i = 0; i < kLines; ++i) {
    seen.insert(Line(&lines, i % (LogLines::kFormats * 2), kTime + i * int64_t{1'000'003}));
  }
  EXPECT_GT(seen.size(), kLines * 0.99);
}

TEST(LogLinesTest, TheSameSeedMakesTheSameLines) {
  LogLines a(7, 8), b(7, 8), c(8, 8);
  EXPECT_EQ(Line(&a, 3), Line(&b, 3));
  EXPECT_NE(Line(&a, 3), Line(&c, 3));
}

TEST(LogLinesTest, EveryFormatIsOneLineOfItsOwnKind) {
  LogLines lines(1, LogLines::kFormats);
  const char* const marks[LogLines::kFormats] = {" HTTP/1.1\" ",  " sshd[",       " kernel: [",
                                                 "\"trace_id\":", " caller=",     " --- [exec-",
                                                 " INFO dfs.",    ":error] [pid "};
  for (int stream = 0; stream < LogLines::kFormats; ++stream) {
    const std::string line = Line(&lines, stream);
    EXPECT_NE(line.find(marks[stream]), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace tidegate::bench
