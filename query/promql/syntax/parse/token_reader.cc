#include "query/promql/syntax/parse/token_reader.h"

#include <utility>

#include "fmt/format.h"
#include "query/promql/syntax/limits.h"

namespace tidegate::promql {
namespace {

bool CanCloseOperand(TokenType type) {
  switch (type) {
    case TokenType::kRightBrace:
    case TokenType::kRightParen:
    case TokenType::kRightBracket:
    case TokenType::kDuration:
    case TokenType::kNumber:
      return true;
    default:
      return false;
  }
}

}  // namespace

TokenReader::TokenReader(std::string_view input, Lexer::Language language)
    : input_(input.substr(0, kMaxQueryBytes)), lexer_(input_, language) {
  if (input.size() > kMaxQueryBytes) {
    Fail(PositionRange{}, fmt::format("query is too long: {} bytes, at most {} are allowed",
                                      input.size(), kMaxQueryBytes));
  }
}

const Token& TokenReader::Peek() {
  if (failed()) {
    next_ = Token{};
    next_->type = TokenType::kError;
  } else if (!next_.has_value()) {
    do {
      next_ = lexer_.Next();
    } while (next_->type == TokenType::kComment);
    if (next_->type == TokenType::kError) {
      const auto end = static_cast<int32_t>(input_.size());
      Fail(PositionRange{.start = next_->start, .end = end}, std::string(next_->text));
    }
  }
  return *next_;
}

Token TokenReader::Take() {
  const Token token = Peek();
  if (CanCloseOperand(token.type)) last_closing_ = token.end();
  next_.reset();
  return token;
}

bool TokenReader::TakeIf(TokenType type) {
  if (!NextIs(type)) return false;
  Take();
  return true;
}

std::optional<Token> TokenReader::Expect(TokenType type) {
  if (NextIs(type)) return Take();
  Unexpected();
  return std::nullopt;
}

bool TokenReader::Fail(PositionRange position, std::string message) {
  if (!failed()) error_ = ParseError{.position = position, .message = std::move(message)};
  return false;
}

bool TokenReader::Unexpected() {
  const Token token = Peek();
  if (failed()) return false;  // the lexer has said what is wrong
  std::string message = fmt::format("unexpected {}", Describe(token));
  if (!contexts_.empty()) {
    const ErrorContext& context = contexts_.back();
    if (!context.place.empty()) message += fmt::format(" in {}", context.place);
    if (!context.expected.empty()) message += fmt::format(", expected {}", context.expected);
  }
  return Fail(PositionOf(token), std::move(message));
}

}  // namespace tidegate::promql
