#include "storage/page/log_page_view.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/page/page_sections.h"

namespace tidegate::storage {
namespace {

// Lines that passed are copied when they are less than this part of those that were built.
constexpr uint64_t kSparse = 4;
// Beside the texts, about what an entry of a batch takes.
constexpr uint64_t kEntryBytes = 40;

// Says which of the page's values an error is about.
absl::Status In(std::string_view value, const absl::Status& status) {
  return absl::Status(status.code(), std::string(value) + ": " + std::string(status.message()));
}

bool Lies(const LogPage::Stream& stream, const LogRange& range) {
  return range.begin <= stream.first_time && stream.last_time < range.end;
}

// What passed under `done` holds what passes under `wanted`, which may be narrower.
bool Covers(const LogRead& done, const LogRead& wanted) {
  return done.range.begin <= wanted.range.begin && wanted.range.end <= done.range.end &&
         done.lines == wanted.lines && done.filter == wanted.filter && wanted.most <= done.most &&
         done.order == wanted.order;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LogPageView>> LogPageView::Open(const SegmentId& id,
                                                               uint32_t ordinal,
                                                               const PageSource* source,
                                                               const HiddenEntriesFn* hidden) {
  std::unique_ptr<LogPageView> view(new LogPageView(id, ordinal, source, hidden));
  auto head =
      LazySections::Open(PageKey(id, ordinal, PageKind::kLogPage), PageKind::kLogPage, *source);
  if (!head.ok()) return head.status();
  auto summary = (*head)->Section(0);
  if (!summary.ok()) return summary.status();
  auto page = LogPage::Parse(*std::move(summary));
  if (!page.ok()) return page.status();
  view->head_ = *std::move(head);
  view->page_ = *std::move(page);
  return view;
}

absl::Status LogPageView::Load() {
  if (page_->loaded()) return absl::OkStatus();
  auto directory = head_->Section(1);
  if (!directory.ok()) return directory.status();
  auto blob = head_->Section(2);
  if (!blob.ok()) return blob.status();
  head_.reset();
  return page_->Load(*std::move(directory), *std::move(blob));
}

TemplateFilter::Page LogPageView::Summary() const {
  return {.texts = page_->texts(), .classes = page_->variable_classes(), .filter = page_->filter()};
}

bool LogPageView::NoneIsLeft() const {
  return std::all_of(verdicts_.begin(), verdicts_.end(),
                     [](Verdict verdict) { return verdict == Verdict::kNone; });
}

std::vector<Verdict> LogPageView::Judge(const TemplateFilter& filter) const {
  std::vector<LineTemplate> templates;
  templates.reserve(page_->templates().size());
  for (const LogPage::Template& one : page_->templates()) templates.push_back(one.lines);
  return filter.Judge(Summary(), templates);
}

absl::Status LogPageView::JudgeTemplates(const TemplateFilter& filter) {
  if (!verdicts_.empty()) return absl::OkStatus();
  verdicts_ = Judge(filter);
  const bool maybe =
      std::find(verdicts_.begin(), verdicts_.end(), Verdict::kMaybe) != verdicts_.end();
  if (!maybe) return absl::OkStatus();
  const auto open_lines = [this]() -> absl::StatusOr<LogPageLines*> {
    if (absl::Status status = OpenLines(); !status.ok()) return status;
    return lines_.get();
  };
  search_ = std::make_unique<LogPageSearch>(open_lines, filter);
  return search_->Settle(TemplatesOf(*page_), &verdicts_);
}

absl::StatusOr<std::vector<uint32_t>> LogPageView::RowsInRange(const LogPage::Stream& first,
                                                               std::span<const uint32_t> wanted,
                                                               const LogRead& read) {
  const auto times = page_->Times();
  if (!times.ok()) return times.status();
  std::vector<uint32_t> rows;
  for (const LogPage::Stream& stream : page_->streams()) {
    if (stream.number < first.number) continue;
    if (stream.number != first.number &&
        !std::binary_search(wanted.begin(), wanted.end(), stream.number)) {
      continue;
    }
    const auto all = times->subspan(stream.begin, stream.end - stream.begin);
    auto begin = std::lower_bound(all.begin(), all.end(), read.range.begin);
    auto end = std::lower_bound(begin, all.end(), read.range.end);
    const bool all_pass = read.filter == nullptr && !hidden_;
    if (all_pass && static_cast<uint64_t>(end - begin) > read.most) {
      const auto most = static_cast<ptrdiff_t>(read.most);
      if (read.order == LogOrder::kForward) {
        end = begin + most;
      } else {
        begin = end - most;
      }
    }
    for (auto at = begin; at != end; ++at) {
      rows.push_back(stream.begin + static_cast<uint32_t>(at - all.begin()));
    }
  }
  return rows;
}

absl::Status LogPageView::OpenLines() {
  if (lines_ != nullptr) return absl::OkStatus();
  auto sections =
      ReadSections(PageKey(id_, ordinal_, PageKind::kLogLines), PageKind::kLogLines, source_);
  if (!sections.ok()) return In("its lines", sections.status());
  auto lines = LogPageLines::Parse(*std::move(sections), *page_);
  if (!lines.ok()) return lines.status();
  lines_ = std::make_unique<LogPageLines>(*std::move(lines));
  return absl::OkStatus();
}

absl::Status LogPageView::JudgeRows(std::span<const uint32_t> rows, std::vector<uint32_t>* passing,
                                    std::vector<uint32_t>* undecided) {
  const auto numbers = page_->TemplateNumbers();
  if (!numbers.ok()) return numbers.status();
  std::vector<Verdict> verdicts;
  std::vector<std::vector<uint32_t>> open(verdicts_.size());  // Places in `rows`, by template.
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t number = (*numbers)[rows[i]];
    verdicts.push_back(verdicts_[number]);
    if (verdicts[i] == Verdict::kMaybe) open[number].push_back(static_cast<uint32_t>(i));
  }
  for (uint32_t number = 0; number < open.size(); ++number) {
    if (open[number].empty()) continue;
    std::vector<uint32_t> own;
    for (const uint32_t i : open[number]) own.push_back(rows[i]);
    const auto judged = search_->Judge(page_.get(), own, number);
    if (!judged.ok()) return judged.status();
    for (size_t i = 0; i < own.size(); ++i) verdicts[open[number][i]] = (*judged)[i];
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (verdicts[i] == Verdict::kAll) passing->push_back(rows[i]);
    if (verdicts[i] == Verdict::kMaybe) undecided->push_back(rows[i]);
  }
  return absl::OkStatus();
}

absl::Status LogPageView::BuildLines(std::span<const uint32_t> rows,
                                     std::span<const uint32_t> undecided,
                                     const LineFilter* filter) {
  Passing& passing = *passing_;
  if (absl::Status status = OpenLines(); !status.ok()) return status;
  auto built = lines_->Build(page_.get(), rows);
  if (!built.ok()) return built.status();
  uint64_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool test = !undecided.empty() && undecided.front() == rows[i];
    if (test) undecided = undecided.subspan(1);
    if (test && !filter->Holds(built->lines[i])) continue;
    passing.rows.push_back(rows[i]);
    passing.lines.push_back(built->lines[i]);
    kept += built->lines[i].size();
  }
  passing.text = std::move(built->text);
  passing.text_bytes = built->bytes;
  if (kept * kSparse >= built->bytes) return absl::OkStatus();
  auto text = std::make_unique_for_overwrite<char[]>(kept);
  char* at = text.get();
  for (std::string_view& line : passing.lines) {
    line.copy(at, line.size());
    line = {at, line.size()};
    at += line.size();
  }
  passing.text = std::move(text);
  passing.text_bytes = kept;
  return absl::OkStatus();
}

absl::Status LogPageView::Pass(const LogPage::Stream& first, std::span<const uint32_t> wanted,
                               const LogRead& read) {
  passing_ = std::make_unique<Passing>();
  passing_->read = read;
  passing_->first_row = first.begin;
  if (read.filter != nullptr && read.templates->NonePasses(Summary())) return absl::OkStatus();
  if (absl::Status status = Load(); !status.ok()) return status;
  if (read.filter != nullptr) {
    if (absl::Status status = JudgeTemplates(*read.templates); !status.ok()) return status;
    if (NoneIsLeft()) return absl::OkStatus();
  }
  auto rows = RowsInRange(first, wanted, read);
  if (!rows.ok()) return rows.status();
  if (absl::Status status = DropHidden(&*rows); !status.ok()) return status;
  std::vector<uint32_t> passing, undecided;
  if (read.filter == nullptr) {
    passing = *std::move(rows);
  } else if (absl::Status status = JudgeRows(*rows, &passing, &undecided); !status.ok()) {
    return status;
  }
  if (lines_ != nullptr) lines_->Forget();
  if (read.lines == LineColumn::kLines) {
    std::vector<uint32_t> all;
    std::merge(passing.begin(), passing.end(), undecided.begin(), undecided.end(),
               std::back_inserter(all));
    return BuildLines(all, undecided, read.filter);
  }
  if (!undecided.empty()) {
    // Lines decide, but nobody wants them.
    absl::Status status = BuildLines(undecided, undecided, read.filter);
    if (!status.ok()) return status;
    passing_->lines.clear();
    passing_->text.reset();
    passing_->text_bytes = 0;
  }
  std::vector<uint32_t> passed;
  std::merge(passing.begin(), passing.end(), passing_->rows.begin(), passing_->rows.end(),
             std::back_inserter(passed));
  passing_->rows = std::move(passed);
  return absl::OkStatus();
}

absl::Status LogPageView::AddMetadata(std::span<const uint32_t> rows, LogBatch* batch) {
  if (!page_->has_metadata()) return absl::OkStatus();
  if (metadata_ == nullptr) {
    auto sections = ReadSections(PageKey(id_, ordinal_, PageKind::kLogMetadata),
                                 PageKind::kLogMetadata, source_);
    if (!sections.ok()) return In("its metadata", sections.status());
    auto metadata = ParseLogPageMetadata(*std::move(sections), page_->rows());
    if (!metadata.ok()) return metadata.status();
    metadata_ = std::make_unique<LogPageMetadata>(*std::move(metadata));
  }
  std::vector<uint32_t> places(metadata_->sets.size(), UINT32_MAX);
  bool any = false;
  for (const uint32_t row : rows) {
    const uint32_t number = metadata_->numbers[row];
    uint32_t& place = places[number];
    if (place == UINT32_MAX) {
      place = static_cast<uint32_t>(batch->metadata_sets.size());
      batch->metadata_sets.push_back(metadata_->sets[number]);
      any |= !metadata_->sets[number].empty();
      batch->memory_bytes += metadata_->sets[number].bytes().size() + sizeof(model::Labels);
    }
    batch->metadata.push_back(place);
  }
  if (any) return absl::OkStatus();
  batch->metadata.clear();
  batch->metadata_sets.clear();
  return absl::OkStatus();
}

void LogPageView::CountScanned(uint64_t lines, LogBatch* batch) const {
  batch->lines_scanned = lines;
  batch->bytes_scanned = page_->text_bytes() * lines / page_->rows();
}

absl::Status LogPageView::Prepare(uint32_t number, std::span<const uint32_t> wanted,
                                  const LogRead& read) {
  const LogPage::Stream* const stream = page_->Find(number);
  if (stream == nullptr) return absl::OkStatus();
  absl::Status status = Pass(*stream, wanted, read);
  if (!status.ok()) passing_.reset();
  return status;
}

absl::StatusOr<LogBatch> LogPageView::Read(uint32_t number, std::span<const uint32_t> wanted,
                                           const LogRead& read) {
  LogBatch batch;
  const LogPage::Stream* const stream = page_->Find(number);
  if (stream == nullptr) return batch;
  const bool passed = passing_ != nullptr && Covers(passing_->read, read) &&
                      (passing_->first_row == stream->begin ||
                       (passing_->first_row < stream->begin &&
                        std::binary_search(wanted.begin(), wanted.end(), number)));
  if (!passed) {
    if (absl::Status status = Prepare(number, wanted, read); !status.ok()) return status;
  }
  if (passing_->rows.empty() && Lies(*stream, read.range)) {
    CountScanned(stream->end - stream->begin, &batch);
    return batch;
  }
  if (absl::Status status = Load(); !status.ok()) return status;
  const auto times = page_->Times();
  if (!times.ok()) return times.status();
  const auto scanned = times->subspan(stream->begin, stream->end - stream->begin);
  CountScanned(
      static_cast<uint64_t>(std::lower_bound(scanned.begin(), scanned.end(), read.range.end) -
                            std::lower_bound(scanned.begin(), scanned.end(), read.range.begin)),
      &batch);
  const std::vector<uint32_t>& rows = passing_->rows;
  const auto before = [&times](uint32_t row, model::TimestampNs time) {
    return (*times)[row] < time;
  };
  auto begin = std::lower_bound(rows.begin(), rows.end(), stream->begin);
  auto end = std::lower_bound(begin, rows.end(), stream->end);
  begin = std::lower_bound(begin, end, read.range.begin, before);
  end = std::lower_bound(begin, end, read.range.end, before);
  const std::span<const uint32_t> own(begin, end);
  if (own.empty()) return batch;
  for (const uint32_t row : own) batch.timestamps.push_back((*times)[row]);
  if (read.lines != LineColumn::kNone) {
    const auto sizes = page_->Sizes();
    if (!sizes.ok()) return sizes.status();
    for (const uint32_t row : own) batch.line_sizes.push_back((*sizes)[row]);
  }
  batch.memory_bytes = own.size() * kEntryBytes;
  if (read.lines == LineColumn::kLines) {
    const auto first = passing_->lines.begin() + (begin - rows.begin());
    batch.lines.assign(first, first + (end - begin));
    batch.memory = passing_->text;
    batch.memory_bytes += passing_->text_bytes * own.size() / rows.size();
  }
  if (read.structured_metadata) {
    if (absl::Status status = AddMetadata(own, &batch); !status.ok()) return status;
  }
  return batch;
}

}  // namespace tidegate::storage
