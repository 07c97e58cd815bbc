// What the lines of a page can hold, without one of its rows (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_PAGE_OUTLINE_H_
#define TIDEGATE_STORAGE_LOG_PAGE_PAGE_OUTLINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_page/variable_shape.h"

namespace tidegate::storage {

// Templates and columns are numbered as in the page, where plain lines are one more template, the
// last. A value.
struct PageOutline {
  struct Column {
    VariableShape shape;
    uint32_t rows = 0;
  };
  struct Template {
    uint32_t text = 0;    // The number of its text, with marks (line_skeleton.h).
    uint32_t family = 0;  // Templates with the same columns.
  };
  std::vector<Column> columns;
  std::vector<std::vector<uint32_t>> families;  // Columns, one for each mark.
  std::vector<Template> templates;
  bool plain = false;  // There are plain lines.

  // All that occur in words and numbers (log_page_format.h).
  uint8_t classes() const;
};

// Appends the bytes. The text of template i has the number text_numbers[i].
void EncodeOutline(const PageOutline& outline, std::span<const uint32_t> text_numbers,
                   std::string* out);

// `marks`: how many each of the texts has that templates have the numbers of. DataLoss when the
// bytes are not an outline over them.
absl::StatusOr<PageOutline> ParseOutline(std::string_view bytes, std::span<const uint32_t> marks);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_PAGE_OUTLINE_H_
