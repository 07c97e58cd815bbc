// From a stage as it is written to what runs it.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_COMPILE_STAGE_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_COMPILE_STAGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// Errors: Pipeline::Compile.
absl::StatusOr<std::unique_ptr<StageRunner>> CompileStage(const Stage& stage,
                                                          const WantedFields* wanted);
// The stages that read fields from the line; null for every other stage.
absl::StatusOr<std::unique_ptr<StageRunner>> CompileParser(const Stage& stage,
                                                           const WantedFields* wanted);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_COMPILE_STAGE_H_
