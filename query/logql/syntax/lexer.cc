#include "query/logql/syntax/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "model/quote.h"
#include "query/logql/syntax/literals.h"

namespace tidegate::logql {
namespace {

constexpr size_t kMaxQueryBytes = 131072;

// Reserved words. Their case does not matter.
constexpr std::string_view kKeywords[] = {
    "by",          "without",     "bool",         "on",        "ignoring", "group_left",
    "group_right", "or",          "and",          "unless",    "offset",   "unwrap",
    "json",        "regexp",      "logfmt",       "unpack",    "drop",     "keep",
    "pattern",     "line_format", "label_format", "decolorize"};

// Words that are functions where a parenthesis, or by/without and one, follows.
constexpr std::string_view kFunctions[] = {"rate",
                                           "rate_counter",
                                           "count_over_time",
                                           "bytes_rate",
                                           "bytes_over_time",
                                           "sum_over_time",
                                           "avg_over_time",
                                           "max_over_time",
                                           "min_over_time",
                                           "stddev_over_time",
                                           "stdvar_over_time",
                                           "quantile_over_time",
                                           "first_over_time",
                                           "last_over_time",
                                           "absent_over_time",
                                           "sum",
                                           "avg",
                                           "max",
                                           "min",
                                           "count",
                                           "stddev",
                                           "stdvar",
                                           "topk",
                                           "bottomk",
                                           "approx_topk",
                                           "sort",
                                           "sort_desc",
                                           "label_replace",
                                           "vector",
                                           "bytes",
                                           "duration",
                                           "duration_seconds",
                                           "ip"};

// Signs of two characters first.
constexpr std::string_view kSymbols[] = {
    "|=", "|~", "|>", "!=", "!~", "!>", "==", "=~", ">=", "<=", "{", "}", "(",
    ")",  ",",  "=",  "|",  ">",  "<",  "+",  "-",  "*",  "/",  "%", "^"};

template <size_t kCount>
bool IsOneOf(std::string_view word, const std::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Letters beyond ASCII are letters here; what is no letter there is not looked up.
bool IsWordStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}
bool IsWord(char c) { return IsWordStart(c) || IsDigit(c); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// One query from left to right. Lives for one call.
class Lexer {
 public:
  explicit Lexer(std::string_view query) : rest_(query) {}

  absl::StatusOr<std::vector<Token>> Run() {
    while (true) {
      SkipBlanks();
      Token token;
      token.line = line_;
      token.column = column_;
      if (rest_.empty()) {
        tokens_.push_back(std::move(token));
        return std::move(tokens_);
      }
      if (absl::Status status = Read(&token); !status.ok()) return status;
      tokens_.push_back(std::move(token));
    }
  }

 private:
  absl::Status Read(Token* token) {
    const char c = rest_.front();
    if (c == '"' || c == '`') return ReadString(token);
    if (c == '[') return ReadRange(token);
    if (IsDigit(c) || (c == '.' && rest_.size() > 1 && IsDigit(rest_[1]))) return ReadNumber(token);
    if (c == '-' && ReadFlag(token)) return absl::OkStatus();
    if (c == '-' && ReadNegativeDuration(token)) return absl::OkStatus();
    if (IsWordStart(c)) return ReadWord(token);
    for (std::string_view symbol : kSymbols) {
      if (!rest_.starts_with(symbol)) continue;
      Take(token, TokenKind::kSymbol, symbol.size());
      return absl::OkStatus();
    }
    return ParseError(
        line_, column_,
        fmt::format("syntax error: unexpected {}", model::Quoted(rest_.substr(0, 1))));
  }

  absl::Status ReadString(Token* token) {
    const char quote = rest_.front();
    size_t end = 1;
    while (end < rest_.size() && rest_[end] != quote && (quote == '`' || rest_[end] != '\n')) {
      end += quote == '"' && rest_[end] == '\\' ? 2 : 1;
    }
    if (end >= rest_.size() || rest_[end] != quote) {
      return ParseError(line_, column_, "literal not terminated");
    }
    const std::string_view quoted = rest_.substr(0, end + 1);
    std::optional<std::string> text = Unquote(quoted);
    if (!text.has_value()) return ParseError(line_, column_, "invalid syntax");
    Take(token, TokenKind::kString, quoted.size());
    token->text = *std::move(text);
    return absl::OkStatus();
  }

  // Only Prometheus' durations; the bracket is part of the token.
  absl::Status ReadRange(Token* token) {
    const size_t end = rest_.find(']');
    if (end == rest_.npos) {
      return ParseError(0, column_, "missing closing ']' in duration");
    }
    const std::string inner(rest_.substr(1, end - 1));
    const std::optional<int64_t> ns = ParsePrometheusDuration(inner);
    if (!ns.has_value()) {
      return ParseError(0, column_,
                        fmt::format("not a valid duration string: {}", model::Quoted(inner)));
    }
    Take(token, TokenKind::kRange, end + 1);
    token->line = 0;  // As Loki names it.
    token->ns = *ns;
    return absl::OkStatus();
  }

  // A number; with a unit behind it a duration or a size.
  absl::Status ReadNumber(Token* token) {
    size_t unit_end = 0;
    while (unit_end < rest_.size() && (IsWord(rest_[unit_end]) || rest_[unit_end] == '.')) {
      ++unit_end;
    }
    const std::string_view word = rest_.substr(0, unit_end);
    if (const size_t size = SizeWithExponent(word); size > unit_end) {
      Take(token, TokenKind::kNumber, size);
      return absl::OkStatus();
    }
    const bool hexadecimal = word.starts_with("0x") || word.starts_with("0X");
    if (!hexadecimal && word.find_first_not_of("0123456789.") != word.npos) {
      if (const auto ns = ParseDurationLiteral(word)) {
        Take(token, TokenKind::kDuration, unit_end);
        token->ns = *ns;
        return absl::OkStatus();
      }
      if (const auto bytes = ParseByteSize(word); bytes && HasSizeUnit(word)) {
        Take(token, TokenKind::kBytes, unit_end);
        token->bytes = *bytes;
        return absl::OkStatus();
      }
      // Letters that are no unit are a word of their own: "1mb" is 1 and mb.
      const size_t digits = word.find_first_not_of("0123456789.");
      const bool based = word.starts_with('0') && digits == 1 && IsBase(word[1]);
      if (!based && !IsExponent(word.substr(digits))) {
        Take(token, TokenKind::kNumber, digits);
        return absl::OkStatus();
      }
    }
    Take(token, TokenKind::kNumber, unit_end);
    return absl::OkStatus();
  }

  // 0b1010 and 0o17, which are no numbers here, are not two words either.
  static bool IsBase(char c) { return (c | 0x20) == 'b' || (c | 0x20) == 'o'; }
  // Of "1e5".
  static bool IsExponent(std::string_view letters) {
    return (letters[0] | 0x20) == 'e' && letters.size() > 1 &&
           letters.find_first_not_of("0123456789", 1) == letters.npos;
  }
  // Values of labels may write units in any case, queries may not.
  static bool HasSizeUnit(std::string_view word) {
    return word.find_first_not_of("0123456789.BikKMGTP") == word.npos;
  }

  // Of "1e-9", where `word` ends in front of the sign; otherwise 0. "1e" alone is a size.
  size_t SizeWithExponent(std::string_view word) const {
    size_t size = word.size();
    if (size < 2 || (word.back() != 'e' && word.back() != 'E')) return 0;
    if (word.substr(0, size - 1).find_first_not_of("0123456789.") != word.npos) return 0;
    if (size + 1 >= rest_.size() || (rest_[size] != '+' && rest_[size] != '-')) return 0;
    if (!IsDigit(rest_[++size])) return 0;
    while (size < rest_.size() && IsDigit(rest_[size])) ++size;
    return size;
  }

  // Flags are flags only behind `logfmt` and other flags.
  bool ReadFlag(Token* token) {
    if (tokens_.empty()) return false;
    const Token& last = tokens_.back();
    const bool after_logfmt = last.kind == TokenKind::kKeyword && last.text == "logfmt";
    if (!after_logfmt && last.kind != TokenKind::kFlag) return false;
    for (std::string_view flag : {"strict", "keep-empty"}) {
      const std::string written = fmt::format("--{}", flag);
      if (!rest_.starts_with(written)) continue;
      Take(token, TokenKind::kFlag, written.size());
      token->text = flag;
      return true;
    }
    return false;
  }

  bool ReadNegativeDuration(Token* token) {
    size_t end = 1;
    while (end < rest_.size() && (IsWord(rest_[end]) || rest_[end] == '.')) ++end;
    const std::string_view word = rest_.substr(1, end - 1);
    if (word.find_first_not_of("0123456789.") == word.npos) return false;
    const std::optional<int64_t> ns = ParseDurationLiteral(word);
    if (!ns.has_value()) return false;
    Take(token, TokenKind::kDuration, end);
    token->ns = -*ns;
    return true;
  }

  absl::Status ReadWord(Token* token) {
    size_t size = 0;
    while (size < rest_.size() && IsWord(rest_[size])) {
      if ((rest_[size] & 0x80) == 0) {
        ++size;
        continue;
      }
      const model::CodePoint point = model::DecodeUtf8(rest_.substr(size));
      if (!point.valid) {
        return ParseError(line_, column_ + static_cast<int>(size), "invalid UTF-8 encoding");
      }
      size += static_cast<size_t>(point.size);
    }
    const std::string word(rest_.substr(0, size));
    const std::string lower = Lower(word);
    if (IsOneOf(lower, kFunctions) && IsCalled(rest_.substr(size))) {
      Take(token, TokenKind::kFunction, size);
      token->text = lower;
    } else if (IsOneOf(lower, kKeywords)) {
      Take(token, TokenKind::kKeyword, size);
      token->text = lower;
    } else {
      Take(token, TokenKind::kIdentifier, size);
    }
    return absl::OkStatus();
  }

  // Whether `(`, `by (` or `without (` follows.
  static bool IsCalled(std::string_view text) {
    const auto skip = [&text] {
      while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
    };
    skip();
    for (std::string_view word : {"by", "without"}) {
      if (Lower(text.substr(0, word.size())) != word) continue;
      text.remove_prefix(word.size());
      skip();
      break;
    }
    return text.starts_with('(');
  }

  void SkipBlanks() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        Advance(std::min(rest_.find('\n'), rest_.size()));
      } else if (IsSpace(rest_.front())) {
        Advance(1);
      } else {
        return;
      }
    }
  }

