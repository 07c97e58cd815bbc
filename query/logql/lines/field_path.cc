#include "query/logql/lines/field_path.h"

#include <charconv>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

enum class Token { kEnd, kDot, kOpen, kClose, kString, kField, kIndex, kBad };

const char* TokenName(Token token) {
  switch (token) {
    case Token::kDot:
      return "DOT";
    case Token::kOpen:
      return "LSB";
    case Token::kClose:
      return "RSB";
    case Token::kString:
      return "STRING";
    case Token::kField:
      return "FIELD";
    case Token::kIndex:
      return "INDEX";
    default:
      return "$end";
  }
}

class PathLexer {
 public:
  explicit PathLexer(std::string_view text) : text_(text) { Next(); }

  Token token() const { return token_; }
  const std::string& text() const { return value_; }
  uint64_t index() const { return index_; }
  // What is wrong at the current token, which is not one of `expected` (may be empty).
  absl::Status Unexpected(std::string_view expected) const {
    if (token_ == Token::kBad) return absl::InvalidArgumentError(value_);
    return absl::InvalidArgumentError(
        fmt::format("syntax error: unexpected {}{}{}", TokenName(token_),
                    expected.empty() ? "" : ", expecting ", expected));
  }

  void Next() {
    while (!text_.empty() && absl::ascii_isspace(static_cast<unsigned char>(text_[0]))) {
      text_.remove_prefix(1);
    }
    if (text_.empty()) {
      token_ = Token::kEnd;
      return;
    }
    const auto first = static_cast<unsigned char>(text_[0]);
    if (first == '.' || first == '[' || first == ']') {
      token_ = first == '.' ? Token::kDot : first == '[' ? Token::kOpen : Token::kClose;
      text_.remove_prefix(1);
    } else if (first == '"') {
      Quoted();
    } else if (absl::ascii_isdigit(first)) {
      Number();
    } else if (absl::ascii_isalpha(first) || first == '_') {
      Word();
    } else {
      Bad(fmt::format("unexpected char {}", text_.substr(0, RuneLength(text_))));
    }
  }

 private:
  void Bad(std::string why) {
    token_ = Token::kBad;
    value_ = std::move(why);
    text_ = {};
  }

  void Word() {
    size_t end = 0;
    while (end < text_.size() &&
           (absl::ascii_isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_')) {
      ++end;
    }
    token_ = Token::kField;
    value_.assign(text_.substr(0, end));
    text_.remove_prefix(end);
    if (!text_.empty() && static_cast<unsigned char>(text_[0]) >= 0x80) {
      Bad(fmt::format("unexpected char {}", text_.substr(0, RuneLength(text_))));
    }
  }

  void Number() {
    size_t end = 0;
    while (end < text_.size() && absl::ascii_isdigit(static_cast<unsigned char>(text_[end]))) {
      ++end;
    }
    if (std::from_chars(text_.data(), text_.data() + end, index_).ec != std::errc()) {
      return Bad(fmt::format("index out of range: {}", text_.substr(0, end)));
    }
    token_ = Token::kIndex;
    text_.remove_prefix(end);
  }

  void Quoted() {
    size_t end = 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return Bad("unterminated string");
    LineArena arena;
    const auto value = Unescape(text_.substr(1, end - 1), Escapes::kJson, &arena);
    if (!value) return Bad("invalid escape in a string");
    token_ = Token::kString;
    value_.assign(*value);
    text_.remove_prefix(end + 1);
  }

  std::string_view text_;
  Token token_ = Token::kEnd;
  std::string value_;
  uint64_t index_ = 0;
};

// At a '[': the step within the brackets.
absl::Status AppendBracketStep(PathLexer* lexer, FieldPath* path) {
  lexer->Next();
  if (lexer->token() == Token::kString) {
    path->emplace_back(lexer->text());
  } else if (lexer->token() == Token::kIndex) {
    path->emplace_back(lexer->index());
  } else {
    return lexer->Unexpected("STRING or INDEX");
  }
  lexer->Next();
  if (lexer->token() != Token::kClose) return lexer->Unexpected("RSB");
  lexer->Next();
  return absl::OkStatus();
}

absl::Status AppendFieldStep(PathLexer* lexer, std::string_view expected, FieldPath* path) {
  if (lexer->token() != Token::kField) return lexer->Unexpected(expected);
  path->emplace_back(lexer->text());
  lexer->Next();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FieldPath> ParseJsonPath(std::string_view text) {
  PathLexer lexer(text);
  FieldPath path;
  absl::Status status = lexer.token() == Token::kOpen
                            ? AppendBracketStep(&lexer, &path)
                            : AppendFieldStep(&lexer, "LSB or FIELD", &path);
  while (status.ok() && lexer.token() != Token::kEnd) {
    if (lexer.token() == Token::kOpen) {
      status = AppendBracketStep(&lexer, &path);
    } else if (lexer.token() == Token::kDot) {
      lexer.Next();
      status = AppendFieldStep(&lexer, "FIELD", &path);
    } else {
      status = lexer.Unexpected("");
    }
  }
  if (!status.ok()) return status;
  if (path.size() > kMaxPathSteps) {
    return absl::InvalidArgumentError(
        fmt::format("a path of {} steps; at most {} are read", path.size(), kMaxPathSteps));
  }
  return path;
}

absl::StatusOr<std::string> ParseLogfmtKey(std::string_view text) {
  PathLexer lexer(text);
  std::string key;
  if (lexer.token() == Token::kEnd) return key;
  if (lexer.token() == Token::kField || lexer.token() == Token::kString) {
    key = lexer.text();
    lexer.Next();
    if (lexer.token() == Token::kEnd) return key;
  }
  if (lexer.token() == Token::kField) {
    return absl::InvalidArgumentError("syntax error: unexpected KEY");
  }
  return lexer.Unexpected("");
}

}  // namespace tidegate::logql
