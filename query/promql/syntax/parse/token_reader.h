// Reads tokens one at a time for a recursive-descent parser, and keeps the first fault.
//
// Shared by the parsers of expressions and of series descriptions. A fault stops the parse: after
// it every Peek gives kError, so callers unwind without asking why.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TOKEN_READER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TOKEN_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/promql/syntax/lex/lexer.h"
#include "query/promql/syntax/parse_error.h"

namespace tidegate::promql {

// Where in the grammar a syntax error is noticed, for its message:
// `unexpected X in <place>, expected <expected>`. Both may be empty.
struct ErrorContext {
  std::string_view place;
  std::string_view expected;
};

class TokenReader {
 public:
  // `input` must outlive the reader and its tokens. An input that is too long is a fault at once.
  TokenReader(std::string_view input, Lexer::Language language);

  // The next token without consuming it; comments are skipped. It is only lexed when asked for:
  // what is wrong with the tokens before it comes first.
  const Token& Peek();
  bool NextIs(TokenType type) { return Peek().type == type; }

  Token Take();
  // Consumes the next token if it is of that type.
  bool TakeIf(TokenType type);
  // Like TakeIf; anything else is an unexpected token.
  std::optional<Token> Expect(TokenType type);

  // The end of the last consumed token that can end an operand: ) ] } or a literal.
  int32_t last_closing() const { return last_closing_; }

  // Records a fault; only the first one stays. Always false, to be returned.
  bool Fail(PositionRange position, std::string message);
  // The next token is not what the innermost context expects.
  bool Unexpected();

  bool failed() const { return error_.has_value(); }
  // Only after a fault.
  const ParseError& error() const { return *error_; }

  std::string_view input() const { return input_; }

  // While one of these lives, syntax errors are reported in its context.
  class InContext {
   public:
    InContext(TokenReader* reader, ErrorContext context) : reader_(reader) {
      reader_->contexts_.push_back(context);
    }
    ~InContext() { reader_->contexts_.pop_back(); }
    InContext(const InContext&) = delete;
    InContext& operator=(const InContext&) = delete;
    // What is expected changes as the construct goes on.
    void Set(ErrorContext context) { reader_->contexts_.back() = context; }

   private:
    TokenReader* const reader_;
  };

 private:
  const std::string_view input_;
  Lexer lexer_;
  std::optional<Token> next_;
  int32_t last_closing_ = 0;
  std::vector<ErrorContext> contexts_;
  std::optional<ParseError> error_;
};

inline PositionRange PositionOf(const Token& token) {
  return PositionRange{.start = token.start, .end = token.end()};
}

inline PositionRange Merge(PositionRange first, PositionRange last) {
  return PositionRange{.start = first.start, .end = last.end};
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_TOKEN_READER_H_
