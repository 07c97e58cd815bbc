// LogQL expressions as trees. Built by parser.h; immutable afterwards.
//
// The grammar is Loki's (pkg/logql/syntax/syntax.y).
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_AST_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/matcher.h"

namespace tidegate::logql {

// --- Pipelines ---

enum class LineFilterOp : uint8_t {
  kContains,     // |=
  kContainsNot,  // !=
  kMatches,      // |~
  kMatchesNot,   // !~
  kPattern,      // |>
  kPatternNot,   // !>
};

// `|= "a" or ip("b")`: one of the alternatives must be found; with a negative operator, none.
struct LineFilter {
  struct Alternative {
    std::string text;
    bool is_ip = false;
  };
  LineFilterOp op = LineFilterOp::kContains;
  std::vector<Alternative> alternatives;  // At least one.
};

enum class CompareOp : uint8_t { kEqual, kNotEqual, kGreater, kGreaterEqual, kLess, kLessEqual };

struct LabelFilter;
using LabelFilterPtr = std::unique_ptr<const LabelFilter>;

// A label against a number, a duration (nanoseconds) or a size (bytes).
struct LabelComparison {
  enum class Unit : uint8_t { kNumber, kDuration, kBytes };
  std::string label;
  CompareOp op = CompareOp::kEqual;
  Unit unit = Unit::kNumber;
  double value = 0;
  std::string literal;  // As written.
};

struct LabelIpFilter {
  std::string label;
  bool negated = false;
  std::string pattern;
};

struct LabelFilterPair {
  bool is_or = false;  // Otherwise both must hold.
  LabelFilterPtr left, right;
};

struct LabelFilter {
  std::variant<model::Matcher, LabelComparison, LabelIpFilter, LabelFilterPair> test;
};

// `name` or `name="expression"` behind json and logfmt; without an expression it is the name.
struct Extraction {
  std::string label;
  std::string expression;
};

struct JsonParser {
  std::vector<Extraction> extractions;  // Empty: everything.
};
struct LogfmtParser {
  bool strict = false;
  bool keep_empty = false;
  std::vector<Extraction> extractions;
};
struct RegexpParser {
  std::string expression;
};
struct PatternParser {
  std::string pattern;
};
struct Unpack {};
struct LineFormat {
  std::string format;
};
struct LabelFormat {
  struct Assignment {
    std::string label;
    bool is_rename = false;  // `value` names a label; otherwise it is a template.
    std::string value;
  };
  std::vector<Assignment> assignments;
};
struct Decolorize {};
// A label by name, or only when a matcher holds.
struct LabelChoice {
  std::string label;
  std::optional<model::Matcher> matcher;
};
struct DropLabels {
  std::vector<LabelChoice> labels;
};
struct KeepLabels {
  std::vector<LabelChoice> labels;
};

using Stage =
    std::variant<LineFilter, JsonParser, LogfmtParser, RegexpParser, PatternParser, Unpack,
                 LabelFilterPtr, LineFormat, LabelFormat, Decolorize, DropLabels, KeepLabels>;

// A selector and what happens to its lines, in order.
struct LogExpr {
  std::vector<model::Matcher> matchers;
  std::vector<Stage> stages;
};

// --- Metric queries ---

enum class UnwrapConversion : uint8_t { kNone, kBytes, kDuration };

struct Unwrap {
  std::string label;
  UnwrapConversion conversion = UnwrapConversion::kNone;
  std::vector<LabelFilterPtr> filters;  // Behind it.
};

struct LogRange {
  LogExpr log;
  int64_t range_ns = 0;
  int64_t offset_ns = 0;
  std::optional<Unwrap> unwrap;
};

struct Grouping {
  bool without = false;
  std::vector<std::string> labels;
};

enum class RangeOp : uint8_t {
  kCount,
  kRate,
  kRateCounter,
  kBytes,
  kBytesRate,
  kAvg,
  kSum,
  kMin,
  kMax,
  kStdvar,
  kStddev,
  kQuantile,
  kFirst,
  kLast,
  kAbsent,
};

enum class VectorOp : uint8_t {
  kSum,
  kAvg,
  kMin,
  kMax,
  kCount,
  kStddev,
  kStdvar,
  kTopK,
  kBottomK,
  kApproxTopK,
  kSort,
  kSortDesc,
};

enum class BinaryOp : uint8_t {
  kOr,
  kAnd,
  kUnless,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual,
  kLess,
  kLessEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
};

struct SampleExpr;
using SampleExprPtr = std::unique_ptr<const SampleExpr>;

struct RangeAggregation {
  RangeOp op = RangeOp::kCount;
  std::optional<double> parameter;  // The quantile.
  LogRange range;
  std::optional<Grouping> grouping;
};

struct VectorAggregation {
  VectorOp op = VectorOp::kSum;
  int64_t parameter = 0;  // k of topk, bottomk and approx_topk.
  std::optional<Grouping> grouping;
  SampleExprPtr inner;
};

enum class MatchCardinality : uint8_t { kOneToOne, kManyToOne, kOneToMany };

struct BinaryExpr {
  BinaryOp op = BinaryOp::kAdd;
  bool return_bool = false;
  std::optional<bool> on;  // true: on(labels), false: ignoring(labels).
  std::vector<std::string> matching_labels;
  MatchCardinality cardinality = MatchCardinality::kOneToOne;
  std::vector<std::string> include;  // Of group_left and group_right.
  SampleExprPtr left, right;
};

struct LabelReplaceExpr {
  SampleExprPtr inner;
  std::string destination, replacement, source, regex;
};

struct VectorExpr {
  double value = 0;
};

struct LiteralExpr {
  double value = 0;
};

struct SampleExpr {
  std::variant<RangeAggregation, VectorAggregation, BinaryExpr, LabelReplaceExpr, VectorExpr,
               LiteralExpr>
      node;
};

using Expr = std::variant<LogExpr, SampleExprPtr>;

// How tight an operator binds: 1 (or) to 6 (^). Powers group from the right, the others from the
// left.
int LevelOf(BinaryOp op);

// The words and signs of the language: "count_over_time", "topk", ">=", "|=".
const char* Name(RangeOp op);
const char* Name(VectorOp op);
const char* Name(BinaryOp op);
const char* Name(CompareOp op);
const char* Name(LineFilterOp op);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_AST_H_
