// bool, on() / ignoring(), group_left() / group_right(), fill(): what stands between a binary
// operator and its right operand. Also the label lists, which aggregations use too.
#include <utility>

#include "fmt/format.h"
#include "model/labels.h"
#include "model/quote.h"
#include "query/promql/syntax/parse/expression_parser.h"

namespace tidegate::promql {

bool ExpressionParser::ParseBinaryModifiers(BinaryExpr* node) {
  node->return_bool = reader_.TakeIf(TokenType::kBool);
  VectorMatching& matching = node->matching.emplace();
  const TokenType clause = reader_.Peek().type;
  if (clause == TokenType::kOn || clause == TokenType::kIgnoring) {
    reader_.Take();
    matching.on = clause == TokenType::kOn;
    if (!ParseGroupingLabels(&matching.labels)) return false;
    const TokenType group = reader_.Peek().type;
    if (group == TokenType::kGroupLeft || group == TokenType::kGroupRight) {
      reader_.Take();
      matching.cardinality = group == TokenType::kGroupLeft ? MatchCardinality::kManyToOne
                                                            : MatchCardinality::kOneToMany;
      if (reader_.NextIs(TokenType::kLeftParen) && !ParseGroupingLabels(&matching.include)) {
        return false;
      }
    }
  }
  return ParseFillModifiers(&matching);
}

// fill(v) for both sides, or fill_left(v) and fill_right(v) in either order.
bool ExpressionParser::ParseFillModifiers(VectorMatching* matching) {
  if (reader_.TakeIf(TokenType::kFill)) {
    if (!ParseFillValue(&matching->fill_left)) return false;
    matching->fill_right = matching->fill_left;
    return true;
  }
  const auto parse_side = [this, matching](TokenType side) {
    if (!reader_.TakeIf(side)) return true;
    return ParseFillValue(side == TokenType::kFillLeft ? &matching->fill_left
                                                       : &matching->fill_right);
  };
  const bool right_first = reader_.NextIs(TokenType::kFillRight);
  return right_first ? parse_side(TokenType::kFillRight) && parse_side(TokenType::kFillLeft)
                     : parse_side(TokenType::kFillLeft) && parse_side(TokenType::kFillRight);
}

bool ExpressionParser::ParseFillValue(std::optional<double>* value) {
  if (!reader_.Expect(TokenType::kLeftParen).has_value()) return false;
  const bool negative = reader_.NextIs(TokenType::kSub);
  if (negative || reader_.NextIs(TokenType::kAdd)) reader_.Take();
  if (!reader_.NextIs(TokenType::kNumber) && !reader_.NextIs(TokenType::kDuration)) {
    return reader_.Unexpected();
  }
  const std::unique_ptr<NumberLiteral> number = ParseNumberLiteral();
  if (number == nullptr) return false;
  *value = negative ? -number->value : number->value;
  return reader_.Expect(TokenType::kRightParen).has_value();
}

bool ExpressionParser::ParseGroupingLabels(std::vector<std::string>* labels) {
  constexpr std::string_view kPlace = "grouping opts";
  TokenReader::InContext context(&reader_, {.place = kPlace, .expected = "\"(\""});
  if (!reader_.Expect(TokenType::kLeftParen).has_value()) return false;
  while (true) {
    context.Set({.place = kPlace, .expected = "label"});
    // An empty list, or a comma behind the last label.
    if (reader_.TakeIf(TokenType::kRightParen)) return true;
    if (!ParseGroupingLabel(labels)) return false;
    context.Set({.place = kPlace, .expected = "\",\" or \")\""});
    if (reader_.TakeIf(TokenType::kRightParen)) return true;
    if (!reader_.Expect(TokenType::kComma).has_value()) return false;
  }
}

bool ExpressionParser::ParseGroupingLabel(std::vector<std::string>* labels) {
  const bool quoted = reader_.NextIs(TokenType::kString);
  if (!quoted && !CanBeGroupingLabel(reader_.Peek().type)) return reader_.Unexpected();
  const Token token = reader_.Take();
  std::optional<std::string> label = std::string(token.text);
  if (quoted) label = UnquoteToken(token);
  if (!label.has_value()) return false;
  if (label->empty() || !model::IsValidUtf8(*label)) {
    return reader_.Fail(PositionOf(token),
                        fmt::format("invalid label name for grouping: {}", model::Quoted(*label)));
  }
  labels->push_back(*std::move(label));
  return true;
}

}  // namespace tidegate::promql
