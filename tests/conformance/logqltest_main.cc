// Runs LogQL behaviour vectors: `logqltest FILE...`. Prints each failure, then one line
// `N passed, M failed`; ends with status 1 if a vector failed, 2 if a file cannot be read. A kind
// of vector that the runner does not know has failed.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "tests/conformance/loki_vectors/vector_file.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: logqltest FILE...\n");
    return 2;
  }
  int passed = 0;
  size_t failed = 0;
  bool read = true;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i]);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    const auto report = tidegate::conformance::RunVectorFile(text);
    if (!file || !report.has_value()) {
      fmt::print(stderr, "cannot read {}\n", argv[i]);
      read = false;
      continue;
    }
    passed += report->passed;
    failed += report->failures.size();
    for (const auto& failure : report->failures) {
      fmt::print("FAIL {} {}: {}\n", argv[i], failure.id, failure.difference);
    }
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  if (!read) return 2;
  return failed == 0 ? 0 : 1;
}
