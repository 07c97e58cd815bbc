// A regular expression with a replacement text, as label_replace and relabelling use them.
#ifndef TIDEGATE_MODEL_REGEX_REPLACEMENT_H_
#define TIDEGATE_MODEL_REGEX_REPLACEMENT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace re2 {
class RE2;
}

namespace tidegate::model {

// The expression is RE2 syntax, fully anchored, and `.` matches a newline. The replacement may
// refer to groups as $1, ${1}, $name, ${name}, and to a dollar sign as $$ (Go's regexp.Expand: a
// name without braces is as long as it can be; what is no group becomes empty; a lone $ stays).
// Immutable and thread safe.
class RegexReplacement {
 public:
  // InvalidArgument with RE2's text when the expression does not compile.
  static absl::StatusOr<RegexReplacement> Compile(const std::string& expression,
                                                  std::string replacement);

  bool Matches(std::string_view value) const;
  // False when the value does not match; `out` is overwritten otherwise.
  bool Apply(std::string_view value, std::string* out) const;
  // The same with another template, for names that are made of groups.
  bool Apply(std::string_view value, std::string_view replacement, std::string* out) const;

  const std::string& replacement() const { return replacement_; }

 private:
  std::shared_ptr<const re2::RE2> expression_;
  std::string replacement_;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_REGEX_REPLACEMENT_H_
