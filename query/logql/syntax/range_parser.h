// What range aggregations read: a selector, its stages, and how far they look back.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_RANGE_PARSER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_RANGE_PARSER_H_

#include "absl/status/status.h"
#include "query/logql/syntax/ast.h"
#include "query/logql/syntax/pipeline_parser.h"
#include "query/logql/syntax/token_reader.h"

namespace tidegate::logql {

// Reads from a TokenReader that others read from too. Owned by one thread.
class RangeParser {
 public:
  explicit RangeParser(TokenReader* in) : in_(*in), pipeline_(in) {}

  // The duration may stand before the stages, behind them, and behind parentheses around both.
  absl::Status Read(LogRange* range);

 private:
  absl::Status ReadPart(LogRange* range, int depth);
  absl::Status ReadDuration(LogRange* range);
  absl::Status ReadStages(LogRange* range);

  TokenReader& in_;
  PipelineParser pipeline_;
  bool has_duration_ = false;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_RANGE_PARSER_H_
