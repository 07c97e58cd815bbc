#include "query/promql/syntax/series/series_numbers.h"

#include <string>
#include <string_view>

#include "fmt/format.h"
#include "query/promql/syntax/lex/number_text.h"

namespace tidegate::promql {
namespace {

// Records what a number parser said about `token`, behind `what`.
template <typename T>
std::optional<T> ValueOrFault(const absl::StatusOr<T>& value, std::string_view what,
                              const Token& token, TokenReader* reader) {
  if (value.ok()) return *value;
  const absl::string_view reason = value.status().message();
  reader->Fail(PositionOf(token),
               fmt::format("{}: {}", what, std::string_view(reason.data(), reason.size())));
  return std::nullopt;
}

}  // namespace

std::optional<double> ParseSignedNumber(TokenReader* reader) {
  const bool negative = reader->NextIs(TokenType::kSub);
  if (negative || reader->NextIs(TokenType::kAdd)) reader->Take();
  const std::optional<Token> token = reader->Expect(TokenType::kNumber);
  if (!token.has_value()) return std::nullopt;
  const std::optional<double> value =
      ValueOrFault(ParseNumber(token->text), "error parsing number", *token, reader);
  if (!value.has_value()) return std::nullopt;
  return negative ? -*value : *value;
}

std::optional<uint64_t> ParseRepetition(TokenReader* reader) {
  const std::optional<Token> token = reader->Expect(TokenType::kNumber);
  if (!token.has_value()) return std::nullopt;
  return ValueOrFault(ParseCount(token->text), "invalid repetition in series values", *token,
                      reader);
}

}  // namespace tidegate::promql
