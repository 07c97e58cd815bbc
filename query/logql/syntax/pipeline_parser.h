// Selectors and the stages behind them.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_PIPELINE_PARSER_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_PIPELINE_PARSER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "query/logql/syntax/ast.h"
#include "query/logql/syntax/token_reader.h"

namespace tidegate::logql {

// Reads from a TokenReader that others read from too. Owned by one thread.
class PipelineParser {
 public:
  explicit PipelineParser(TokenReader* in) : in_(*in) {}

  absl::Status ReadSelector(std::vector<model::Matcher>* matchers);
  // Whether a stage (or `| unwrap`) comes next.
  bool AtStage() const;
  // All stages up to what is none, and up to `| unwrap`, of which the bar is taken: true then.
  absl::StatusOr<bool> ReadStages(std::vector<Stage>* stages);
  // What follows `| unwrap`.
  absl::Status ReadUnwrap(Unwrap* unwrap);

 private:
  absl::Status ReadMatcher(model::Matcher* matcher);
  absl::Status ReadLineFilter(LineFilterOp op, LineFilter* filter);
  absl::Status ReadAlternative(LineFilterOp op, LineFilter* filter);
  absl::StatusOr<Stage> ReadStage();
  absl::StatusOr<Stage> ReadLogfmt();
  absl::StatusOr<Stage> ReadLabelFormat();
  absl::Status ReadExtractions(std::vector<Extraction>* extractions);
  absl::Status ReadChoices(std::vector<LabelChoice>* choices);

  absl::StatusOr<LabelFilterPtr> ReadLabelFilter(int depth);
  absl::StatusOr<LabelFilterPtr> ReadLabelFilterTerm(int depth);
  absl::StatusOr<LabelFilterPtr> ReadLabelTest(int depth);
  absl::StatusOr<LabelFilterPtr> ReadComparison(std::string label, const std::string& op);
  bool AtLabelTest() const { return in_.Is(TokenKind::kIdentifier) || in_.IsSymbol("("); }

  TokenReader& in_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_PIPELINE_PARSER_H_
