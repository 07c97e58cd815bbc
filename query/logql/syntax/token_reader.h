// Walks over tokens: what parsers of all parts of the language share.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_TOKEN_READER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_TOKEN_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "query/logql/syntax/lexer.h"

namespace tidegate::logql {

// Owned by one thread; the tokens must outlive it and end with kEnd.
class TokenReader {
 public:
  explicit TokenReader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  const Token& peek() const { return tokens_[at_]; }
  const Token& Next() {
    const Token& token = tokens_[at_];
    if (token.kind != TokenKind::kEnd) ++at_;
    return token;
  }
  bool Is(TokenKind kind) const { return peek().kind == kind; }
  bool IsSymbol(std::string_view text) const {
    return Is(TokenKind::kSymbol) && peek().text == text;
  }
  bool IsKeyword(std::string_view text) const {
    return Is(TokenKind::kKeyword) && peek().text == text;
  }
  bool IsFunction(std::string_view text) const {
    return Is(TokenKind::kFunction) && peek().text == text;
  }
  // Takes the token if it is that.
  bool TakeSymbol(std::string_view text) { return IsSymbol(text) && (Next(), true); }
  bool TakeKeyword(std::string_view text) { return IsKeyword(text) && (Next(), true); }

  absl::Status ExpectSymbol(std::string_view text) {
    return TakeSymbol(text) ? absl::OkStatus() : Unexpected(text);
  }
  absl::Status ExpectString(std::string* out) {
    if (!Is(TokenKind::kString)) return Unexpected("STRING");
    *out = Next().text;
    return absl::OkStatus();
  }
  absl::Status ExpectIdentifier(std::string* out) {
    if (!Is(TokenKind::kIdentifier)) return Unexpected("IDENTIFIER");
    *out = Next().text;
    return absl::OkStatus();
  }
  // "(" STRING ")".
  absl::Status ExpectStringInParentheses(std::string* out) {
    absl::Status status = ExpectSymbol("(");
    if (status.ok()) status = ExpectString(out);
    return status.ok() ? ExpectSymbol(")") : status;
  }

  // The error about the token that comes next.
  absl::Status Unexpected(std::string_view expected = {}) const {
    std::string text = "syntax error: unexpected " + peek().Name();
    if (!expected.empty()) text += ", expecting " + std::string(expected);
    return ParseError(peek().line, peek().column, text);
  }

 private:
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_TOKEN_READER_H_
