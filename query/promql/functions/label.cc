#include "query/promql/functions/label.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"

namespace tidegate::promql {
namespace {

bool IsValidName(std::string_view name) { return !name.empty() && model::IsValidUtf8(name); }

std::string_view ToView(const re2::StringPiece& piece) {
  return piece.data() == nullptr ? std::string_view()
                                 : std::string_view(piece.data(), piece.size());
}

bool IsWord(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// A compiled label_replace: pattern and template.
class Replacer {
 public:
  Replacer(const std::string& pattern, std::string replacement)
      : pattern_("^(?s:" + pattern + ")$", re2::RE2::Quiet), replacement_(std::move(replacement)) {}

  bool ok() const { return pattern_.ok(); }

  // False when the value does not match.
  bool Apply(std::string_view value, std::string* out) {
    groups_.resize(static_cast<size_t>(pattern_.NumberOfCapturingGroups()) + 1);
    if (!pattern_.Match(re2::StringPiece(value.data(), value.size()), 0, value.size(),
                        re2::RE2::ANCHOR_BOTH, groups_.data(), static_cast<int>(groups_.size()))) {
      return false;
    }
    Expand(out);
    return true;
  }

 private:
  // $1, ${1}, $name, ${name} and $$, with Go's rule that a name without braces is as long as it can
  // be. What is not a group becomes empty; a lone $ stays.
  void Expand(std::string* out) {
    out->clear();
    std::string_view rest = replacement_;
    while (!rest.empty()) {
      const size_t dollar = rest.find('$');
      out->append(rest.substr(0, dollar));
      if (dollar == std::string_view::npos) return;
      rest.remove_prefix(dollar + 1);
      if (rest.starts_with('$')) {
        out->push_back('$');
        rest.remove_prefix(1);
        continue;
      }
      std::string_view name;
      const size_t used = GroupName(rest, &name);
      if (used == 0) {
        out->push_back('$');
        continue;
      }
      rest.remove_prefix(used);
      out->append(Group(name));
    }
  }

  // Returns the size of the reference behind the $; 0 when it is malformed.
  static size_t GroupName(std::string_view text, std::string_view* name) {
    const bool braces = text.starts_with('{');
    const size_t begin = braces ? 1 : 0;
    size_t end = begin;
    while (end < text.size() && IsWord(text[end])) ++end;
    if (end == begin) return 0;
    *name = text.substr(begin, end - begin);
    if (!braces) return end;
    return end < text.size() && text[end] == '}' ? end + 1 : 0;
  }

  std::string_view Group(std::string_view name) const {
    size_t number = 0;
    bool numeric = name.size() < 9;
    for (const char c : name) {
      numeric = numeric && c >= '0' && c <= '9';
      if (numeric) number = number * 10 + static_cast<size_t>(c - '0');
    }
    if (!numeric) {
      const auto& names = pattern_.NamedCapturingGroups();
      const auto it = names.find(std::string(name));
      if (it == names.end()) return {};
      number = static_cast<size_t>(it->second);
    }
    return number < groups_.size() ? ToView(groups_[number]) : std::string_view();
  }

  const re2::RE2 pattern_;
  const std::string replacement_;
  std::vector<re2::StringPiece> groups_;
};

void SetLabel(const std::string& name, std::string_view value, StepSeries* series) {
  series->labels = model::LabelsBuilder(series->labels.view()).Set(name, value).Build();
  if (name == model::kMetricNameLabel) series->drop_name = false;
}

}  // namespace

absl::StatusOr<Value> LabelReplace(InstantCall& call) {
  const std::string& target = call.Text(1);
  const std::string& source = call.Text(3);
  Replacer replacer(call.Text(4), call.Text(2));
  if (!replacer.ok()) {
    return absl::FailedPreconditionError(
        fmt::format("invalid regular expression in label_replace(): {}", call.Text(4)));
  }
  if (!IsValidName(target)) {
    return absl::FailedPreconditionError(
        fmt::format("invalid destination label name in label_replace(): {}", target));
  }
  StepVector vector = call.TakeVector(0);
  std::string value;
  for (StepSeries& series : vector) {
    if (replacer.Apply(series.labels.Get(source), &value)) SetLabel(target, value, &series);
  }
  absl::Status status = query::MergeEqualLabels(&vector);
  if (!status.ok()) return status;
  return Value(std::move(vector));
}

absl::StatusOr<Value> LabelJoin(InstantCall& call) {
  const std::string& target = call.Text(1);
  for (size_t i = 3; i < call.args.size(); ++i) {
    if (!IsValidName(call.Text(i))) {
      return absl::FailedPreconditionError(
          fmt::format("invalid source label name in label_join(): {}", call.Text(i)));
    }
  }
  if (!IsValidName(target)) {
    return absl::FailedPreconditionError(
        fmt::format("invalid destination label name in label_join(): {}", target));
  }
  StepVector vector = call.TakeVector(0);
  for (StepSeries& series : vector) {
    std::string joined;
    for (size_t i = 3; i < call.args.size(); ++i) {
      if (i > 3) joined += call.Text(2);
      joined += series.labels.Get(call.Text(i));
    }
    SetLabel(target, joined, &series);
  }
  absl::Status status = query::MergeEqualLabels(&vector);
  if (!status.ok()) return status;
  return Value(std::move(vector));
}

}  // namespace tidegate::promql
