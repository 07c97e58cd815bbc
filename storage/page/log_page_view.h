// One log page under a selection: which of its entries pass, and the columns that are wanted.
#ifndef TIDEGATE_STORAGE_PAGE_LOG_PAGE_VIEW_H_
#define TIDEGATE_STORAGE_PAGE_LOG_PAGE_VIEW_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/log_page_lines.h"
#include "storage/log_page/log_page_metadata.h"
#include "storage/log_source.h"
#include "storage/logs/line_filter.h"
#include "storage/logs/template_filter.h"
#include "storage/page/hidden_entries.h"
#include "storage/page/log_page_search.h"
#include "storage/page/page_sections.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// What is wanted of every entry. The filters outlive the readers.
struct LogRead {
  LogRange range;
  LineColumn lines = LineColumn::kLines;
  bool structured_metadata = true;
  const LineFilter* filter = nullptr;  // Both or none.
  const TemplateFilter* templates = nullptr;
  // Without filters: no more than so many entries of a stream, from the beginning of the range, or
  // from its end.
  uint64_t most = UINT64_MAX;
  LogOrder order = LogOrder::kForward;  // For `most` alone: batches ascend always.
};

// Reads a page's summary at once; columns, lines and metadata when somebody wants them. Owned by
// one thread. Errors: those of ReadSections (page_sections.h).
class LogPageView {
 public:
  // What `hidden` says never comes; it outlives the view.
  static absl::StatusOr<std::unique_ptr<LogPageView>> Open(const SegmentId& id, uint32_t ordinal,
                                                           const PageSource* source,
                                                           const HiddenEntriesFn* hidden);

  const LogPage::Stream* Find(uint32_t number) const { return page_->Find(number); }

  // Finds out what passes, as Read does for its first stream.
  absl::Status Prepare(uint32_t number, std::span<const uint32_t> wanted, const LogRead& read);
  // The entries of a stream of the page that pass, ascending by time, without `stream`. Lines are
  // built for all of `wanted` (ascending) at once, beginning with this stream, and kept for the
  // next one as long as `read` stays the same.
  absl::StatusOr<LogBatch> Read(uint32_t number, std::span<const uint32_t> wanted,
                                const LogRead& read);

 private:
  // Rows that pass, with their lines when those were built.
  struct Passing {
    LogRead read;
    uint32_t first_row = 0;  // Rows before it were not asked for.
    std::vector<uint32_t> rows;
    std::vector<std::string_view> lines;
    std::shared_ptr<const char[]> text;
    uint64_t text_bytes = 0;
  };
  LogPageView(SegmentId id, uint32_t ordinal, const PageSource* source,
              const HiddenEntriesFn* hidden)
      : id_(std::move(id)), ordinal_(ordinal), source_(*source), hidden_(*hidden) {}

  absl::Status Pass(const LogPage::Stream& first, std::span<const uint32_t> wanted,
                    const LogRead& read);
  absl::StatusOr<std::vector<uint32_t>> RowsInRange(const LogPage::Stream& first,
                                                    std::span<const uint32_t> wanted,
                                                    const LogRead& read);
  absl::Status Load();
  std::vector<Verdict> Judge(const TemplateFilter& filter) const;
  absl::Status JudgeTemplates(const TemplateFilter& filter);
  // Takes out what is hidden (log_page_view_hidden.cc).
  absl::Status DropHidden(std::vector<uint32_t>* rows);
  absl::StatusOr<std::vector<uint32_t>> HiddenRows(std::span<const uint32_t> rows);
  absl::Status AddHeld(const LineFilter& filter, const TemplateFilter& templates,
                       std::span<const uint32_t> rows, std::vector<uint32_t>* held);
  bool NoneIsLeft() const;
  TemplateFilter::Page Summary() const;
  absl::Status OpenLines();
  // Sorts the rows that pass whatever their lines are, and those whose lines decide.
  absl::Status JudgeRows(std::span<const uint32_t> rows, std::vector<uint32_t>* passing,
                         std::vector<uint32_t>* undecided);
  // Those of the rows whose lines pass, and the lines.
  absl::Status BuildLines(std::span<const uint32_t> rows, std::span<const uint32_t> undecided,
                          const LineFilter* filter);
  void CountScanned(uint64_t lines, LogBatch* batch) const;
  absl::Status AddMetadata(std::span<const uint32_t> rows, LogBatch* batch);

  const SegmentId id_;
  const uint32_t ordinal_;
  const PageSource& source_;
  const HiddenEntriesFn& hidden_;
  std::unique_ptr<LazySections> head_;  // Until the page is loaded.
  std::unique_ptr<LogPage> page_;
  std::unique_ptr<LogPageLines> lines_;
  std::unique_ptr<LogPageMetadata> metadata_;
  std::vector<Verdict> verdicts_;          // Per template.
  std::unique_ptr<LogPageSearch> search_;  // Of the templates that are kMaybe, if any.
  std::unique_ptr<Passing> passing_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_PAGE_VIEW_H_
