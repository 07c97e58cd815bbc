#include "query/logql/syntax/arithmetic.h"

#include <cmath>

namespace tidegate::logql {

double Calculate(BinaryOp op, double left, double right) {
  switch (op) {
    case BinaryOp::kEqual:
      return left == right;
    case BinaryOp::kNotEqual:
      return left != right;
    case BinaryOp::kGreater:
      return left > right;
    case BinaryOp::kGreaterEqual:
      return left >= right;
    case BinaryOp::kLess:
      return left < right;
    case BinaryOp::kLessEqual:
      return left <= right;
    case BinaryOp::kAdd:
      return left + right;
    case BinaryOp::kSubtract:
      return left - right;
    case BinaryOp::kMultiply:
      return left * right;
    case BinaryOp::kDivide:
      return right == 0 ? NAN : left / right;
    case BinaryOp::kModulo:
      return right == 0 ? NAN : std::fmod(left, right);
    default:
      return std::pow(left, right);
  }
}

bool IsComparison(BinaryOp op) { return op >= BinaryOp::kEqual && op <= BinaryOp::kLessEqual; }

}  // namespace tidegate::logql
