#include "control/monitors/expression/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "model/labels.h"

namespace tidegate::control {
namespace {

// Arguments: m = metrics, s = whose, n = a metric's name, t = a text, f = a number, d = a duration;
// + = one or more of the last.
struct Signature {
  std::string_view name;
  ExpressionFunction function;
  std::string_view arguments;
};

constexpr Signature kSignatures[] = {
    {"host", ExpressionFunction::kHost, "sn"},
    {"service", ExpressionFunction::kService, "sn"},
    {"role", ExpressionFunction::kRole, "sn"},
    {"roleSlots", ExpressionFunction::kRoleSlots, "sn"},
    {"avg", ExpressionFunction::kAvg, "m"},
    {"max", ExpressionFunction::kMax, "m"},
    {"min", ExpressionFunction::kMin, "m"},
    {"sum", ExpressionFunction::kSum, "m"},
    {"stddev", ExpressionFunction::kStddev, "m"},
    {"product", ExpressionFunction::kProduct, "m"},
    {"percentile", ExpressionFunction::kPercentile, "mf"},
    {"diff", ExpressionFunction::kDiff, "mm"},
    {"divide", ExpressionFunction::kDivide, "mm"},
    {"scale", ExpressionFunction::kScale, "mf"},
    {"offset", ExpressionFunction::kOffset, "mf"},
    {"timeShift", ExpressionFunction::kTimeShift, "md"},
    {"movingAverage", ExpressionFunction::kMovingAverage, "md"},
    {"linearRegression", ExpressionFunction::kLinearRegression, "md"},
    {"timeLeftForecast", ExpressionFunction::kTimeLeftForecast, "mdf"},
    {"group", ExpressionFunction::kGroup, "m+"},
    {"stack", ExpressionFunction::kStack, "m"},
    {"alias", ExpressionFunction::kAlias, "mt"},
};

const Signature* SignatureOf(std::string_view name) {
  for (const Signature& signature : kSignatures) {
    if (signature.name == name) return &signature;
  }
  return nullptr;
}

const Signature& SignatureOf(ExpressionFunction function) {
  return *std::find_if(std::begin(kSignatures), std::end(kSignatures),
                       [&](const Signature& s) { return s.function == function; });
}

std::optional<double> PlainNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

// 1.5, or 1/86400.
std::optional<double> Factor(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == text.npos) return PlainNumber(text);
  const auto above = PlainNumber(text.substr(0, slash));
  const auto below = PlainNumber(text.substr(slash + 1));
  if (!above.has_value() || !below.has_value() || *below == 0) return std::nullopt;
  const double value = *above / *below;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// A whole number and one of m, h, d, w, mo (30 days), y (365 days).
std::optional<absl::Duration> DurationOf(std::string_view text) {
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count == 0) return std::nullopt;
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr std::pair<std::string_view, int> kMinutes[] = {
      {"m", 1}, {"h", 60}, {"d", 1440}, {"w", 10080}, {"mo", 43200}, {"y", 525600}};
  for (const auto& [name, minutes] : kMinutes) {
    if (unit == name) return absl::Minutes(minutes) * static_cast<int64_t>(count);
  }
  return std::nullopt;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<Expression> Whole() {
    absl::StatusOr<Expression> expression = Call(1);
    if (!expression.ok()) return expression;
    SkipBlanks();
    if (at_ != text_.size()) return Wrong("there is more behind the expression");
    return expression;
  }

