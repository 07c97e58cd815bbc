// Collects entries of sibling streams and encodes them as a log page (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_BUILDER_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_BUILDER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/log_entry.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/page_outline.h"
#include "storage/log_page/template_plan.h"
#include "storage/log_page/text_filter.h"
#include "storage/log_page/units.h"

namespace tidegate::storage {

// A page is full with this many entries, or when its lines have passed this many bytes: by one line
// at most.
inline constexpr size_t kFullPageRows = 32 << 10;
inline constexpr size_t kFullPageText = 2 << 20;

// The three values of a page; each has a directory and a blob of columns, the head a summary before
// them. What is wanted first comes first: streams and the texts that searches look at, times and
// sizes; then the variables of the lines.
struct LogPageSections {
  std::vector<std::string> head;
  std::vector<std::string> lines;
  std::vector<std::string> metadata;  // Empty when no entry has any.
  // What a search asks before it looks at one of them: the outline, whose templates have the texts
  // in their order, and what plain lines and texts may contain (text_filter.h).
  PageOutline outline;
  std::vector<std::string> texts;
  std::string filter;
};

// Owned by one thread; reusable after Finish. Holds one page's text and about as much again.
class LogPageBuilder {
 public:
  // Takes entries from the front until the page is full and returns how many. Streams come
  // ascending by number; the entries of one ascend by time, over several calls if need be.
  size_t Add(uint32_t stream, std::span<const model::LogEntryView> entries);

  bool empty() const { return rows_.empty(); }
  bool full() const { return rows_.size() >= kFullPageRows || text_.size() >= kFullPageText; }
  // At least one entry. Forgets everything.
  LogPageSections Finish();

 private:
  struct Row {
    uint32_t begin = 0;  // In text_.
    uint32_t size = 0;
    uint32_t skeleton = 0;
    uint32_t first_variable = 0;
  };
  struct Stream {
    uint32_t number = 0;
    uint32_t rows = 0;
  };
  // Values of one column while a page is finished, in the order of rows.
  struct Column {
    char mark = kTextMark;
    std::span<Variable> values;
    std::string_view prefix;  // Of all values; stands in the templates instead.
    bool constant = false;    // There is nothing but the prefix.
  };
  // Lines with the same columns.
  struct Family {
    std::vector<uint32_t> columns;
    std::vector<uint64_t> sizes;  // Per row: of the line, without the template's text.
  };
  // Bytes of the page's values while they are written.
  struct Value {
    explicit Value(Compressor* compressor) : units(compressor) {}
    std::string directory;
    UnitWriter units;
    std::vector<std::string> Finish();
  };

  // What a search asks before it looks at templates.
  struct Summary {
    PageOutline outline;
    TextFilterBuilder filter;
    bool filtered = false;  // Something was added to it.
  };

  void AddRow(const model::LogEntryView& entry);
  void Clear();
  uint32_t SkeletonOf(std::string_view line, uint32_t begin);
  uint32_t MetadataSetOf(std::string_view metadata);
  bool HasMetadata() const { return metadata_sets_.size() > 1 || !metadata_sets_[0].empty(); }
  std::string_view LineOf(const Row& row) const {
    return std::string_view(text_).substr(row.begin, row.size);
  }
  std::string_view TextOf(const Variable& variable) const {
    return std::string_view(text_).substr(variable.begin, variable.size);
  }
  // A page while it is finished.
  struct Draft {
    const TemplatePlan* plan = nullptr;
    std::vector<uint64_t> numbers;  // Per row: of its template.
    std::vector<uint32_t> plain;    // Rows without a pattern.
    std::vector<Column> columns;
    std::vector<std::string> texts;              // Of templates, with what never varies put back.
    std::vector<std::vector<uint32_t>> varying;  // Of templates: the columns of the marks left.
    std::vector<uint32_t> families;              // Of templates.
    uint32_t plain_number = kNoTemplate;         // The template of plain rows, among the patterns.
  };

  const TemplatePlan& PlanSkeletons();
  bool LooksLikeProse();
  Draft PlanRows();
  Draft PlainRows();
  bool HasManyTexts(const Draft& draft) const;
  LogPageSections Encode(Draft draft);
  void NumberTemplates(Draft* draft) const;
  void CollectValues(Draft* draft);
  Variable ValueAt(const Row& row, const PlannedMark& mark) const;
  void SettleColumn(Column* column) const;
  void WriteTexts(Draft* draft) const;
  void PutSummary(std::string* summary) const;
  void PutTimes(Value* head) const;
  void PutColumns(const Draft& draft, Value* head, Value* lines, Summary* summary) const;
  VariableShape ShapeOf(const Column& column) const;
  void PutTemplates(Draft* draft, Value* head, Value* lines, Summary* summary) const;
  void PutPlain(const Draft& draft, Value* head, Value* lines, Summary* summary) const;
  void PutMetadata(Value* metadata) const;

  Compressor compressor_;
  std::string text_;
  std::vector<Row> rows_;
  std::vector<int64_t> times_;  // Parallel to rows_.
  std::vector<Stream> streams_;
  std::vector<Variable> variables_;
  std::string skeleton_texts_;  // Back to back.
  std::vector<std::string_view> skeletons_;
  absl::flat_hash_map<std::string_view, uint32_t> skeleton_numbers_;
  absl::flat_hash_map<std::string, uint32_t> metadata_numbers_;
  std::vector<std::string> metadata_sets_;
  std::vector<uint64_t> metadata_;  // Parallel to rows_.
  LineSplitter splitter_;
  TemplatePlanner planner_;
  std::vector<Variable> values_;  // Of a draft, column by column.
  bool prose_ = false;            // The rest of the page is plain.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LOG_PAGE_BUILDER_H_
