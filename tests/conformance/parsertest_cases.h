// One check for each kind of parser case: an expression with its first error, a text with its
// tokens, an expression with its canonical or its pretty form.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_CASES_H_
#define TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_CASES_H_

#include <optional>
#include <string>

#include "boost/json.hpp"

namespace tidegate::conformance {

// What is wrong, or std::nullopt if the case passes. A case that lacks a field of its format is
// wrong.
using CaseResult = std::optional<std::string>;

// {"input", "fail", "errors": [[start, end, message], ...], "top"}: only the first error is
// compared. A case with neither errors nor a top node is a series description.
CaseResult CheckParseCase(const boost::json::object& test);

// {"input", "fail", "tokens": [[type, start, text], ...], "seriesDesc"}: the tokens are those of
// several inputs, of which only the first is given. Inputs are put together again from the tokens,
// with spaces where nothing stood.
CaseResult CheckLexCase(const boost::json::object& test);

// {"in", "out"}.
CaseResult CheckPrinterCase(const boost::json::object& test);

// {"in", "out"}, for lines of 10 bytes.
CaseResult CheckPrettierCase(const boost::json::object& test);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_CASES_H_
