// What the lines of one template have in common.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/log_page/log_page_format.h"
#include "storage/log_page/variable_shape.h"

namespace tidegate::storage {

// A view; what it views belongs to the page.
struct LineTemplate {
  TemplateKind kind = TemplateKind::kPlain;
  std::string_view text;                     // kPattern: with marks (line_skeleton.h).
  std::span<const VariableShape> variables;  // One for each mark in the text.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LINE_TEMPLATE_H_
