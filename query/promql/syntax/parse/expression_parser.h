// Recursive descent over the grammar of expressions; operators by precedence climbing.
//
// Every Parse function reads one construct and returns it, or returns nothing after a fault has
// been recorded in the reader. A few faults need no type knowledge and are found here (a range on a
// sum, an offset given twice); what depends on types is left to type_check.h.
//
// Owned by one thread, for one text.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_EXPRESSION_PARSER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_EXPRESSION_PARSER_H_

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/promql/syntax/ast.h"
#include "query/promql/syntax/parse/token_reader.h"

namespace tidegate::promql {

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text);

  // The whole text as one expression, or as one selector. Call one of them, once.
  ExprPtr ParseExpression();
  std::unique_ptr<VectorSelector> ParseSelector();

  // Only after a null result.
  const ParseError& error() const { return reader_.error(); }

 private:
  // Levels of the operator grammar, loosest first. A sign binds like kMultiplicative.
  enum Precedence { kOr = 1, kAnd, kComparison, kAdditive, kMultiplicative, kPower };

  struct BinaryOperator {
    BinaryOp op;
    Precedence precedence;
  };
  static std::optional<BinaryOperator> BinaryOperatorOf(TokenType type);
  static std::optional<AggregateOp> AggregateOpOf(TokenType type);

  // Counts the recursion that is under way.
  class NestingGuard;

  // expression_parser.cc: operators, operands, calls, aggregations.
  ExprPtr ParseBinary(int min_precedence);
  ExprPtr ParseUnary();
  ExprPtr ParsePrimary();
  ExprPtr ParseParen();
  ExprPtr ParseNamed();
  ExprPtr ParseCall(const Token& name);
  ExprPtr ParseAggregate(const Token& name, AggregateOp op);
  ExprPtr FinishAggregate(std::unique_ptr<AggregateExpr> node, std::vector<ExprPtr> args);
  bool ParseArguments(std::vector<ExprPtr>* args);
  bool CanStartExpression();
  ExprPtr ParseStringLiteral();

  // binary_modifiers.cc: what stands between an operator and its right operand.
  bool ParseBinaryModifiers(BinaryExpr* node);
  bool ParseFillModifiers(VectorMatching* matching);
  bool ParseFillValue(std::optional<double>* value);
  bool ParseGroupingLabels(std::vector<std::string>* labels);
  bool ParseGroupingLabel(std::vector<std::string>* labels);

  // selector_parser.cc: selectors and what follows them.
  std::unique_ptr<VectorSelector> ParseVectorSelector(std::optional<Token> name);
  bool ParseMatchers(VectorSelector* selector);
  bool ParseMatcher(std::vector<model::Matcher>* matchers);
  bool ParseMatcherValue(const Token& name_token, std::string name, const Token& op,
                         std::vector<model::Matcher>* matchers);
  ExprPtr ParsePostfix(ExprPtr expr);
  ExprPtr ParseBrackets(ExprPtr expr);
  ExprPtr FinishRange(ExprPtr expr, PositionRange brackets, DurationSpec range);
  bool ParseOffset(Expr* expr);
  bool ParseAt(Expr* expr);
  bool SetTimestamp(Expr* expr, double seconds);
  TimeModifiers* AtTarget(Expr* expr);
  bool ParseExtension(Expr* expr);

  // duration_parser.cc: durations in brackets and after offset.
  ExprPtr ParseDuration(int min_precedence);
  ExprPtr ParseSignedDuration();
  ExprPtr ParseDurationOperand();
  ExprPtr ParseDurationCall();
  ExprPtr ParseDurationParen();
  ExprPtr ParseOffsetDuration();
  ExprPtr Negate(const Token& sign, ExprPtr operand);
  ExprPtr CheckDurationRange(std::unique_ptr<NumberLiteral> literal, PositionRange blame);
  // A duration that must be positive, if it is constant.
  std::optional<DurationSpec> ParsePositiveDuration();
  static DurationSpec ToSpec(ExprPtr duration);

  // Literals.
  std::unique_ptr<NumberLiteral> ParseNumberLiteral();
  std::optional<std::string> UnquoteToken(const Token& token);

  // Sets the height of a node from its children. False after a fault: the tree is too tall.
  bool MeasureHeight(Expr* node, std::initializer_list<const Expr*> children);
  bool MeasureHeight(Expr* node, const std::vector<ExprPtr>& children);

  TokenReader reader_;
  int nesting_ = 0;
};

class ExpressionParser::NestingGuard {
 public:
  explicit NestingGuard(ExpressionParser* parser);
  ~NestingGuard() { --parser_->nesting_; }
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;

  // False after a fault has been recorded: too deep.
  bool ok() const { return ok_; }

 private:
  ExpressionParser* const parser_;
  bool ok_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_PARSE_EXPRESSION_PARSER_H_
