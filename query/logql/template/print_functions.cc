#include <string>

#include "absl/status/status.h"
#include "query/logql/template/functions.h"
#include "query/logql/template/go_printf.h"

namespace tidegate::logql {
namespace {

absl::Status TooLong() { return absl::InvalidArgumentError("the text would become too long"); }

// A blank between two values of which neither is a text.
absl::StatusOr<Value> PrintAll(Arguments args) {
  std::string out;
  for (size_t i = 0; i < args.size(); ++i) {
    const auto is_text = [&](size_t at) { return std::holds_alternative<std::string>(args[at]); };
    if (i > 0 && !is_text(i - 1) && !is_text(i)) out += ' ';
    out += Print(args[i]);
    if (out.size() > kMaxTemplateText) return TooLong();
  }
  return Value(std::move(out));
}

absl::StatusOr<Value> PrintLine(Arguments args) {
  std::string out;
  for (size_t i = 0; i < args.size(); ++i) {
    out += (i > 0 ? " " : "") + Print(args[i]);
    if (out.size() > kMaxTemplateText) return TooLong();
  }
  return Value(out + '\n');
}

absl::StatusOr<Value> PrintFormat(Arguments args) {
  std::string out = GoPrintf(std::get<std::string>(args[0]), args.subspan(1), kMaxTemplateText);
  if (out.size() > kMaxTemplateText) return TooLong();
  return Value(std::move(out));
}

}  // namespace

absl::Span<const TemplateFunction> PrintFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"print", 0, TemplateFunction::kAny, PrintAll},
      {"printf", 1, TemplateFunction::kAny, PrintFormat, "sa"},
      {"println", 0, TemplateFunction::kAny, PrintLine},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
