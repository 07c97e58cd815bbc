#include "query/logql/syntax/parser.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "query/logql/syntax/arithmetic.h"
#include "query/logql/syntax/lexer.h"
#include "query/logql/syntax/pipeline_parser.h"
#include "query/logql/syntax/range_parser.h"
#include "query/logql/syntax/token_reader.h"
#include "query/logql/syntax/validation.h"

namespace tidegate::logql {
namespace {

constexpr int kMaxOperators = 2000;
// The operator (or aggregation) that a token writes; all have their name as text.
template <typename Op>
std::optional<Op> OpOf(std::string_view text, Op last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (text == Name(static_cast<Op>(i))) return static_cast<Op>(i);
  }
  return std::nullopt;
}

std::optional<BinaryOp> BinaryOpOf(const Token& token) {
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kKeyword) return std::nullopt;
  return OpOf(token.text, BinaryOp::kPower);
}

SampleExprPtr Sample(decltype(SampleExpr::node) node) {
  auto expr = std::make_unique<SampleExpr>();
  expr->node = std::move(node);
  return expr;
}

// One query. Lives for one call.
class Parser {
 public:
  explicit Parser(const std::vector<Token>& tokens) : in_(tokens), pipeline_(&in_), ranges_(&in_) {}

  absl::StatusOr<Expr> Run() {
    absl::StatusOr<Expr> expr = ReadBinary(1, 0);
    if (expr.ok() && !in_.Is(TokenKind::kEnd)) return in_.Unexpected();
    return expr;
  }

 private:
  // Operators of `level` and tighter.
  absl::StatusOr<Expr> ReadBinary(int level, int depth) {
    if (depth > kMaxDepth) return ParseError(0, 0, "the query is nested too deeply");
    absl::StatusOr<Expr> left = ReadPrimary(depth);
    while (left.ok()) {
      const std::optional<BinaryOp> op = BinaryOpOf(in_.peek());
      if (!op.has_value() || LevelOf(*op) < level) return left;
      if (++operators_ > kMaxOperators) {
        return ParseError(0, 0, fmt::format("more than {} operators", kMaxOperators));
      }
      in_.Next();
      BinaryExpr binary;
      binary.op = *op;
      if (absl::Status status = ReadModifiers(&binary); !status.ok()) return status;
      // Powers group from the right.
      const int next = *op == BinaryOp::kPower ? LevelOf(*op) : LevelOf(*op) + 1;
      absl::StatusOr<Expr> right = ReadBinary(next, depth + 1);
      if (!right.ok()) return right;
      left = Combine(std::move(binary), *std::move(left), *std::move(right));
    }
    return left;
  }

  static absl::StatusOr<Expr> Combine(BinaryExpr binary, Expr left, Expr right) {
    if (absl::Status status = CheckOperands(binary.op, left, right); !status.ok()) return status;
    const double* const a = LiteralOf(left);
    const double* const b = LiteralOf(right);
    if (a != nullptr && b != nullptr) return Sample(LiteralExpr{Calculate(binary.op, *a, *b)});
    binary.left = std::get<SampleExprPtr>(std::move(left));
    binary.right = std::get<SampleExprPtr>(std::move(right));
    return Sample(std::move(binary));
  }

  // [bool] [on(...) | ignoring(...) [group_left | group_right [(...)]]]
  absl::Status ReadModifiers(BinaryExpr* binary) {
    binary->return_bool = in_.TakeKeyword("bool");
    const bool on = in_.IsKeyword("on");
    if (!on && !in_.IsKeyword("ignoring")) return absl::OkStatus();
    in_.Next();
    binary->on = on;
    if (absl::Status status = ReadLabels(&binary->matching_labels); !status.ok()) return status;
    const bool group_left = in_.IsKeyword("group_left");
    if (!group_left && !in_.IsKeyword("group_right")) return absl::OkStatus();
    in_.Next();
    binary->cardinality = group_left ? MatchCardinality::kManyToOne : MatchCardinality::kOneToMany;
    // A parenthesis behind it holds labels, unless it opens the right operand.
    return AtLabelList() ? ReadLabels(&binary->include) : absl::OkStatus();
  }

  bool AtLabelList() const {
    if (!in_.IsSymbol("(")) return false;
    TokenReader ahead = in_;
    ahead.Next();
    return ahead.IsSymbol(")") || ahead.Is(TokenKind::kIdentifier);
  }

  absl::StatusOr<Expr> ReadPrimary(int depth) {
    const Token& token = in_.peek();
    if (token.kind == TokenKind::kFunction) return ReadCall(depth);
    if (in_.IsSymbol("{")) return ReadLog();
    if (in_.TakeSymbol("(")) {
      absl::StatusOr<Expr> inner = ReadBinary(1, depth + 1);
      if (!inner.ok()) return inner;
      if (absl::Status status = in_.ExpectSymbol(")"); !status.ok()) return status;
      return inner;
    }
    double value = 0;
    if (absl::Status status = ReadSignedNumber(&value); !status.ok()) return status;
    return Sample(LiteralExpr{value});
  }

