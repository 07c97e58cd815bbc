// Tokens as the lexer cases write them.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_TOKENS_H_
#define TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_TOKENS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "boost/json.hpp"
#include "query/promql/syntax/lex/token.h"

namespace tidegate::conformance {

struct TokenFields {
  std::string type;  // EQL, METRIC_IDENTIFIER, ...
  int64_t start = 0;
  std::string text;

  friend bool operator==(const TokenFields&, const TokenFields&) = default;
};

TokenFields FieldsOf(const promql::Token& token);

// std::nullopt if an element is not [type, start, text].
std::optional<std::vector<TokenFields>> ReadTokens(const boost::json::array& array);

// Cuts the tokens of several inputs where the positions start anew.
std::vector<std::vector<TokenFields>> SplitInputs(const std::vector<TokenFields>& tokens);

// A text with these tokens at these places and spaces between them.
std::string RebuildInput(const std::vector<TokenFields>& tokens);

std::string ToString(const std::vector<TokenFields>& tokens);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PARSERTEST_TOKENS_H_
