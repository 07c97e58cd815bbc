// Reads log pages: the head first, the lines' variables and the metadata only when they are wanted
// (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/log_entry.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/line_template.h"
#include "storage/log_page/log_page_format.h"
#include "storage/log_page/units.h"

namespace tidegate::storage {

// The head of a page: which entries there are, not what their lines say. Rows are numbered from 0,
// stream by stream, ascending by time. The summary is read first and says whether a search has to
// go on; then the columns are loaded, decoded when they are first asked for, and kept. Owned by one
// thread. DataLoss from any call: the page is damaged.
class LogPage {
 public:
  struct Stream {
    uint32_t number = 0;  // In the index of the segment.
    uint32_t begin = 0;   // Rows [begin, end), never empty.
    uint32_t end = 0;
    model::TimestampNs first_time = 0;
    model::TimestampNs last_time = 0;
  };
  struct Template {
    LineTemplate lines;
    uint32_t rows = 0;
    uint32_t family = 0;
    uint32_t fixed_size = 0;  // Of a pattern's text without marks.
  };
  // What one mark stands for; templates share columns.
  struct Column {
    VariableShape shape;
    uint32_t rows = 0;
  };
  // Templates with the same columns; plain lines are one without any. A column has the rows of all
  // families that have it, and those that belong to the same families have their rows in the same
  // places.
  struct Family {
    std::vector<uint32_t> columns;      // One for each mark of its templates.
    std::vector<uint32_t> place_kinds;  // Parallel to columns: which of a row's places counts.
    uint32_t sizes_kind = 0;            // The same for the family's own sizes.
    std::vector<uint32_t> row_sets;     // Of each kind of place.
    uint32_t rows = 0;
    IntColumn sizes;  // Of lines, beyond the template's fixed_size.
  };

  static absl::StatusOr<std::unique_ptr<LogPage>> Parse(std::string summary);
  // The other two sections of the head. Called once, before anything behind "columns" below.
  absl::Status Load(std::string directory, std::string blob);
  bool loaded() const { return !templates_.empty(); }
  LogPage(const LogPage&) = delete;
  LogPage& operator=(const LogPage&) = delete;

  uint32_t rows() const { return rows_; }
  uint64_t text_bytes() const { return text_bytes_; }           // Of all lines.
  bool has_metadata() const { return has_metadata_; }           // There is a metadata value.
  std::span<const Stream> streams() const { return streams_; }  // Ascending by number.
  const Stream* Find(uint32_t number) const;                    // nullptr when there is none.
  // The texts of all patterns, one behind the other, all classes that occur in their variables,
  // and what plain lines may contain (text_filter.h); empty without plain lines.
  std::string_view texts() const { return texts_; }
  uint8_t variable_classes() const { return variable_classes_; }
  std::string_view filter() const { return filter_; }

  // Columns.
  std::span<const Template> templates() const { return templates_; }
  // These have one element a row.
  absl::StatusOr<std::span<const model::TimestampNs>> Times();
  absl::StatusOr<std::span<const uint32_t>> Sizes();
  absl::StatusOr<std::span<const uint32_t>> TemplateNumbers();
  std::span<const Column> columns() const { return columns_; }
  std::span<const Family> families() const { return families_; }
  // The place of a row in its family's columns, by kind. TemplateNumbers was asked before.
  uint32_t PlaceOf(uint32_t row, uint32_t kind) const { return places_[first_places_[row] + kind]; }
  // Of all rows of a family, beyond their templates' fixed_size.
  absl::Status FamilySizes(const Family& family, std::vector<uint64_t>* sizes);

 private:
  LogPage() = default;
  absl::Status ParseStreams(ByteReader* in);
  absl::Status ParseTemplates(ByteReader* in, uint32_t* next_unit);
  absl::Status ParseColumns(ByteReader* in);
  absl::Status ParseFamilies(ByteReader* in, uint32_t* next_unit);
  bool ReadFamily(ByteReader* in, Family* family);
  absl::Status FindShapes();
  void FindRowSets();
  absl::Status DecodeStreamTimes(const Stream& stream, std::span<const uint64_t> steps);
  absl::Status Number();

  uint32_t rows_ = 0;
  uint64_t text_bytes_ = 0;
  bool has_metadata_ = false;
  uint64_t time_scale_ = 1;
  std::string summary_;
  std::vector<Stream> streams_;
  std::string_view texts_;   // In summary_.
  std::string_view filter_;  // In summary_.
  uint8_t variable_classes_ = 0;
  std::vector<VariableShape> shapes_;  // Of all templates.
  std::vector<Template> templates_;
  IntColumn steps_;
  IntColumn numbers_;
  UnitReader units_;
  std::vector<model::TimestampNs> times_;
  std::vector<uint32_t> sizes_;
  std::vector<uint32_t> template_numbers_;
  std::vector<Column> columns_;
  std::vector<Family> families_;
  uint32_t row_sets_ = 0;
  std::vector<uint32_t> first_places_;  // Per row, in places_.
  std::vector<uint32_t> places_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_H_
