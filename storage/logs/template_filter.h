// What a selection's tests on lines say about all lines of a template, before one is built.
#ifndef TIDEGATE_STORAGE_LOGS_TEMPLATE_FILTER_H_
#define TIDEGATE_STORAGE_LOGS_TEMPLATE_FILTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/log_page/line_template.h"
#include "storage/log_source.h"

namespace re2 {
class FilteredRE2;
}

namespace tidegate::storage {

enum class Verdict : uint8_t {
  kNone,   // No line passes.
  kMaybe,  // Each line must be looked at.
  kAll,    // Every line passes.
};

// A text that is looked for in templates: in what is the same in all lines, and across the places
// that vary, by the characters that may stand there. Immutable.
class TemplateProbe {
 public:
  // With `any_case`, ASCII letters match both cases and the literal is in lower case.
  TemplateProbe(std::string literal, bool any_case);
  // kAll only for what every line holds as it is spelled. `filter`: of a plain template.
  Verdict Judge(const LineTemplate& lines, std::string_view filter) const;

 private:
  Verdict JudgePattern(const LineTemplate& lines) const;

  const std::string literal_;
  const bool any_case_;
  // A bit for each of the literal's first 64 bytes that the byte, or the class, can stand for.
  std::array<uint64_t, 256> bytes_{};
  std::array<uint64_t, 256> classes_{};
  uint64_t last_ = 0;
};

// Immutable. Never says kNone of a line that passes, nor kAll of one that does not.
class TemplateFilter {
 public:
  // Tests that LineFilter::Compile accepted.
  explicit TemplateFilter(std::span<const LineTest> tests);
  TemplateFilter(TemplateFilter&&) noexcept;
  TemplateFilter& operator=(TemplateFilter&&) noexcept;
  ~TemplateFilter();

  Verdict Judge(const LineTemplate& lines, std::string_view filter) const;

 private:
  struct Test;
  std::vector<Test> tests_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_TEMPLATE_FILTER_H_
