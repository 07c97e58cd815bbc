// LogQL's tokens (Loki's pkg/logql/syntax/lex.go).
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_LEXER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tidegate::logql {

enum class TokenKind : uint8_t {
  kEnd,
  kIdentifier,  // `text` is the name.
  kString,      // `text` is what the quotes hold.
  kNumber,      // `text` as written.
  kDuration,    // `ns`; `text` as written.
  kBytes,       // `bytes`; `text` as written.
  kRange,       // [5m]: `ns`.
  kFlag,        // --strict, --keep-empty: `text` without the dashes.
  kFunction,    // A name of a function where it is called; `text` in lower case.
  kKeyword,     // by, json, unwrap, ...; `text` in lower case.
  kSymbol,      // A sign: `text`.
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  int64_t ns = 0;
  uint64_t bytes = 0;
  int line = 1, column = 1;  // Of the first character, from 1.

  // How errors name it: IDENTIFIER, STRING, $end, or the word itself.
  std::string Name() const;
};

// Splits a query; the last token is kEnd. InvalidArgument with Loki's text: an open string or
// range, bytes that are not UTF-8, more than 128 KiB.
absl::StatusOr<std::vector<Token>> Tokenize(std::string_view query);

// "parse error at line 1, col 5: text", or "parse error : text" where `line` is 0.
absl::Status ParseError(int line, int column, std::string_view text);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_LEXER_H_
