#include "storage/logs/line_filter.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <string.h>

#include <algorithm>

namespace tidegate::storage {
namespace {

// For an expression and its automaton; beyond it RE2 matches more slowly, never wrongly.
constexpr int64_t kMaxExpressionBytes = 8 << 20;

// glibc's memmem is vectorised, unlike std::string_view::find.
bool Contains(std::string_view line, std::string_view literal) {
  return literal.empty() ||
         memmem(line.data(), line.size(), literal.data(), literal.size()) != nullptr;
}

absl::StatusOr<std::unique_ptr<const re2::RE2>> CompileExpression(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxExpressionBytes);
  auto expression = std::make_unique<const re2::RE2>(text, options);
  if (!expression->ok()) {
    return absl::InvalidArgumentError(
        fmt::format("the line filter `{}` does not compile: {}", text, expression->error()));
  }
  return expression;
}

}  // namespace

LineFilter::LineFilter() = default;
LineFilter::LineFilter(LineFilter&&) noexcept = default;
LineFilter& LineFilter::operator=(LineFilter&&) noexcept = default;
LineFilter::~LineFilter() = default;

absl::StatusOr<LineFilter> LineFilter::Compile(std::span<const LineTest> tests) {
  LineFilter filter;
  for (const LineTest& test : tests) {
    if (test.alternatives.empty()) {
      return absl::InvalidArgumentError("a test on lines needs at least one alternative");
    }
    Test& compiled = filter.tests_.emplace_back();
    compiled.negated = test.negated;
    if (test.kind == LineTest::Kind::kContains) {
      compiled.literals = test.alternatives;
      continue;
    }
    for (const std::string& text : test.alternatives) {
      auto expression = CompileExpression(text);
      if (!expression.ok()) return expression.status();
      compiled.expressions.push_back(*std::move(expression));
    }
  }
  std::ranges::stable_sort(filter.tests_, {},
                           [](const Test& test) { return test.expressions.size(); });
  return filter;
}

bool LineFilter::Test::Found(std::string_view line) const {
  const auto has = [line](const std::string& literal) { return Contains(line, literal); };
  const re2::StringPiece text(line.data(), line.size());
  return std::ranges::any_of(literals, has) ||
         std::ranges::any_of(expressions, [&](const auto& expression) {
           return re2::RE2::PartialMatch(text, *expression);
         });
}

bool LineFilter::Holds(std::string_view line) const {
  return std::ranges::all_of(tests_,
                             [line](const Test& test) { return test.Found(line) != test.negated; });
}

}  // namespace tidegate::storage
