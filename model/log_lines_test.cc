#include "model/log_lines.h"

#include <gtest/gtest.h>

#include <chrono>

#include "spdlog/details/log_msg.h"

namespace tidegate::model {
namespace {

std::string Line(const std::string& format, const char* text) {
  const std::chrono::system_clock::time_point time(std::chrono::milliseconds(1769860800387));
  const spdlog::details::log_msg message(time, spdlog::source_loc(), "", spdlog::level::warn, text);
  spdlog::memory_buf_t out;
  (*LogLines(format))->clone()->format(message, out);
  return {out.data(), out.size()};
}

TEST(LogLines, Logfmt) {
  EXPECT_EQ(Line("logfmt", "the disk is full"),
            "ts=2026-01-31T12:00:00.387Z level=warning msg=\"the disk is full\"\n");
}

TEST(LogLines, Json) {
  EXPECT_EQ(Line("json", "a \"b\"\\c\nd\te"),
            "{\"ts\":\"2026-01-31T12:00:00.387Z\",\"level\":\"warning\","
            "\"msg\":\"a \\\"b\\\"\\\\c\\nd\\u0009e\"}\n");
}

TEST(LogLines, Text) {
  EXPECT_NE(Line("text", "hello").find("[warning] hello"), std::string::npos);
}

TEST(LogLines, OthersAreNamed) {
  EXPECT_TRUE(absl::IsInvalidArgument(LogLines("xml").status()));
  EXPECT_NE(LogLines("xml").status().message().find("logfmt"), absl::string_view::npos);
}

}  // namespace
}  // namespace tidegate::model
