// The tests of a selection on lines, compiled.
#ifndef TIDEGATE_STORAGE_LOGS_LINE_FILTER_H_
#define TIDEGATE_STORAGE_LOGS_LINE_FILTER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_source.h"

namespace re2 {
class RE2;
}

namespace tidegate::storage {

// Immutable. What a test means: LineTest (log_source.h).
class LineFilter {
 public:
  // InvalidArgument when an expression does not compile or a test has no alternative.
  static absl::StatusOr<LineFilter> Compile(std::span<const LineTest> tests);
  LineFilter(LineFilter&&) noexcept;
  LineFilter& operator=(LineFilter&&) noexcept;
  ~LineFilter();

  bool Holds(std::string_view line) const;
  bool empty() const { return tests_.empty(); }

 private:
  struct Test {
    std::vector<std::string> literals;
    std::vector<std::unique_ptr<const re2::RE2>> expressions;
    bool negated = false;
    bool Found(std::string_view line) const;
  };
  LineFilter();

  std::vector<Test> tests_;  // Cheap ones first.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_LINE_FILTER_H_
