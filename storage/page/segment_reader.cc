#include "storage/page/segment_reader.h"

#include <algorithm>

#include "storage/log_page/log_page_format.h"
#include "storage/logs/stream_batches.h"
#include "storage/page/page_sections.h"
#include "storage/page/record_conversion.h"

namespace tidegate::storage {
namespace {

// Damage that concerns one page only; everything else is an error of the read.
bool IsDamage(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsNotFound(status);
}

// The part of the column that lies in the range.
TimeSlice Clip(TimeColumn column, const model::TimeRange& range) {
  const auto& times = *column;
  const auto begin = std::lower_bound(times.begin(), times.end(), range.min);
  const auto end = std::upper_bound(begin, times.end(), range.max);
  return {.column = column,
          .begin = static_cast<uint32_t>(begin - times.begin()),
          .end = static_cast<uint32_t>(end - times.begin())};
}

template <typename T>
void CutOut(const TimeSlice& slice, std::vector<T>* column) {
  if (column->empty() || slice.whole()) return;
  column->resize(slice.end);
  column->erase(column->begin(), column->begin() + slice.begin);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const SeriesIndex>> ReadIndex(const SegmentId& id, PageKind kind,
                                                             const PageSource& source) {
  const uint32_t ordinal =
      kind == PageKind::kMetricIndex ? kMetricIndexOrdinal : kStreamIndexOrdinal;
  auto sections = ReadSections(PageKey(id, ordinal, kind), kind, source);
  if (!sections.ok()) return sections.status();
  return SeriesIndex::Parse(*std::move(sections));
}

void SegmentReader::Damaged(const PageEntry& entry, absl::Status status) {
  if (input_.damage_fn == nullptr) return;
  input_.damage_fn(
      {.key = PageKey(input_.id, entry.ordinal, entry.kind), .status = std::move(status)});
}

void SegmentReader::Forget(uint32_t series) {
  std::erase_if(pages_, [&](const auto& page) { return page.second.last_series < series; });
}

absl::Status SegmentReader::Fill(const PageEntry& entry, std::string_view key, LoadedPage* page) {
  auto sections = ReadSections(key, entry.kind, *input_.source);
  if (!sections.ok()) return sections.status();
  if (entry.kind == PageKind::kFloat) {
    auto floats = FloatPage::Parse(*std::move(sections));
    if (!floats.ok()) return floats.status();
    page->floats = *std::move(floats);
    return absl::OkStatus();
  }
  auto records = RecordPage::Parse(*std::move(sections));
  if (!records.ok()) return records.status();
  page->records = *std::move(records);
  return absl::OkStatus();
}

absl::StatusOr<const SegmentReader::LoadedPage*> SegmentReader::Load(const PageEntry& entry) {
  const auto [at, is_new] = pages_.try_emplace(entry.ordinal);
  LoadedPage& page = at->second;
  if (!is_new) return &page;
  page.last_series = entry.last_series;
  absl::Status status = Fill(entry, PageKey(input_.id, entry.ordinal, entry.kind), &page);
  if (status.ok()) return &page;
  if (!IsDamage(status)) {
    pages_.erase(at);
    return status;
  }
  Damaged(entry, std::move(status));
  return &page;
}

absl::Status SegmentReader::AppendPart(const FloatPage& page, uint32_t series,
                                       const model::TimeRange& range,
                                       std::vector<FloatPart>* parts) {
  const FloatPage::Chunk* chunk = page.Find(series);
  if (chunk == nullptr) return absl::OkStatus();
  auto times = page.Times(*chunk, input_.pool);
  if (!times.ok()) return times.status();
  FloatPart part{.times = Clip(*std::move(times), range), .values = {}, .start_timestamps = {}};
  if (part.times.size() == 0) return absl::OkStatus();
  if (absl::Status status = page.Decode(*chunk, &part.values, &part.start_timestamps);
      !status.ok()) {
    return status;
  }
  CutOut(part.times, &part.values);
  CutOut(part.times, &part.start_timestamps);
  parts->push_back(std::move(part));
  return absl::OkStatus();
}

absl::Status SegmentReader::ReadFloats(uint32_t series, const model::TimeRange& range,
                                       std::vector<FloatPart>* parts) {
  Forget(series);
  for (const PageEntry* entry : input_.index->PagesOf(PageKind::kFloat, series, range)) {
    auto page = Load(*entry);
    if (!page.ok()) return page.status();
    if ((*page)->floats == nullptr) continue;
    absl::Status status = AppendPart(*(*page)->floats, series, range, parts);
    if (!status.ok()) Damaged(*entry, std::move(status));
  }
  return absl::OkStatus();
}

template <typename Item, typename Convert>
absl::Status SegmentReader::ReadRecords(PageKind kind, uint32_t series,
                                        const model::TimeRange& range, Convert convert,
                                        std::vector<Item>* items) {
  Forget(series);
  for (const PageEntry* entry : input_.index->PagesOf(kind, series, range)) {
    auto page = Load(*entry);
    if (!page.ok()) return page.status();
    if ((*page)->records == nullptr) continue;
    const RecordPage::Chunk* chunk = (*page)->records->Find(series);
    if (chunk == nullptr) continue;
    auto records = (*page)->records->Decode(*chunk);
    if (!records.ok()) {
      Damaged(*entry, records.status());
      continue;
    }
    for (const Record& record : *records) {
      if (!range.Contains(record.timestamp)) continue;
      auto item = convert(record);
      if (item.ok()) {
        items->push_back(*std::move(item));
      } else {
        Damaged(*entry, item.status());
      }
    }
  }
  return absl::OkStatus();
}

absl::Status SegmentReader::ReadHistograms(uint32_t series, const model::TimeRange& range,
                                           std::vector<model::HistogramSample>* histograms) {
  return ReadRecords(PageKind::kHistogram, series, range, ToHistogram, histograms);
}

absl::Status SegmentReader::ReadExemplars(uint32_t series, const model::TimeRange& range,
                                          std::vector<model::Exemplar>* exemplars) {
  return ReadRecords(PageKind::kExemplar, series, range, ToExemplar, exemplars);
}

std::vector<const PageEntry*> SegmentReader::LogPagesOf(uint32_t series, const LogRange& range) {
  std::erase_if(log_pages_, [&](const auto& page) { return page.second.last_series < series; });
  if (range.empty()) return {};
  auto pages = input_.index->PagesOf(
      PageKind::kLogPage, series,
      {.min = ToMilliseconds(range.begin), .max = ToMilliseconds(range.end - 1)});
  if (input_.hidden) {
    std::erase_if(
        pages, [&](const PageEntry* page) { return IsHidden(series, NanosecondsOf(page->range)); });
  }
  return pages;
}

// Every line in the range, by one deletion.
bool SegmentReader::IsHidden(uint32_t series, const LogRange& range) const {
  const std::vector<HiddenEntries> hidden = input_.hidden(series);
  return std::any_of(hidden.begin(), hidden.end(), [&](const HiddenEntries& one) {
    return one.filter == nullptr && one.range.begin <= range.begin && range.end <= one.range.end;
  });
}

absl::StatusOr<LogPageView*> SegmentReader::LoadLogs(const PageEntry& entry) {
  const auto [at, is_new] = log_pages_.try_emplace(entry.ordinal);
  LoadedLogs& loaded = at->second;
  if (!is_new) return loaded.view.get();
  loaded.last_series = entry.last_series;
  auto view = LogPageView::Open(input_.id, entry.ordinal, input_.source, &input_.hidden);
  if (view.ok()) {
    loaded.view = *std::move(view);
  } else if (IsDamage(view.status())) {
    Damaged(entry, view.status());
  } else {
    log_pages_.erase(at);
    return view.status();
  }
  return loaded.view.get();
}

std::vector<const PageEntry*> SegmentReader::LogPagesIn(const LogRange& range) const {
  if (range.empty()) return {};
  const model::TimeRange times = MillisecondsOf(range);
  std::vector<const PageEntry*> pages;
  for (const PageEntry& entry : input_.index->pages()) {
    if (entry.kind != PageKind::kLogPage || !entry.range.Overlaps(times)) continue;
    const auto stream =
        std::lower_bound(input_.streams.begin(), input_.streams.end(), entry.first_series);
    if (stream != input_.streams.end() && *stream <= entry.last_series) pages.push_back(&entry);
  }
  return pages;
}

absl::StatusOr<bool> SegmentReader::MayPass(const PageEntry& entry) const {
  return input_.screen == nullptr ? true : input_.screen->MayPass(entry.ordinal);
}

bool SegmentReader::WantsLogs(const PageEntry& entry) const {
  return !log_pages_.contains(entry.ordinal) &&
         (input_.screen == nullptr || !input_.screen->LeavesOut(entry.ordinal));
}

std::unique_ptr<LogPageView> SegmentReader::PrepareLogs(const PageEntry& entry, uint32_t series,
                                                        const LogRead& read) const {
  const auto may_pass = MayPass(entry);
  if (!may_pass.ok() || !*may_pass) return nullptr;
  auto view = LogPageView::Open(input_.id, entry.ordinal, input_.source, &input_.hidden);
  if (!view.ok() || !(*view)->Prepare(series, input_.streams, read).ok()) return nullptr;
  return *std::move(view);
}

void SegmentReader::Adopt(const PageEntry& entry, std::unique_ptr<LogPageView> view) {
  log_pages_[entry.ordinal] = {.last_series = entry.last_series, .view = std::move(view)};
}

absl::StatusOr<const LogPage::Stream*> SegmentReader::FindLogs(const PageEntry& entry,
                                                               uint32_t series) {
  const auto may_pass = MayPass(entry);
  if (!may_pass.ok()) return may_pass.status();
  if (!*may_pass) return nullptr;
  auto view = LoadLogs(entry);
  if (!view.ok()) return view.status();
  const LogPage::Stream* const found = *view == nullptr ? nullptr : (*view)->Find(series);
  if (found == nullptr || !input_.hidden) return found;
  const LogRange times = {.begin = found->first_time, .end = found->last_time + 1};
  return IsHidden(series, times) ? nullptr : found;
}

absl::StatusOr<LogBatch> SegmentReader::ReadLogs(const PageEntry& entry, uint32_t series,
                                                 const LogRead& read) {
  auto view = LoadLogs(entry);
  if (!view.ok()) return view.status();
  if (*view == nullptr) return LogBatch();
  auto batch = (*view)->Read(series, input_.streams, read);
  if (batch.ok() || !IsDamage(batch.status())) return batch;
  Damaged(entry, batch.status());
  log_pages_[entry.ordinal].view = nullptr;
  return LogBatch();
}

void SegmentReader::DropLogPage(const PageEntry& entry, uint32_t series) {
  if (entry.last_series <= series) log_pages_.erase(entry.ordinal);
}

}  // namespace tidegate::storage
