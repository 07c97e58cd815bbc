// Runs parser cases in Prometheus' terms: `parsertest DIR`, where DIR holds parse.jsonl, lex.jsonl,
// printer.jsonl and prettier.jsonl, one JSON object a line. Prints each failure, then one line
// `N passed, M failed`; ends with status 1 if a case failed, 2 if a file cannot be read.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "boost/json.hpp"
#include "fmt/format.h"
#include "tests/conformance/parsertest_cases.h"

namespace {

using tidegate::conformance::CaseResult;
using Check = CaseResult (*)(const boost::json::object& test);

struct Tally {
  int passed = 0;
  int failed = 0;
};

// The files write single bytes that are not UTF-8 as unpaired surrogates, \udc80 to \udcff, which
// JSON does not have.
std::string WithRawBytes(std::string_view line) {
  constexpr std::string_view kMark = "\\udc";
  constexpr size_t kEscapeSize = 6;
  std::string out;
  while (!line.empty()) {
    const size_t at = line.find(kMark);
    if (at == std::string_view::npos || line.size() < at + kEscapeSize) break;
    const std::string hex(line.substr(at + kMark.size(), 2));
    out += line.substr(0, at);
    out += static_cast<char>(std::strtol(hex.c_str(), nullptr, 16));
    line.remove_prefix(at + kEscapeSize);
  }
  out += line;
  return out;
}

CaseResult CheckLine(const std::string& line, Check check) {
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::json::error_code error;
  const boost::json::value test = boost::json::parse(WithRawBytes(line), error, {}, options);
  if (error) return fmt::format("malformed case: {}", error.message());
  if (!test.is_object()) return "malformed case: not an object";
  return check(test.as_object());
}

bool RunFile(const std::string& path, Check check, Tally* tally) {
  std::ifstream file(path);
  if (!file) {
    fmt::print(stderr, "cannot read {}\n", path);
    return false;
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    const CaseResult result = CheckLine(line, check);
    if (!result.has_value()) {
      ++tally->passed;
      continue;
    }
    ++tally->failed;
    fmt::print("FAIL {}:{}: {}\n  {}\n", path, number, line, *result);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: parsertest DIR\n");
    return 2;
  }
  const std::string folder = argv[1];
  Tally tally;
  const bool read =
      RunFile(folder + "/parse.jsonl", tidegate::conformance::CheckParseCase, &tally) &
      RunFile(folder + "/lex.jsonl", tidegate::conformance::CheckLexCase, &tally) &
      RunFile(folder + "/printer.jsonl", tidegate::conformance::CheckPrinterCase, &tally) &
      RunFile(folder + "/prettier.jsonl", tidegate::conformance::CheckPrettierCase, &tally);
  fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
  if (!read) return 2;
  return tally.failed == 0 ? 0 : 1;
}
