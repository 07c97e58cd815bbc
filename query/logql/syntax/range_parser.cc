#include "query/logql/syntax/range_parser.h"

#include "query/logql/syntax/parser.h"

namespace tidegate::logql {

absl::Status RangeParser::Read(LogRange* range) {
  has_duration_ = false;
  if (absl::Status status = ReadPart(range, 0); !status.ok()) return status;
  return has_duration_ ? absl::OkStatus() : in_.Unexpected("RANGE");
}

absl::Status RangeParser::ReadPart(LogRange* range, int depth) {
  if (depth > kMaxDepth) return ParseError(0, 0, "the query is nested too deeply");
  const bool parentheses = in_.TakeSymbol("(");
  absl::Status status =
      parentheses ? ReadPart(range, depth + 1) : pipeline_.ReadSelector(&range->log.matchers);
  if (status.ok() && parentheses) status = in_.ExpectSymbol(")");
  // Stages follow a selector at once, or a duration.
  bool stages_allowed = !parentheses;
  while (status.ok()) {
    if (in_.Is(TokenKind::kRange) && !has_duration_) {
      status = ReadDuration(range);
      stages_allowed = true;
    } else if (stages_allowed && pipeline_.AtStage() && !range->unwrap.has_value()) {
      status = ReadStages(range);
    } else {
      return absl::OkStatus();
    }
  }
  return status;
}

absl::Status RangeParser::ReadDuration(LogRange* range) {
  range->range_ns = in_.Next().ns;
  has_duration_ = true;
  if (!in_.TakeKeyword("offset")) return absl::OkStatus();
  if (!in_.Is(TokenKind::kDuration)) return in_.Unexpected("DURATION");
  range->offset_ns = in_.Next().ns;
  return absl::OkStatus();
}

absl::Status RangeParser::ReadStages(LogRange* range) {
  const absl::StatusOr<bool> at_unwrap = pipeline_.ReadStages(&range->log.stages);
  if (!at_unwrap.ok()) return at_unwrap.status();
  if (!*at_unwrap) return absl::OkStatus();
  return pipeline_.ReadUnwrap(&range->unwrap.emplace());
}

}  // namespace tidegate::logql
