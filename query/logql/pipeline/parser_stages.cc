#include <utility>

#include "query/logql/lines/field_path.h"
#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/json_paths.h"
#include "query/logql/lines/line_pattern.h"
#include "query/logql/lines/logfmt_fields.h"
#include "query/logql/lines/logfmt_keys.h"
#include "query/logql/lines/regexp_fields.h"
#include "query/logql/lines/unpack.h"
#include "query/logql/pipeline/compile_stage.h"
#include "query/logql/syntax/lexer.h"

namespace tidegate::logql {
namespace {

constexpr const char* kJsonError = "JSONParserErr";
constexpr const char* kLogfmtError = "LogfmtParserErr";

void Extract(const LineFields& fields, const char* error, EntryLabels* labels) {
  for (const LineField& field : *fields.fields) labels->Extract(field.name, field.value);
  if (!fields.complete) labels->SetError(error, fields.error);
}

// A parser of lines that leaves the line as it is.
template <typename LineParser>
class FieldStage : public StageRunner {
 public:
  FieldStage(LineParser parser, const char* error) : parser_(std::move(parser)), error_(error) {}
  bool Run(StageEntry* entry) override {
    Extract(parser_.Parse(entry->line), error_, entry->labels);
    return true;
  }

 private:
  LineParser parser_;
  const char* const error_;
};

template <typename LineParser>
std::unique_ptr<StageRunner> FieldStageOf(LineParser parser, const char* error = "") {
  return std::make_unique<FieldStage<LineParser>>(std::move(parser), error);
}

class UnpackStage : public StageRunner {
 public:
  explicit UnpackStage(const WantedFields* wanted) : parser_(wanted) {}
  bool Run(StageEntry* entry) override {
    const UnpackedLine unpacked = parser_.Parse(entry->line);
    Extract(unpacked.fields, kJsonError, entry->labels);
    entry->line = unpacked.line;
    return true;
  }

 private:
  UnpackParser parser_;
};

absl::StatusOr<std::unique_ptr<StageRunner>> CompileJson(const JsonParser& stage,
                                                         const WantedFields* wanted) {
  if (stage.extractions.empty()) return FieldStageOf(JsonFieldParser(wanted), kJsonError);
  std::vector<JsonPathField> fields;
  for (const Extraction& extraction : stage.extractions) {
    absl::StatusOr<FieldPath> path = ParseJsonPath(extraction.expression);
    if (!path.ok()) return path.status();
    fields.push_back({extraction.label, *std::move(path)});
  }
  return FieldStageOf(JsonPathParser(std::move(fields)), kJsonError);
}

absl::StatusOr<std::unique_ptr<StageRunner>> CompileLogfmt(const LogfmtParser& stage,
                                                           const WantedFields* wanted) {
  const LogfmtOptions options{stage.strict, stage.keep_empty};
  if (stage.extractions.empty()) {
    return FieldStageOf(LogfmtFieldParser(options, wanted), kLogfmtError);
  }
  std::vector<LogfmtKeyField> fields;
  for (const Extraction& extraction : stage.extractions) {
    absl::StatusOr<std::string> key = ParseLogfmtKey(extraction.expression);
    if (!key.ok()) return key.status();
    fields.push_back({extraction.label, *std::move(key)});
  }
  return FieldStageOf(LogfmtKeyParser(options, std::move(fields)), kLogfmtError);
}

}  // namespace

absl::StatusOr<std::unique_ptr<StageRunner>> CompileParser(const Stage& stage,
                                                           const WantedFields* wanted) {
  if (const auto* json = std::get_if<JsonParser>(&stage)) return CompileJson(*json, wanted);
  if (const auto* logfmt = std::get_if<LogfmtParser>(&stage)) return CompileLogfmt(*logfmt, wanted);
  if (std::holds_alternative<Unpack>(stage)) return std::make_unique<UnpackStage>(wanted);
  if (const auto* regexp = std::get_if<RegexpParser>(&stage)) {
    absl::StatusOr<RegexpFieldParser> parser =
        RegexpFieldParser::Create(regexp->expression, wanted);
    if (!parser.ok()) return parser.status();
    return FieldStageOf(*std::move(parser));
  }
  if (const auto* pattern = std::get_if<PatternParser>(&stage)) {
    absl::StatusOr<std::vector<PatternNode>> nodes = ParseFieldPattern(pattern->pattern);
    if (!nodes.ok()) return nodes.status();
    return FieldStageOf(PatternFieldParser(*std::move(nodes), wanted));
  }
  return nullptr;
}

}  // namespace tidegate::logql
