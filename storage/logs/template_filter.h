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
  // False when no pattern whose text is part of `texts` can hold the literal; `classes` may stand
  // in the places that vary. Far cheaper than asking each.
  bool MayStandIn(std::string_view texts, uint8_t classes) const;

 private:
  Verdict JudgePattern(const LineTemplate& lines) const;
  bool HoldsFixedPart(std::string_view texts, uint8_t classes) const;

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

  // What is known of a page without its templates.
  struct Page {
    std::string_view texts;   // Of all patterns.
    uint8_t classes = 0;      // All that occur in their variables.
    std::string_view filter;  // Of plain lines; empty when there are none.
  };
  // True only when no line of the page passes.
  bool NonePasses(const Page& page) const;
  // A verdict for each template of the page.
  std::vector<Verdict> Judge(const Page& page, std::span<const LineTemplate> templates) const;

 private:
  struct Test;
  // A byte for each probe: 0 = no pattern of the page holds it.
  std::vector<uint8_t> Possible(const Page& page) const;
  Verdict JudgeOne(const LineTemplate& lines, std::string_view filter,
                   std::span<const uint8_t> possible) const;

  std::vector<Test> tests_;
  size_t probes_ = 0;  // Of all tests.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_TEMPLATE_FILTER_H_