  void Take(Token* token, TokenKind kind, size_t size) {
    token->kind = kind;
    token->text = rest_.substr(0, size);
    Advance(size);
  }

  void Advance(size_t size) {
    for (const char c : rest_.substr(0, size)) {
      if (c == '\n') {
        ++line_;
        column_ = 1;
      } else if ((c & 0xC0) != 0x80) {
        ++column_;
      }
    }
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  int line_ = 1, column_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::string Token::Name() const {
  switch (kind) {
    case TokenKind::kEnd:
      return "$end";
    case TokenKind::kIdentifier:
      return "IDENTIFIER";
    case TokenKind::kString:
      return "STRING";
    case TokenKind::kNumber:
      return "NUMBER";
    case TokenKind::kDuration:
      return "DURATION";
    case TokenKind::kBytes:
      return "BYTES";
    case TokenKind::kRange:
      return "RANGE";
    case TokenKind::kFlag:
      return "PARSER_FLAG";
    default:
      return text;
  }
}

absl::StatusOr<std::vector<Token>> Tokenize(std::string_view query) {
  if (query.size() >= kMaxQueryBytes) {
    return ParseError(0, 0,
                      fmt::format("input size too long ({} > {})", query.size(), kMaxQueryBytes));
  }
  return Lexer(query).Run();
}

absl::Status ParseError(int line, int column, std::string_view text) {
  if (line == 0 && column == 0) {
    return absl::InvalidArgumentError(fmt::format("parse error : {}", text));
  }
  return absl::InvalidArgumentError(
      fmt::format("parse error at line {}, col {}: {}", line, column, text));
}

}  // namespace tidegate::logql
