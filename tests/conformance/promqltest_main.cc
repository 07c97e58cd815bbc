// promqltest [--repeat] FILE...: runs test scripts in Prometheus' promqltest format and prints what
// failed. The last line is `N passed, M failed`; the exit code is 0 when nothing failed.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "tests/conformance/promql_scripts/runner.h"

namespace {

std::optional<std::string> ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

int main(int argc, char** argv) {
  tidegate::conformance::RunOptions options;
  int passed = 0;
  int failed = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--repeat") {
      options.repeat = true;
      continue;
    }
    const std::optional<std::string> text = ReadFile(argv[i]);
    if (!text.has_value()) {
      fmt::print("{}: cannot be read\n", argv[i]);
      ++failed;
      continue;
    }
    const auto result = tidegate::conformance::RunScript(*text, options);
    if (!result.ok()) {
      fmt::print("{}: {}\n", argv[i], std::string(result.status().message()));
      ++failed;
      continue;
    }
    passed += result->passed;
    failed += static_cast<int>(result->failures.size());
    for (const auto& failure : result->failures) {
      fmt::print("{}:{}: {}\n    {}\n", argv[i], failure.line, failure.query, failure.difference);
    }
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