  absl::StatusOr<Expr> ReadLog() {
    LogExpr log;
    absl::Status status = pipeline_.ReadSelector(&log.matchers);
    if (!status.ok()) return status;
    const absl::StatusOr<bool> at_unwrap = pipeline_.ReadStages(&log.stages);
    if (!at_unwrap.ok()) return at_unwrap.status();
    if (*at_unwrap) return ParseError(0, 0, "syntax error: unexpected unwrap");
    if (status = CheckSelector(log.matchers); !status.ok()) return status;
    return log;
  }

  absl::StatusOr<Expr> ReadCall(int depth) {
    const Token& name = in_.peek();
    if (const auto op = OpOf(name.text, RangeOp::kAbsent)) {
      in_.Next();
      return ReadRangeAggregation(*op);
    }
    if (const auto op = OpOf(name.text, VectorOp::kSortDesc)) {
      in_.Next();
      return ReadVectorAggregation(*op, depth);
    }
    if (name.text == "label_replace") return ReadLabelReplace(depth);
    if (name.text == "vector") return ReadVector();
    return in_.Unexpected();
  }

  absl::StatusOr<Expr> ReadRangeAggregation(RangeOp op) {
    RangeAggregation aggregation;
    aggregation.op = op;
    absl::Status status = in_.ExpectSymbol("(");
    if (status.ok() && in_.Is(TokenKind::kNumber)) {
      status = ReadNumber(&aggregation.parameter.emplace());
      if (status.ok()) status = in_.ExpectSymbol(",");
    } else if (status.ok() && !in_.IsSymbol("{") && !in_.IsSymbol("(")) {
      return in_.Unexpected("NUMBER or { or (");
    }
    if (status.ok()) status = ranges_.Read(&aggregation.range);
    if (status.ok()) status = in_.ExpectSymbol(")");
    if (status.ok()) status = ReadGrouping(&aggregation.grouping);
    if (status.ok()) status = CheckAggregation(aggregation);
    if (status.ok()) status = CheckSelector(aggregation.range.log.matchers);
    if (!status.ok()) return status;
    return Sample(std::move(aggregation));
  }

  absl::StatusOr<Expr> ReadVectorAggregation(VectorOp op, int depth) {
    VectorAggregation aggregation;
    aggregation.op = op;
    absl::Status status = ReadGrouping(&aggregation.grouping);
    if (status.ok()) status = in_.ExpectSymbol("(");
    if (status.ok()) status = ReadCount(op, &aggregation.parameter);
    if (!status.ok()) return status;
    absl::StatusOr<SampleExprPtr> inner = ReadSample(depth + 1);
    if (!inner.ok()) return inner.status();
    aggregation.inner = *std::move(inner);
    status = in_.ExpectSymbol(")");
    if (status.ok() && !aggregation.grouping.has_value()) {
      status = ReadGrouping(&aggregation.grouping);
    }
    if (!status.ok()) return status;
    if (aggregation.grouping.has_value()) {
      if (op == VectorOp::kSort || op == VectorOp::kSortDesc) {
        return ParseError(0, 0, "sort and sort_desc doesn't allow grouping by");
      }
      if (op == VectorOp::kApproxTopK) {
        return ParseError(0, 0, "grouping not allowed for approx_topk aggregation");
      }
    }
    return Sample(std::move(aggregation));
  }

