#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

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

// What a query needs of lines, as stages that parse them ask for it.
class FieldNeed {
 public:
  explicit FieldNeed(const WantedFields* wanted)
      : wanted_(*wanted), preserves_errors_(!wanted->everything() && wanted->Wants(kErrorLabel)) {}

  // Whether stages in front have found all that is wanted.
  bool IsMet(const EntryLabels& labels) const {
    if (wanted_.everything()) return false;
    const std::vector<std::string>& names = wanted_.names();
    return std::all_of(names.begin(), names.end(),
                       [&labels](const std::string& name) { return labels.HasParsed(name); });
  }

  void Extract(const LineFields& fields, const char* error, EntryLabels* labels) const {
    for (const LineField& field : *fields.fields) labels->Extract(field.name, field.value);
    if (fields.complete) return;
    labels->SetError(error, fields.error);
    if (preserves_errors_) labels->PreserveError();
  }

 private:
  const WantedFields& wanted_;
  const bool preserves_errors_;
};

// A parser of lines that leaves the line as it is.
template <typename LineParser>
class FieldStage : public StageRunner {
 public:
  FieldStage(LineParser parser, const WantedFields* wanted, const char* error)
      : parser_(std::move(parser)), need_(wanted), error_(error) {}
  bool Run(StageEntry* entry) override {
    if (need_.IsMet(*entry->labels)) return true;
    need_.Extract(parser_.Parse(entry->line), error_, entry->labels);
    return true;
  }

 private:
  LineParser parser_;
  const FieldNeed need_;
  const char* const error_;
};

template <typename LineParser>
std::unique_ptr<StageRunner> FieldStageOf(LineParser parser, const WantedFields* wanted,
                                          const char* error = "") {
  return std::make_unique<FieldStage<LineParser>>(std::move(parser), wanted, error);
}

class UnpackStage : public StageRunner {
 public:
  explicit UnpackStage(const WantedFields* wanted) : parser_(wanted), need_(wanted) {}
  bool Run(StageEntry* entry) override {
    const UnpackedLine unpacked = parser_.Parse(entry->line);
    need_.Extract(unpacked.fields, kJsonError, entry->labels);
    entry->line = unpacked.line;
    return true;
  }

 private:
  UnpackParser parser_;
  const FieldNeed need_;
};

absl::Status BadExpression(const Extraction& extraction, const absl::Status& status) {
  const std::string why(status.message());
  return absl::InvalidArgumentError(
      fmt::format("cannot parse expression [{}]: {}", extraction.expression, why));
}

absl::StatusOr<std::unique_ptr<StageRunner>> CompileJson(const JsonParser& stage,
                                                         const WantedFields* wanted) {
  if (stage.extractions.empty()) return FieldStageOf(JsonFieldParser(wanted), wanted, kJsonError);
  std::vector<JsonPathField> fields;
  for (const Extraction& extraction : stage.extractions) {
    absl::StatusOr<FieldPath> path = ParseJsonPath(extraction.expression);
    if (!path.ok()) return BadExpression(extraction, path.status());
    fields.push_back({extraction.label, *std::move(path)});
  }
  return FieldStageOf(JsonPathParser(std::move(fields)), wanted, kJsonError);
}

absl::StatusOr<std::unique_ptr<StageRunner>> CompileLogfmt(const LogfmtParser& stage,
                                                           const WantedFields* wanted) {
  const LogfmtOptions options{stage.strict, stage.keep_empty};
  if (stage.extractions.empty()) {
    return FieldStageOf(LogfmtFieldParser(options, wanted), wanted, kLogfmtError);
  }
  std::vector<LogfmtKeyField> fields;
  for (const Extraction& extraction : stage.extractions) {
    absl::StatusOr<std::string> key = ParseLogfmtKey(extraction.expression);
    if (!key.ok()) return BadExpression(extraction, key.status());
    fields.push_back({extraction.label, *std::move(key)});
  }
  return FieldStageOf(LogfmtKeyParser(options, std::move(fields)), wanted, kLogfmtError);
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
    return FieldStageOf(*std::move(parser), wanted);
  }
  if (const auto* pattern = std::get_if<PatternParser>(&stage)) {
    absl::StatusOr<std::vector<PatternNode>> nodes = ParseFieldPattern(pattern->pattern);
    if (!nodes.ok()) return nodes.status();
    return FieldStageOf(PatternFieldParser(*std::move(nodes), wanted), wanted);
  }
  return nullptr;
}

}  // namespace tidegate::logql
