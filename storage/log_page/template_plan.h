// Which lines of a page share a template, and which of their variables share a column.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_TEMPLATE_PLAN_H_
#define TIDEGATE_STORAGE_LOG_PAGE_TEMPLATE_PLAN_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {

inline constexpr uint32_t kNoTemplate = UINT32_MAX;

// Where the value of a template's mark stands in a line of a skeleton: the skeleton's bytes from
// `begin` to `end` with what varies put in, behind `first_variable` variables of the line.
struct PlannedMark {
  uint32_t column = 0;
  uint16_t begin = 0;
  uint16_t end = 0;
  // Bytes between the variable before it, or the beginning of the line, and the mark.
  uint16_t distance = 0;
  uint8_t first_variable = 0;
  uint8_t variables = 0;  // Inside.
};
static_assert(kMaxSplitLine <= UINT16_MAX && kMaxVariables <= UINT8_MAX);

struct TemplatePlan {
  struct Skeleton {
    uint32_t number = kNoTemplate;  // Of its template; kNoTemplate: its lines are plain.
    uint32_t first_mark = 0;        // In `marks`.
  };
  struct Template {
    std::string text;               // With marks (line_skeleton.h).
    std::vector<uint32_t> columns;  // One a mark.
    uint64_t lines = 0;
  };
  std::vector<Skeleton> skeletons;  // Parallel to those that were planned.
  std::vector<PlannedMark> marks;
  std::vector<Template> templates;
  std::vector<char> columns;  // The mark that stands for each column's values.
};

// Memory that plans of one page after another use. Owned by one thread.
class TemplatePlanner {
 public:
  TemplatePlanner();
  ~TemplatePlanner();
  TemplatePlanner(TemplatePlanner&&) noexcept;
  TemplatePlanner& operator=(TemplatePlanner&&) noexcept;

  // Skeletons that differ in words alone, between the same delimiters, are variants of one shape.
  // Few variants are templates of their own; of many, the words that differ most become texts, each
  // in a column. Marks of two templates share a column when what stands before them has the same
  // shape and the word before them is the same. `counts`: lines of each skeleton. The same
  // skeletons in the same order make the same plan, whatever was planned before. Costs a few
  // nanoseconds a byte of skeletons. The plan stays as it is until the next one.
  const TemplatePlan& Plan(std::span<const std::string_view> skeletons,
                           std::span<const uint32_t> counts);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_TEMPLATE_PLAN_H_
