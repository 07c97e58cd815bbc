#include "query/logql/syntax/ast.h"

#include <cstddef>

namespace tidegate::logql {
namespace {

// In the order of the enums.
constexpr const char* kRangeOps[] = {"count_over_time",  "rate",
                                     "rate_counter",     "bytes_over_time",
                                     "bytes_rate",       "avg_over_time",
                                     "sum_over_time",    "min_over_time",
                                     "max_over_time",    "stdvar_over_time",
                                     "stddev_over_time", "quantile_over_time",
                                     "first_over_time",  "last_over_time",
                                     "absent_over_time"};
constexpr const char* kVectorOps[] = {"sum",     "avg",         "min",    "max",
                                      "count",   "stddev",      "stdvar", "topk",
                                      "bottomk", "approx_topk", "sort",   "sort_desc"};
constexpr const char* kBinaryOps[] = {"or", "and", "unless", "==", "!=", ">", ">=", "<",
                                      "<=", "+",   "-",      "*",  "/",  "%", "^"};
constexpr const char* kCompareOps[] = {"==", "!=", ">", ">=", "<", "<="};
constexpr const char* kLineFilterOps[] = {"|=", "!=", "|~", "!~", "|>", "!>"};

}  // namespace

int LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kOr:
      return 1;
    case BinaryOp::kAnd:
    case BinaryOp::kUnless:
      return 2;
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
      return 4;
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
      return 5;
    case BinaryOp::kPower:
      return 6;
    default:
      return 3;  // Comparisons.
  }
}

const char* Name(RangeOp op) { return kRangeOps[static_cast<size_t>(op)]; }
const char* Name(VectorOp op) { return kVectorOps[static_cast<size_t>(op)]; }
const char* Name(BinaryOp op) { return kBinaryOps[static_cast<size_t>(op)]; }
const char* Name(CompareOp op) { return kCompareOps[static_cast<size_t>(op)]; }
const char* Name(LineFilterOp op) { return kLineFilterOps[static_cast<size_t>(op)]; }

}  // namespace tidegate::logql
