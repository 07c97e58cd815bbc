// An expression, a zero, and a line: the automaton that runs over columns answers what RE2 does, or
// that it does not know.

#include <re2/re2.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "storage/logs/expression_automaton.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tidegate::storage::ExpressionAutomaton;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\0');
  if (end == input.npos || end > 200) return 0;
  const std::string expression(input.substr(0, end));
  const std::string line(input.substr(end + 1));
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 re2(expression, options);
  if (!re2.ok()) return 0;
  const auto automaton = ExpressionAutomaton::Compile(expression);
  if (automaton == nullptr) return 0;
  const auto state = automaton->Run(automaton->start(), line);
  if (state == ExpressionAutomaton::kUnknown) return 0;
  if (automaton->MatchesAtEnd(state) != re2::RE2::PartialMatch(line, re2)) std::abort();
  return 0;
}
