// What the lines of one template have in common.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/log_page/log_page_format.h"

namespace tidegate::storage {

// What stands in the place of a mark: 1 to `largest` characters of these classes.
struct VariableShape {
  uint8_t classes = 0;
  uint32_t largest = 0;
};

// A view; what it views belongs to the page.
struct LineTemplate {
  TemplateKind kind = TemplateKind::kPlain;
  std::string_view text;                     // kPattern: with marks (line_skeleton.h).
  std::span<const VariableShape> variables;  // One for each mark in the text.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_