  // `10,` in front of what topk, bottomk and approx_topk aggregate; nothing for the others.
  absl::Status ReadCount(VectorOp op, int64_t* count) {
    const bool wanted =
        op == VectorOp::kTopK || op == VectorOp::kBottomK || op == VectorOp::kApproxTopK;
    TokenReader ahead = in_;
    const std::string text = ahead.Next().text;
    const bool given = in_.Is(TokenKind::kNumber) && ahead.IsSymbol(",");
    if (!given && !wanted) return absl::OkStatus();
    if (!given) {
      const bool expression = in_.Is(TokenKind::kFunction) || in_.IsSymbol("(");
      return expression
                 ? ParseError(0, 0, fmt::format("parameter required for operation {}", Name(op)))
                 : in_.Unexpected();
    }
    if (!wanted) {
      return ParseError(0, 0,
                        fmt::format("unsupported parameter for operation {}({},", Name(op), text));
    }
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, *count).ptr != end) {
      return ParseError(0, 0, fmt::format("invalid parameter {}({},", Name(op), text));
    }
    if (*count < 1) {
      return ParseError(
          0, 0, fmt::format("invalid parameter (must be greater than 0) {}({}", Name(op), text));
    }
    in_.Next();
    in_.Next();
    return absl::OkStatus();
  }

  absl::StatusOr<Expr> ReadLabelReplace(int depth) {
    in_.Next();
    LabelReplaceExpr replace;
    if (absl::Status status = in_.ExpectSymbol("("); !status.ok()) return status;
    absl::StatusOr<SampleExprPtr> inner = ReadSample(depth + 1);
    if (!inner.ok()) return inner.status();
    replace.inner = *std::move(inner);
    for (std::string* text :
         {&replace.destination, &replace.replacement, &replace.source, &replace.regex}) {
      absl::Status status = in_.ExpectSymbol(",");
      if (status.ok()) status = in_.ExpectString(text);
      if (!status.ok()) return status;
    }
    if (absl::Status status = in_.ExpectSymbol(")"); !status.ok()) return status;
    const absl::StatusOr<model::CompiledMatcher> regex =
        model::CompiledMatcher::Compile({model::MatchType::kRegex, replace.source, replace.regex});
    if (!regex.ok()) {
      const std::string why(regex.status().message());
      return ParseError(0, 0, fmt::format("invalid regex in label_replace: {}", why));
    }
    return Sample(std::move(replace));
  }

  absl::StatusOr<Expr> ReadVector() {
    in_.Next();
    VectorExpr vector;
    absl::Status status = in_.ExpectSymbol("(");
    if (status.ok() && !in_.Is(TokenKind::kNumber)) return in_.Unexpected("NUMBER");
    if (status.ok()) status = ReadNumber(&vector.value);
    if (status.ok()) status = in_.ExpectSymbol(")");
    if (!status.ok()) return status;
    return Sample(vector);
  }

  // An expression that gives numbers.
  absl::StatusOr<SampleExprPtr> ReadSample(int depth) {
    if (in_.IsSymbol("{")) return UnexpectedLog();
    absl::StatusOr<Expr> expr = ReadBinary(1, depth);
    if (!expr.ok()) return expr.status();
    if (std::holds_alternative<LogExpr>(*expr)) return in_.Unexpected();
    return std::get<SampleExprPtr>(*std::move(expr));
  }

  // The error at the first token behind a log query that stands where numbers are wanted.
  absl::Status UnexpectedLog() {
    LogExpr log;
    if (absl::Status status = pipeline_.ReadSelector(&log.matchers); !status.ok()) return status;
    if (const auto stages = pipeline_.ReadStages(&log.stages); !stages.ok()) return stages.status();
    return in_.Unexpected();
  }

  absl::Status ReadGrouping(std::optional<Grouping>* grouping) {
    const bool without = in_.IsKeyword("without");
    if (!without && !in_.IsKeyword("by")) return absl::OkStatus();
    in_.Next();
    grouping->emplace().without = without;
    return ReadLabels(&(*grouping)->labels);
  }

  // "(" [IDENTIFIER {"," IDENTIFIER}] ")".
  absl::Status ReadLabels(std::vector<std::string>* labels) {
    if (absl::Status status = in_.ExpectSymbol("("); !status.ok()) return status;
    while (!in_.IsSymbol(")")) {
      if (!labels->empty() && !in_.TakeSymbol(",")) return in_.Unexpected(") or ,");
      if (absl::Status status = in_.ExpectIdentifier(&labels->emplace_back()); !status.ok()) {
        return status;
      }
    }
    in_.Next();
    return absl::OkStatus();
  }

  absl::Status ReadSignedNumber(double* value) {
    const bool minus = in_.IsSymbol("-");
    const bool sign = minus || in_.IsSymbol("+");
    if (sign) in_.Next();
    if (!in_.Is(TokenKind::kNumber)) return in_.Unexpected(sign ? "NUMBER" : "");
    const absl::Status status = ReadNumber(value);
    if (minus) *value = -*value;
    return status;
  }

  absl::Status ReadNumber(double* value) {
    const std::string& text = in_.Next().text;
    const char* const end = text.data() + text.size();
    // Go's hexadecimal numbers have an exponent: 0x1.8p3.
    const bool hexadecimal =
        (text.starts_with("0x") || text.starts_with("0X")) && text.find_first_of("pP") != text.npos;
    const auto parsed = hexadecimal
                            ? std::from_chars(text.data() + 2, end, *value, std::chars_format::hex)
                            : std::from_chars(text.data(), end, *value);
    if (parsed.ptr == end) return absl::OkStatus();
    return ParseError(0, 0,
                      fmt::format("unable to parse literal as a float: strconv.ParseFloat: parsing "
                                  "\"{}\": invalid syntax",
                                  text));
  }

  TokenReader in_;
  PipelineParser pipeline_;
  RangeParser ranges_;
  int operators_ = 0;
};

}  // namespace

absl::StatusOr<Expr> ParseExpr(std::string_view query) {
  const absl::StatusOr<std::vector<Token>> tokens = Tokenize(query);
  if (!tokens.ok()) return tokens.status();
  return Parser(*tokens).Run();
}

absl::StatusOr<std::vector<model::Matcher>> ParseSelector(std::string_view text) {
  const absl::StatusOr<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return tokens.status();
  TokenReader in(*tokens);
  std::vector<model::Matcher> matchers;
  if (absl::Status status = PipelineParser(&in).ReadSelector(&matchers); !status.ok()) {
    return status;
  }
  if (!in.Is(TokenKind::kEnd)) return in.Unexpected();
  return matchers;
}

}  // namespace tidegate::logql
