#include "storage/page/segment_reader.h"

#include <algorithm>

#include "storage/page/envelope.h"
#include "storage/page/record_conversion.h"

namespace tidegate::storage {
namespace {

// Damage that concerns one page only; everything else is an error of the read.
bool IsDamage(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsNotFound(status);
}

absl::StatusOr<std::vector<std::string>> ReadSections(std::string_view key, PageKind kind,
                                                      const PageSource& source) {
  auto value = source.Read(key);
  if (!value.ok()) return value.status();
  auto envelope = Envelope::Open(key, *value);
  if (!envelope.ok()) return envelope.status();
  if (envelope->kind() != kind) return absl::DataLossError("the page is of another kind");
  std::vector<std::string> sections;
  for (size_t i = 0; i < envelope->size(); ++i) {
    auto section = envelope->Section(i);
    if (!section.ok()) return section.status();
    sections.push_back(*std::move(section));
  }
  return sections;
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
      const model::TimestampMs ms =
          kind == PageKind::kLogEntry ? ToMilliseconds(record.timestamp) : record.timestamp;
      if (!range.Contains(ms)) continue;
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

absl::Status SegmentReader::ReadEntries(uint32_t series, const model::TimeRange& range,
                                        std::vector<model::LogEntry>* entries) {
  return ReadRecords(PageKind::kLogEntry, series, range, ToLogEntry, entries);
}

}  // namespace tidegate::storage