 private:
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(fmt::format("{} (character {})", what, at_ + 1));
  }

  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }

  bool Take(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view Name() {
    SkipBlanks();
    const size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0)) ++at_;
    return text_.substr(start, at_ - start);
  }

  absl::StatusOr<Expression> Call(int depth) {
    if (depth > kMaxExpressionDepth) return Wrong("the expression is nested too deeply");
    const std::string_view name = Name();
    const Signature* const signature = SignatureOf(name);
    if (signature == nullptr) return Wrong(fmt::format("there is no function \"{}\"", name));
    if (!Take('(')) return Wrong(fmt::format("{} needs arguments in parentheses", name));
    Expression call;
    call.function = signature->function;
    const bool repeats = signature->arguments.ends_with('+');
    const size_t count = signature->arguments.size() - (repeats ? 1 : 0);
    for (size_t i = 0; i < count || (repeats && Take(',')); ++i) {
      if (i > 0 && i < count && !Take(',')) {
        return Wrong(fmt::format("{} takes {} arguments", name, count));
      }
      const char kind = signature->arguments[std::min(i, count - 1)];
      if (absl::Status status = Argument(kind, depth, &call); !status.ok()) return status;
    }
    if (!Take(')')) return Wrong(fmt::format("\")\" expected behind the arguments of {}", name));
    return call;
  }

  absl::Status Argument(char kind, int depth, Expression* call) {
    if (kind == 'm') {
      absl::StatusOr<Expression> operand = Call(depth + 1);
      if (!operand.ok()) return operand.status();
      call->operands.push_back(*std::move(operand));
      return absl::OkStatus();
    }
    SkipBlanks();
    absl::StatusOr<std::string> text = Word();
    if (!text.ok()) return text.status();
    switch (kind) {
      case 's':
        call->subject = *std::move(text);
        return CheckSubject(call);
      case 'n':
        call->metric = *std::move(text);
        return absl::OkStatus();
      case 't':
        call->name = *std::move(text);
        return absl::OkStatus();
      case 'f':
        return ReadFactor(*text, call);
      default:
        return ReadDuration(*text, call);
    }
  }

  // In quotes of either kind, a backslash before what is meant literally; or bare, up to the next
  // comma or parenthesis.
  absl::StatusOr<std::string> Word() {
    std::string word;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const char quote = text_[at_++];
      for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        word += text_[at_];
      }
      if (at_ == text_.size()) return Wrong("a quote is not closed");
      ++at_;
    } else {
      while (at_ < text_.size() &&
             std::string_view(",()'\"").find(text_[at_]) == std::string::npos) {
        word += text_[at_++];
      }
      while (!word.empty() && IsBlank(word.back())) word.pop_back();
    }
    if (word.empty()) return Wrong("an argument is empty");
    return word;
  }

  absl::Status CheckSubject(Expression* call) {
    const bool role = call->function == ExpressionFunction::kRole ||
                      call->function == ExpressionFunction::kRoleSlots;
    if (!role) return absl::OkStatus();
    std::string& text = call->subject;
    const size_t colon = text.find(':');
    if (colon == text.npos) return Wrong("a role is SERVICE:ROLE");
    while (colon + 1 < text.size() && IsBlank(text[colon + 1])) text.erase(colon + 1, 1);
    return absl::OkStatus();
  }

  absl::Status ReadFactor(const std::string& text, Expression* call) {
    const std::optional<double> factor = Factor(text);
    if (!factor.has_value()) return Wrong(fmt::format("\"{}\" is not a number", text));
    if (call->function == ExpressionFunction::kPercentile && (*factor <= 0 || *factor >= 100)) {
      return Wrong("a percentage must be between 0 and 100");
    }
    call->factor = *factor;
    return absl::OkStatus();
  }

  absl::Status ReadDuration(const std::string& text, Expression* call) {
    const std::optional<absl::Duration> duration = DurationOf(text);
    if (!duration.has_value()) {
      return Wrong(fmt::format("\"{}\" is not a duration such as 5m, 1h, 1d, 1w, 1mo, 1y", text));
    }
    call->duration = *duration;
    return absl::OkStatus();
  }

  const std::string_view text_;
  size_t at_ = 0;
};

bool HasWildcard(const std::string& metric) { return metric.find_first_of("*#") != metric.npos; }

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

absl::StatusOr<Expression> ParseExpression(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the expression is longer than {} bytes", kMaxExpressionBytes));
  }
  if (!model::IsValidUtf8(text)) return absl::InvalidArgumentError("the expression is not UTF-8");
  absl::StatusOr<Expression> expression = Parser(text).Whole();
  if (expression.ok() && ReachOf(*expression) > kMaxExpressionReach) {
    return absl::InvalidArgumentError("the expression reaches more than 400 days into the past");
  }
  return expression;
}

bool GivesOneSeries(const Expression& expression) {
  const auto all_one = [&] {
    return std::all_of(expression.operands.begin(), expression.operands.end(), GivesOneSeries);
  };
  switch (expression.function) {
    case ExpressionFunction::kHost:
    case ExpressionFunction::kService:
      return !HasWildcard(expression.metric);
    case ExpressionFunction::kRole:
    case ExpressionFunction::kRoleSlots:
      return false;
    case ExpressionFunction::kAvg:
    case ExpressionFunction::kMax:
    case ExpressionFunction::kMin:
    case ExpressionFunction::kSum:
    case ExpressionFunction::kStddev:
    case ExpressionFunction::kProduct:
    case ExpressionFunction::kPercentile:
      return true;
    default:
      return all_one() &&
             (expression.function != ExpressionFunction::kGroup || expression.operands.size() == 1);
  }
}

absl::Duration ReachOf(const Expression& expression) {
  absl::Duration longest;
  for (const Expression& operand : expression.operands) {
    longest = std::max(longest, ReachOf(operand));
  }
  return longest + expression.duration;
}

std::string FormatExpression(const Expression& expression) {
  const Signature& signature = SignatureOf(expression.function);
  std::vector<std::string> arguments;
  for (const Expression& operand : expression.operands) {
    arguments.push_back(FormatExpression(operand));
  }
  for (const char kind : signature.arguments) {
    if (kind == 's') arguments.push_back(Quoted(expression.subject));
    if (kind == 'n') arguments.push_back(Quoted(expression.metric));
    if (kind == 't') arguments.push_back(Quoted(expression.name));
    if (kind == 'f') arguments.push_back(fmt::format("{}", expression.factor));
    if (kind == 'd') {
      arguments.push_back(fmt::format("{}m", absl::ToInt64Minutes(expression.duration)));
    }
  }
  return fmt::format("{}({})", signature.name, fmt::join(arguments, ", "));
}

}  // namespace tidegate::control
