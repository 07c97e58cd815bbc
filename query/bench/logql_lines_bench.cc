// What LogQL's parsers read from lines, in bytes of text per second of one core.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "fmt/format.h"
#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/line_pattern.h"
#include "query/logql/lines/logfmt_fields.h"
#include "query/logql/lines/regexp_fields.h"

namespace tidegate::logql {
namespace {

constexpr size_t kLines = 1000;

std::vector<std::string> JsonLines() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < kLines; ++i) {
    lines.push_back(fmt::format(
        R"({{"ts":"2026-01-01T00:00:{:02}Z","level":"{}","msg":"request \"{}\" done",)"
        R"("http":{{"method":"GET","path":"/api/v1/items/{}","status":{}}},"duration_ms":{}.25}})",
        i % 60, i % 7 == 0 ? "error" : "info", i, i, i % 7 == 0 ? 500 : 200, i % 300));
  }
  return lines;
}

std::vector<std::string> LogfmtLines() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < kLines; ++i) {
    lines.push_back(fmt::format(
        "ts=2026-01-01T00:00:{:02}Z level={} caller=server.go:{} msg=\"request done\" method=GET "
        "path=/api/v1/items/{} status={} duration={}ms",
        i % 60, i % 7 == 0 ? "error" : "info", i % 900, i, i % 7 == 0 ? 500 : 200, i % 300));
  }
  return lines;
}

std::vector<std::string> AccessLines() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < kLines; ++i) {
    lines.push_back(
        fmt::format("10.0.{}.{} - user{} [01/Jan/2026:00:00:{:02} +0000] \"GET /api/v1/items/{} "
                    "HTTP/1.1\" {} {}",
                    i % 256, i % 200, i % 50, i % 60, i, i % 7 == 0 ? 500 : 200, i * 13));
  }
  return lines;
}

template <typename Parser>
void ParseAll(benchmark::State& state, Parser parser, const std::vector<std::string>& lines) {
  size_t bytes = 0;
  for (const std::string& line : lines) bytes += line.size();
  for (auto _ : state) {
    for (const std::string& line : lines)
      benchmark::DoNotOptimize(parser.Parse(line).fields->size());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}

const WantedFields* Everything() {
  static const WantedFields kEverything;
  return &kEverything;
}
const WantedFields* Level() {
  static const WantedFields kLevel({"level"});
  return &kLevel;
}

void JsonEverything(benchmark::State& state) {
  ParseAll(state, JsonFieldParser(Everything()), JsonLines());
}
void JsonLevel(benchmark::State& state) { ParseAll(state, JsonFieldParser(Level()), JsonLines()); }
void LogfmtEverything(benchmark::State& state) {
  ParseAll(state, LogfmtFieldParser({}, Everything()), LogfmtLines());
}
void LogfmtLevel(benchmark::State& state) {
  ParseAll(state, LogfmtFieldParser({}, Level()), LogfmtLines());
}
void Pattern(benchmark::State& state) {
  ParseAll(state,
           PatternFieldParser(
               *ParseFieldPattern("<ip> - <user> [<_>] \"<method> <path> <_>\" <status> <size>"),
               Everything()),
           AccessLines());
}
void Regexp(benchmark::State& state) {
  ParseAll(state,
           *RegexpFieldParser::Create(R"(^(?P<ip>\S+) .*" (?P<status>\d+) (?P<size>\d+)$)",
                                      Everything()),
           AccessLines());
}

BENCHMARK(JsonEverything);
BENCHMARK(JsonLevel);
BENCHMARK(LogfmtEverything);
BENCHMARK(LogfmtLevel);
BENCHMARK(Pattern);
BENCHMARK(Regexp);

}  // namespace
}  // namespace tidegate::logql
