// Label matchers as they are written, and compiled for evaluation.
#ifndef TIDEGATE_MODEL_MATCHER_H_
#define TIDEGATE_MODEL_MATCHER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace re2 {
class RE2;
}

namespace tidegate::model {

enum class MatchType : uint8_t { kEqual = 0, kNotEqual = 1, kRegex = 2, kNotRegex = 3 };

// `=`, `!=`, `=~`, `!~`.
std::string_view MatchOperator(MatchType type);

// One matcher as written. A label that is absent has the value "".
struct Matcher {
  MatchType type = MatchType::kEqual;
  std::string name;
  std::string value;
  friend bool operator==(const Matcher&, const Matcher&) = default;
};

// name="value", with the value quoted as Prometheus quotes it.
std::string ToString(const Matcher& matcher);

// A matcher ready to be asked. Immutable and thread safe; copies share the compiled expression.
class CompiledMatcher {
 public:
  // InvalidArgument when the regular expression does not compile. Expressions are RE2 syntax, fully
  // anchored, and `.` matches a newline (Prometheus 3).
  static absl::StatusOr<CompiledMatcher> Compile(Matcher matcher);

  const Matcher& matcher() const { return matcher_; }
  const std::string& name() const { return matcher_.name; }
  bool Matches(std::string_view value) const;
  // True when a series without the label passes: such a matcher never narrows by itself.
  bool MatchesEmpty() const { return matches_empty_; }
  // The complete, finite set of values that can match, when the matcher is `=` or a regular
  // expression that is only an alternation of literals (at most 4096); nullptr otherwise. Values
  // are sorted and unique.
  const std::vector<std::string>* literals() const { return literals_.get(); }
  // A literal that every matching value starts with; empty when there is none.
  const std::string& prefix() const { return prefix_; }

 private:
  Matcher matcher_;
  bool matches_empty_ = false;
  std::shared_ptr<const re2::RE2> regex_;
  std::shared_ptr<const std::vector<std::string>> literals_;
  std::string prefix_;
};

absl::StatusOr<std::vector<CompiledMatcher>> CompileMatchers(const std::vector<Matcher>& matchers);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_MATCHER_H_
