// Builds the lines of a log page out of its columns.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_LINES_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_LINES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/units.h"
#include "storage/log_page/variable_column.h"

namespace tidegate::storage {

// Some lines, back to back. The views live as long as `text`.
struct BuiltLines {
  std::unique_ptr<char[]> text;
  uint64_t bytes = 0;
  std::vector<std::string_view> lines;
};

// The lines' value of a page. Owned by one thread.
class LogPageLines {
 public:
  // By the rows of the page's columns, and whether it has plain lines. DataLoss when the sections
  // are not those of this page.
  static absl::StatusOr<LogPageLines> Parse(std::vector<std::string> sections,
                                            std::span<const uint32_t> column_rows, bool plain);
  static absl::StatusOr<LogPageLines> Parse(std::vector<std::string> sections, const LogPage& page);

  // The lines of these rows of the same page, which ascend. Only columns of their templates are
  // decoded. DataLoss.
  absl::StatusOr<BuiltLines> Build(LogPage* page, std::span<const uint32_t> rows);

  // The values of a column, decoded when they are first wanted and kept until lines are built
  // or they are forgotten. DataLoss.
  absl::StatusOr<const VariableValues*> Values(uint32_t column);
  void Forget();

 private:
  // Lines of one template that are being built.
  struct Part {
    std::vector<uint32_t> rows;  // Of the page.
    std::vector<LineCursor> lines;
  };
  absl::Status BuildPart(LogPage* page, size_t number, Part* part);
  absl::Status BuildPlain(LogPage* page, const LogPage::Family& family, Part* part);

  std::vector<VariableColumn> columns_;  // Parallel to the page's.
  bool has_dictionary_ = false;
  TextColumn dictionary_;
  std::unique_ptr<StoredTexts> dictionary_texts_;  // Once a column has wanted it.
  std::vector<VariableValues> values_;             // Parallel to columns_.
  uint32_t plain_unit_ = 0;
  UnitReader units_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_LINES_H_
