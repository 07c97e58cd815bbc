#include "control/monitors/expression/query_text.h"

#include <fmt/format.h>

#include <cctype>

#include "model/labels.h"
#include "query/rule_expression.h"

namespace tidegate::control {
namespace {

bool StartsName(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool ContinuesName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':' || c == '.';
}

// One pass over the text, copying all but dotted names.
class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  std::string Run() {
    while (at_ < text_.size()) Step();
    return std::move(out_);
  }

 private:
  void Copy(size_t count) {
    count = std::min(count, text_.size() - at_);
    out_.append(text_, at_, count);
    at_ += count;
  }

  void Step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return CopyString(c);
    if (c == '#') return Copy(text_.find('\n', at_) - at_);
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.') return CopyNumber();
    if (StartsName(c)) return Name();
    if (c == '{') in_braces_ = true;
    if (c == '}') in_braces_ = false;
    Copy(1);
  }

  void CopyString(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) {
      end += text_[end] == '\\' && quote != '`' ? 2 : 1;
    }
    Copy(end + 1 - at_);
  }

  // 1.5e3, 0x1f, 5m30s: what continues a number belongs to it.
  void CopyNumber() {
    size_t end = at_ + 1;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '.')) {
      ++end;
    }
    Copy(end - at_);
  }

  void Name() {
    size_t end = at_;
    while (end < text_.size() && ContinuesName(text_[end])) ++end;
    while (end > at_ && text_[end - 1] == '.') --end;
    const std::string_view name = text_.substr(at_, end - at_);
    const bool dotted = name.find('.') != name.npos;
    at_ = end;
    if (!dotted) {
      out_ += name;
      return;
    }
    if (in_braces_ || InLabelList()) {
      out_ += fmt::format("\"{}\"", name);
    } else {
      Metric(name);
    }
  }

  static bool TakesLabels(std::string_view word) {
    for (const std::string_view keyword :
         {"by", "without", "on", "ignoring", "group_left", "group_right"}) {
      if (word == keyword) return true;
    }
    return false;
  }

  // Whether the parenthesis that is open here holds names of labels: it was opened behind one of
  // those words.
  bool InLabelList() const {
    size_t open = out_.size();
    for (int depth = 0; open-- > 0;) {
      if (out_[open] == ')') ++depth;
      if (out_[open] == '(' && depth-- == 0) break;
    }
    if (open == std::string::npos || open >= out_.size()) return false;
    size_t end = open;
    while (end > 0 && std::isspace(static_cast<unsigned char>(out_[end - 1])) != 0) --end;
    size_t start = end;
    while (start > 0 && ContinuesName(out_[start - 1])) --start;
    return TakesLabels(std::string_view(out_).substr(start, end - start));
  }

  void Metric(std::string_view name) {
    const size_t next = SkipBlanks(at_);
    if (next == text_.size() || text_[next] != '{') {
      out_ += fmt::format("{{\"{}\"}}", name);
      return;
    }
    const size_t inside = SkipBlanks(next + 1);
    const bool empty = inside < text_.size() && text_[inside] == '}';
    out_ += fmt::format("{{\"{}\"{}", name, empty ? "" : ",");
    at_ = inside;
    in_braces_ = true;
  }

  size_t SkipBlanks(size_t from) const {
    while (from < text_.size() && std::isspace(static_cast<unsigned char>(text_[from])) != 0) {
      ++from;
    }
    return from;
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::string out_;
  bool in_braces_ = false;
};

}  // namespace

std::string QuoteDottedNames(std::string_view query) { return Rewriter(query).Run(); }

absl::StatusOr<std::string> MonitorQuery(std::string_view query) {
  if (query.size() > kMaxMonitorQueryBytes) {
    return absl::InvalidArgumentError(
        fmt::format("the query is longer than {} bytes", kMaxMonitorQueryBytes));
  }
  if (!model::IsValidUtf8(query)) return absl::InvalidArgumentError("the query is not UTF-8");
  return query::CanonicalRuleExpression(query::RuleLanguage::kPromQl, QuoteDottedNames(query));
}

}  // namespace tidegate::control
