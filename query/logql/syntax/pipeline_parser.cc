#include "query/logql/syntax/pipeline_parser.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "query/logql/syntax/parser.h"

namespace tidegate::logql {
namespace {

struct LineFilterSign {
  std::string_view text;
  LineFilterOp op;
};
constexpr LineFilterSign kLineFilterSigns[] = {
    {"|=", LineFilterOp::kContains}, {"!=", LineFilterOp::kContainsNot},
    {"|~", LineFilterOp::kMatches},  {"!~", LineFilterOp::kMatchesNot},
    {"|>", LineFilterOp::kPattern},  {"!>", LineFilterOp::kPatternNot}};

struct MatchSign {
  std::string_view text;
  model::MatchType type;
};
constexpr MatchSign kMatchSigns[] = {{"=", model::MatchType::kEqual},
                                     {"!=", model::MatchType::kNotEqual},
                                     {"=~", model::MatchType::kRegex},
                                     {"!~", model::MatchType::kNotRegex}};

struct CompareSign {
  std::string_view text;
  CompareOp op;
};
constexpr CompareSign kCompareSigns[] = {
    {"=", CompareOp::kEqual},     {"==", CompareOp::kEqual}, {"!=", CompareOp::kNotEqual},
    {">", CompareOp::kGreater},   {"<", CompareOp::kLess},   {">=", CompareOp::kGreaterEqual},
    {"<=", CompareOp::kLessEqual}};

std::optional<LineFilterOp> LineFilterOpOf(const Token& token) {
  if (token.kind != TokenKind::kSymbol) return std::nullopt;
  for (const LineFilterSign& sign : kLineFilterSigns) {
    if (sign.text == token.text) return sign.op;
  }
  return std::nullopt;
}

std::optional<model::MatchType> MatchTypeOf(const Token& token) {
  if (token.kind != TokenKind::kSymbol) return std::nullopt;
  for (const MatchSign& sign : kMatchSigns) {
    if (sign.text == token.text) return sign.type;
  }
  return std::nullopt;
}

LabelFilterPtr Filter(decltype(LabelFilter::test) test) {
  auto filter = std::make_unique<LabelFilter>();
  filter->test = std::move(test);
  return filter;
}

LabelFilterPtr Pair(bool is_or, LabelFilterPtr left, LabelFilterPtr right) {
  return Filter(LabelFilterPair{is_or, std::move(left), std::move(right)});
}

bool IsRegex(model::MatchType type) {
  return type == model::MatchType::kRegex || type == model::MatchType::kNotRegex;
}

absl::Status CheckRegex(const std::string& expression) {
  const re2::RE2 regex(expression, re2::RE2::Quiet);
  if (regex.ok()) return absl::OkStatus();
  return ParseError(0, 0, fmt::format("error parsing regexp: {}", regex.error()));
}

// At least one named group, and no name twice.
absl::Status CheckNamedGroups(const std::string& expression) {
  if (absl::Status status = CheckRegex(expression); !status.ok()) return status;
  const re2::RE2 regex(expression, re2::RE2::Quiet);
  if (regex.NamedCapturingGroups().empty()) {
    return ParseError(0, 0, "at least one named capture must be supplied");
  }
  if (regex.NamedCapturingGroups().size() != regex.CapturingGroupNames().size()) {
    return ParseError(0, 0, "duplicate extracted label name in the regular expression");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PipelineParser::ReadMatcher(model::Matcher* matcher) {
  if (absl::Status status = in_.ExpectIdentifier(&matcher->name); !status.ok()) return status;
  const auto type = MatchTypeOf(in_.peek());
  if (!type.has_value()) return in_.Unexpected("=, !=, =~ or !~");
  in_.Next();
  matcher->type = *type;
  if (absl::Status status = in_.ExpectString(&matcher->value); !status.ok()) return status;
  return IsRegex(*type) ? CheckRegex(matcher->value) : absl::OkStatus();
}

absl::Status PipelineParser::ReadSelector(std::vector<model::Matcher>* matchers) {
  if (absl::Status status = in_.ExpectSymbol("{"); !status.ok()) return status;
  while (!in_.IsSymbol("}")) {
    if (!matchers->empty() && !in_.TakeSymbol(",")) return in_.Unexpected("} or ,");
    if (absl::Status status = ReadMatcher(&matchers->emplace_back()); !status.ok()) return status;
  }
  in_.Next();
  return absl::OkStatus();
}

bool PipelineParser::AtStage() const {
  return in_.IsSymbol("|") || LineFilterOpOf(in_.peek()).has_value();
}

absl::StatusOr<bool> PipelineParser::ReadStages(std::vector<Stage>* stages) {
  while (AtStage()) {
    if (const auto op = LineFilterOpOf(in_.peek())) {
      in_.Next();
      LineFilter filter;
      if (absl::Status status = ReadLineFilter(*op, &filter); !status.ok()) return status;
      stages->push_back(std::move(filter));
      continue;
    }
    in_.Next();
    if (in_.TakeKeyword("unwrap")) return true;
    absl::StatusOr<Stage> stage = ReadStage();
    if (!stage.ok()) return stage.status();
    stages->push_back(*std::move(stage));
  }
  return false;
}

absl::Status PipelineParser::ReadLineFilter(LineFilterOp op, LineFilter* filter) {
  filter->op = op;
  do {
    if (absl::Status status = ReadAlternative(op, filter); !status.ok()) return status;
  } while (in_.TakeKeyword("or"));
  return absl::OkStatus();
}

absl::Status PipelineParser::ReadAlternative(LineFilterOp op, LineFilter* filter) {
  LineFilter::Alternative& alternative = filter->alternatives.emplace_back();
  if (in_.IsFunction("ip")) {
    in_.Next();
    alternative.is_ip = true;
    if (op != LineFilterOp::kContains && op != LineFilterOp::kContainsNot) {
      return ParseError(0, 0, "ip: invalid operation");
    }
    return in_.ExpectStringInParentheses(&alternative.text);
  }
  if (!in_.Is(TokenKind::kString)) return in_.Unexpected("STRING or ip");
  alternative.text = in_.Next().text;
  const bool regex = op == LineFilterOp::kMatches || op == LineFilterOp::kMatchesNot;
  return regex ? CheckRegex(alternative.text) : absl::OkStatus();
}

absl::StatusOr<Stage> PipelineParser::ReadStage() {
  absl::Status status;
  if (in_.TakeKeyword("json")) {
    JsonParser json;
    if (in_.Is(TokenKind::kIdentifier)) status = ReadExtractions(&json.extractions);
    if (!status.ok()) return status;
    return json;
  }
  if (in_.TakeKeyword("logfmt")) return ReadLogfmt();
  if (in_.TakeKeyword("regexp")) {
    RegexpParser regexp;
    status = in_.ExpectString(&regexp.expression);
    if (status.ok()) status = CheckNamedGroups(regexp.expression);
    if (!status.ok()) return status;
    return regexp;
  }
  if (in_.TakeKeyword("pattern")) {
    PatternParser pattern;
    if (status = in_.ExpectString(&pattern.pattern); !status.ok()) return status;
    return pattern;
  }
  if (in_.TakeKeyword("unpack")) return Unpack();
  if (in_.TakeKeyword("decolorize")) return Decolorize();
  if (in_.TakeKeyword("line_format")) {
    LineFormat format;
    if (status = in_.ExpectString(&format.format); !status.ok()) return status;
    return format;
  }
  if (in_.TakeKeyword("label_format")) return ReadLabelFormat();
  if (in_.TakeKeyword("drop")) {
    DropLabels drop;
    if (status = ReadChoices(&drop.labels); !status.ok()) return status;
    return drop;
  }
  if (in_.TakeKeyword("keep")) {
    KeepLabels keep;
    if (status = ReadChoices(&keep.labels); !status.ok()) return status;
    return keep;
  }
  absl::StatusOr<LabelFilterPtr> filter = ReadLabelFilter(0);
  if (!filter.ok()) return filter.status();
  return Stage(*std::move(filter));
}

absl::StatusOr<Stage> PipelineParser::ReadLogfmt() {
  LogfmtParser logfmt;
  while (in_.Is(TokenKind::kFlag)) {
    (in_.Next().text == "strict" ? logfmt.strict : logfmt.keep_empty) = true;
  }
  if (!in_.Is(TokenKind::kIdentifier)) return logfmt;
  if (absl::Status status = ReadExtractions(&logfmt.extractions); !status.ok()) return status;
  return logfmt;
}

absl::Status PipelineParser::ReadExtractions(std::vector<Extraction>* extractions) {
  do {
    Extraction& extraction = extractions->emplace_back();
    if (absl::Status status = in_.ExpectIdentifier(&extraction.label); !status.ok()) return status;
    extraction.expression = extraction.label;
    if (!in_.TakeSymbol("=")) continue;
    if (absl::Status status = in_.ExpectString(&extraction.expression); !status.ok()) {
      return status;
    }
  } while (in_.TakeSymbol(","));
  return absl::OkStatus();
}

absl::StatusOr<Stage> PipelineParser::ReadLabelFormat() {
  LabelFormat format;
  std::set<std::string> seen;
  do {
    LabelFormat::Assignment& one = format.assignments.emplace_back();
    absl::Status status = in_.ExpectIdentifier(&one.label);
    if (status.ok()) status = in_.ExpectSymbol("=");
    if (!status.ok()) return status;
    one.is_rename = in_.Is(TokenKind::kIdentifier);
    if (!one.is_rename && !in_.Is(TokenKind::kString))
      return in_.Unexpected("STRING or IDENTIFIER");
    one.value = in_.Next().text;
    if (one.label == "__error__") {
      return ParseError(0, 0, "__error__ cannot be formatted");
    }
    if (!seen.insert(one.label).second) {
      return ParseError(
          0, 0,
          fmt::format("multiple label name '{}' not allowed in a single format operation",
                      one.label));
    }
  } while (in_.TakeSymbol(","));
  return Stage(std::move(format));
}

absl::Status PipelineParser::ReadChoices(std::vector<LabelChoice>* choices) {
  do {
    LabelChoice& choice = choices->emplace_back();
    if (absl::Status status = in_.ExpectIdentifier(&choice.label); !status.ok()) return status;
    const auto type = MatchTypeOf(in_.peek());
    if (!type.has_value()) continue;
    in_.Next();
    choice.matcher = model::Matcher{*type, choice.label, ""};
    absl::Status status = in_.ExpectString(&choice.matcher->value);
    if (status.ok() && IsRegex(*type)) status = CheckRegex(choice.matcher->value);
    if (!status.ok()) return status;
  } while (in_.TakeSymbol(","));
  return absl::OkStatus();
}

// `or` binds loosest; `and`, a comma and nothing at all bind tighter.
absl::StatusOr<LabelFilterPtr> PipelineParser::ReadLabelFilter(int depth) {
  absl::StatusOr<LabelFilterPtr> left = ReadLabelFilterTerm(depth);
  while (left.ok() && in_.TakeKeyword("or")) {
    absl::StatusOr<LabelFilterPtr> right = ReadLabelFilterTerm(depth);
    if (!right.ok()) return right;
    left = Pair(true, *std::move(left), *std::move(right));
  }
  return left;
}

absl::StatusOr<LabelFilterPtr> PipelineParser::ReadLabelFilterTerm(int depth) {
  absl::StatusOr<LabelFilterPtr> left = ReadLabelTest(depth);
  while (left.ok() && (in_.TakeKeyword("and") || in_.TakeSymbol(",") || AtLabelTest())) {
    absl::StatusOr<LabelFilterPtr> right = ReadLabelTest(depth);
    if (!right.ok()) return right;
    left = Pair(false, *std::move(left), *std::move(right));
  }
  return left;
}

absl::StatusOr<LabelFilterPtr> PipelineParser::ReadLabelTest(int depth) {
  if (depth > kMaxDepth) return ParseError(0, 0, "the query is nested too deeply");
  if (in_.TakeSymbol("(")) {
    absl::StatusOr<LabelFilterPtr> inner = ReadLabelFilter(depth + 1);
    if (!inner.ok()) return inner;
    if (absl::Status status = in_.ExpectSymbol(")"); !status.ok()) return status;
    return inner;
  }
  if (!in_.Is(TokenKind::kIdentifier)) return in_.Unexpected();
  std::string label = in_.Next().text;
  if (!in_.Is(TokenKind::kSymbol)) return in_.Unexpected();
  const Token& op = in_.Next();
  if (in_.IsFunction("ip")) {
    if (op.text != "=" && op.text != "!=") return in_.Unexpected();
    in_.Next();
    LabelIpFilter ip{std::move(label), op.text == "!=", ""};
    absl::Status status = in_.ExpectStringInParentheses(&ip.pattern);
    if (!status.ok()) return status;
    return Filter(std::move(ip));
  }
  const auto type = MatchTypeOf(op);
  if (!type.has_value() || !in_.Is(TokenKind::kString)) {
    return ReadComparison(std::move(label), op.text);
  }
  model::Matcher matcher{*type, std::move(label), in_.Next().text};
  if (IsRegex(*type)) {
    if (absl::Status status = CheckRegex(matcher.value); !status.ok()) return status;
  }
  return Filter(std::move(matcher));
}

absl::StatusOr<LabelFilterPtr> PipelineParser::ReadComparison(std::string label,
                                                              const std::string& op) {
  LabelComparison comparison;
  comparison.label = std::move(label);
  bool known = false;
  for (const CompareSign& sign : kCompareSigns) {
    if (sign.text != op) continue;
    comparison.op = sign.op;
    known = true;
  }
  if (!known) return in_.Unexpected();
  const bool minus = in_.IsSymbol("-");
  if (minus || in_.IsSymbol("+")) in_.Next();
  const Token& value = in_.peek();
  comparison.literal = (minus ? "-" : "") + value.text;
  switch (value.kind) {
    case TokenKind::kDuration:
      comparison.unit = LabelComparison::Unit::kDuration;
      comparison.value = static_cast<double>(minus ? -value.ns : value.ns);
      break;
    case TokenKind::kBytes:
      comparison.unit = LabelComparison::Unit::kBytes;
      comparison.value = static_cast<double>(value.bytes);
      break;
    case TokenKind::kNumber: {
      const char* const end = value.text.data() + value.text.size();
      if (std::from_chars(value.text.data(), end, comparison.value).ptr != end) {
        return ParseError(0, 0,
                          fmt::format("unable to parse literal as a float: strconv.ParseFloat: "
                                      "parsing \"{}\": invalid syntax",
                                      value.text));
      }
      if (minus) comparison.value = -comparison.value;
      break;
    }
    default:
      return in_.Unexpected();
  }
  in_.Next();
  return Filter(std::move(comparison));
}

absl::Status PipelineParser::ReadUnwrap(Unwrap* unwrap) {
  absl::Status status;
  if (in_.Is(TokenKind::kFunction)) {
    const std::string name = in_.Next().text;
    const bool duration = name == "duration" || name == "duration_seconds";
    if (!duration && name != "bytes") return in_.Unexpected("IDENTIFIER, bytes or duration");
    unwrap->conversion = duration ? UnwrapConversion::kDuration : UnwrapConversion::kBytes;
    status = in_.ExpectSymbol("(");
    if (status.ok()) status = in_.ExpectIdentifier(&unwrap->label);
    if (status.ok()) status = in_.ExpectSymbol(")");
  } else {
    status = in_.ExpectIdentifier(&unwrap->label);
  }
  while (status.ok() && in_.TakeSymbol("|")) {
    absl::StatusOr<LabelFilterPtr> filter = ReadLabelFilter(0);
    if (!filter.ok()) return filter.status();
    unwrap->filters.push_back(*std::move(filter));
  }
  return status;
}

}  // namespace tidegate::logql
