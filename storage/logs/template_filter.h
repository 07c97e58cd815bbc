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
#include "storage/logs/expression_automaton.h"

namespace re2 {
class FilteredRE2;
}

namespace tidegate::storage {

enum class Verdict : uint8_t {
  kNone,   // No line passes.
  kMaybe,  // Each line must be looked at.
  kAll,    // Every line passes.
};

// Of a negated test.
constexpr Verdict Not(Verdict verdict) {
  if (verdict == Verdict::kMaybe) return verdict;
  return verdict == Verdict::kAll ? Verdict::kNone : Verdict::kAll;
}

// A text that is looked for in templates: in what is the same in all lines, and across the places
// that vary, by the characters that may stand there. Immutable.
class TemplateProbe {
 public:
  // With `any_case`, ASCII letters match both cases and the literal is in lower case.
  TemplateProbe(std::string literal, bool any_case);
  // A bit for each of the literal's first 64 bytes: whether the three bytes that end there may
  // stand in a text (text_filter.h).
  uint64_t SequencesIn(std::string_view filter) const;
  // kAll only for what every line holds as it is spelled. `filter`: of plain lines and texts;
  // `sequences`: in it.
  Verdict Judge(const LineTemplate& lines, std::string_view filter, uint64_t sequences) const;
  // False when no pattern whose text is part of `texts` can hold the literal; `classes` may stand
  // in the places of words. Far cheaper than asking each.
  bool MayStandIn(std::string_view texts, uint8_t classes, uint64_t sequences) const;

 private:
  Verdict JudgePattern(const LineTemplate& lines, uint64_t sequences) const;
  uint64_t Inside(uint64_t before, const VariableShape& shape, uint64_t sequences) const;
  bool HoldsFixedPart(std::string_view texts, uint8_t classes) const;

  const std::string literal_;
  const bool any_case_;
  // Of the literal's bytes: whether they are part of a word between other characters that can be
  // no variable, because no line splitter takes letters alone for one.
  std::vector<bool> fixed_;
  // A bit for each of the literal's first 64 bytes that the byte, or the class, can stand for.
  std::array<uint64_t, 256> bytes_{};
  std::array<uint64_t, 256> classes_{};
  uint64_t last_ = 0;
  std::array<bool, 256> begins_{};  // Marks, and bytes that the literal may begin with.
};

// Immutable but for the automata, which one thread owns. Never says kNone of a line that passes,
// nor kAll of one that does not.
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
    uint8_t classes = 0;      // All that occur in their words and numbers.
    std::string_view filter;  // Of plain lines and texts; empty when there are none.
  };
  // Of what is looked for, in a page's patterns.
  struct Chance {
    bool any = false;
    uint64_t sequences = 0;
  };
  // One for each thing that is looked for.
  std::vector<Chance> Possible(const Page& page) const;
  // What is known of several pages.
  struct Pages {
    std::span<const std::string_view> texts;    // In some parts.
    uint8_t classes = 0;                        // Of all.
    std::span<const std::string_view> filters;  // Of each.
  };
  std::vector<Chance> Possible(const Pages& pages) const;
  // Of one of them, by what is possible in all.
  std::vector<Chance> Possible(std::span<const Chance> in_all, std::string_view filter) const;
  // Whether any of it may stand in this text of theirs.
  bool MayStandIn(std::string_view text, uint8_t classes, std::span<const Chance> possible) const;
  // True only when no line of the page passes.
  bool NonePasses(const Page& page) const { return NonePasses(Possible(page), page.filter); }
  bool NonePasses(std::span<const Chance> possible, std::string_view filter) const;
  // What can be looked for in columns: a test is met where one of the texts stands or one of the
  // automata matches, and only there unless it has expressions beyond them.
  struct ColumnTest {
    bool negated = false;
    bool beyond = false;
    std::span<const std::string> texts;
    std::span<const std::unique_ptr<ExpressionAutomaton>> automata;
  };
  // For the thread that owns the filter.
  std::vector<ColumnTest> ColumnTests() const;
  // A verdict for each template of the page.
  std::vector<Verdict> Judge(const Page& page, std::span<const LineTemplate> templates) const {
    return Judge(Possible(page), page.filter, templates);
  }
  std::vector<Verdict> Judge(std::span<const Chance> possible, std::string_view filter,
                             std::span<const LineTemplate> templates) const;
  // Whether all that is looked for are texts: columns decide.
  bool HasTextsOnly() const;

 private:
  struct Test;
  Verdict JudgeOne(const LineTemplate& lines, std::string_view filter,
                   std::span<const Chance> possible) const;
  // Calls fn with the number of each probe, and the probe.
  template <typename Fn>
  void ForEachProbe(const Fn& fn) const;

  std::vector<Test> tests_;
  size_t probes_ = 0;  // Of all tests.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_TEMPLATE_FILTER_H_
