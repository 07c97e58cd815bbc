#include "ingest/admit/logs/level_detection.h"

#include <cctype>
#include <string>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

std::string_view Level(std::string_view line) { return LogLevelName(DetectLevel(line)); }

TEST(DetectLevel, AWordAnywhereInAnyCase) {
  const char* const levels[][2] = {
      {"trace", "trace"}, {"debug", "debug"},  {"info", "info"},
      {"warn", "warn"},   {"warning", "warn"}, {"error", "error"},
      {"err", "error"},   {"fatal", "fatal"},  {"critical", "critical"}};
  for (const auto& [word, level] : levels) {
    std::string upper(word);
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    for (const std::string& shown : {std::string(word), upper}) {
      for (const std::string& line :
           {shown, "it was " + shown, shown + ": it was", "[" + shown + "] it was",
            "(" + shown + ") it", shown + "! it was", "2024-05-01T00:00:00Z " + shown + ", it was",
            "a|" + shown + "|b", "\"" + shown + "\"", std::string(40, 'x') + " " + shown,
            "a long text without anything like it, and only then " + shown + " and on it goes"}) {
        EXPECT_EQ(Level(line), level) << line;
      }
    }
  }
}

TEST(DetectLevel, PartsOfWordsDoNotCount) {
  for (const char* line :
       {"mirrored", "errors",      "error7",    "7error",   "errorCode", "my_error",  "error_code",
        "re-error", "error-prone", "/error/",   "a:error",  "x.error",   "debugging", "informed",
        "warnings", "fatally",     "traceback", "trace_id", "",          "e",         "er"}) {
    EXPECT_EQ(Level(line), "unknown") << line;
    EXPECT_EQ(Level("some more text in front of it, " + std::string(line) + ", and behind"),
              "unknown")
        << line;
  }
}

TEST(DetectLevel, TheFirstWordWins) {
  EXPECT_EQ(Level("info: no error"), "info");
  EXPECT_EQ(Level("no error, only info, and a warning"), "error");
}

TEST(DetectLevel, AtEveryPlaceOfALongLine) {
  for (size_t at = 0; at < 80; ++at) {
    std::string line(90, ' ');
    line.replace(at, 5, "Error");
    EXPECT_EQ(Level(line), "error") << at;
    EXPECT_EQ(Level(line.substr(0, at + 5)), "error") << at;
    EXPECT_EQ(Level(line.substr(0, at + 4)), "unknown") << at;
  }
}

TEST(DetectLevel, JsonFields) {
  EXPECT_EQ(Level(R"({"msg":"an error","level":"info"})"), "info");
  EXPECT_EQ(Level(R"({"msg":"an error", "severity" : "WARNING"})"), "warn");
  EXPECT_EQ(Level(R"({"log":{"lvl":"dbg"},"level":"info"})"), "debug");
  EXPECT_EQ(Level(R"({"a":{"b":{"level":"debug"}},"n":[{"level":"x"},"}"],"level":"fatal"})"),
            "fatal");
  EXPECT_EQ(Level(R"({"level":30,"msg":"an error"})"), "error");
  EXPECT_EQ(Level(R"({"level":"odd","msg":"an error"})"), "error");
  EXPECT_EQ(Level(R"({"error":"something"})"), "error");
  EXPECT_EQ(Level(R"({"errorCode":1})"), "unknown");
  EXPECT_EQ(Level(R"({"msg":"a \"quoted\" word","level":"debug"})"), "debug");
  EXPECT_EQ(Level(R"({"msg" "broken","level":"debug", error})"), "debug");
}

TEST(DetectLevel, LogfmtFields) {
  EXPECT_EQ(Level(R"(msg="an error" level=info)"), "info");
  EXPECT_EQ(Level(R"(severity=debug msg="an error" LEVEL=Information)"), "info");
  EXPECT_EQ(Level(R"(msg="an \"error\"" lvl=wrn)"), "warn");
  EXPECT_EQ(Level(R"(level=odd msg="an error")"), "error");
  EXPECT_EQ(Level(R"(level= msg="an error")"), "error");
  EXPECT_EQ(Level(R"(a=b=c level=debug error)"), "debug");
  EXPECT_EQ(Level(R"(at='x' level='warn')"), "warn");
  EXPECT_EQ(Level("error=something"), "error");
}

TEST(LevelLabel, TheMostImportantName) {
  EXPECT_EQ(LevelLabel(model::Labels{{"app", "a"}}), "");
  EXPECT_EQ(LevelLabel(model::Labels{{"severity", "b"}, {"lvl", "c"}}), "b");
  EXPECT_EQ(LevelLabel(model::Labels{{"severity", "b"}, {"level", "a"}}), "a");
}

TEST(LevelOfSeverityNumber, OpenTelemetrysRanges) {
  EXPECT_EQ(LevelOfSeverityNumber("0"), LogLevel::kUnknown);
  EXPECT_EQ(LevelOfSeverityNumber("1"), LogLevel::kTrace);
  EXPECT_EQ(LevelOfSeverityNumber("8"), LogLevel::kDebug);
  EXPECT_EQ(LevelOfSeverityNumber("9"), LogLevel::kInfo);
  EXPECT_EQ(LevelOfSeverityNumber("16"), LogLevel::kWarn);
  EXPECT_EQ(LevelOfSeverityNumber("17"), LogLevel::kError);
  EXPECT_EQ(LevelOfSeverityNumber("24"), LogLevel::kFatal);
  EXPECT_EQ(LevelOfSeverityNumber("25"), LogLevel::kUnknown);
  EXPECT_EQ(LevelOfSeverityNumber("x"), LogLevel::kInfo);
}

}  // namespace
}  // namespace tidegate::ingest
