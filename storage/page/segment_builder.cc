#include "storage/page/segment_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "storage/log_page/log_page_builder.h"
#include "storage/log_page/log_page_format.h"
#include "storage/page/envelope.h"
#include "storage/page/float_group.h"
#include "storage/page/log_outlines.h"
#include "storage/page/record_conversion.h"
#include "storage/page/record_page.h"
#include "storage/page/repeat_filter.h"
#include "storage/page/series_index_builder.h"
#include "storage/page/series_order.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

constexpr size_t kFullRecordBytes = 256 << 10;  // Raw bytes of records that make a page full.
constexpr size_t kMostRecordsAtOnce = 4096;     // A long series is added to pages in pieces.

// Series of one index: metrics or streams.
struct Family {
  SeriesIndexBuilder index;
  model::Labels last;
};

// A page of records that is being filled.
struct OpenPage {
  RecordPageBuilder builder;
  PageEntry entry;
};

model::TimeRange Join(const model::TimeRange& a, const model::TimeRange& b) {
  return {.min = std::min(a.min, b.min), .max = std::max(a.max, b.max)};
}

constexpr model::TimeRange kNoRange = {.min = model::kMaxTimestamp, .max = model::kMinTimestamp};

}  // namespace

class SegmentBuilder::Impl {
 public:
  Impl(SegmentId id, PartitionSpan partition, PageFn page_fn)
      : id_(std::move(id)), page_fn_(std::move(page_fn)) {
    id_.span = partition;
    segment_.partition = partition;
    segment_.tenant = id_.tenant;
  }

  absl::Status AddSeries(model::LabelsView labels, const SeriesInput& input) {
    model::TimeRange range = kNoRange;
    absl::Status status = CheckFloats(input, &range);
    if (status.ok()) status = CheckItems(input.histograms, true, &range);
    if (status.ok()) status = CheckItems(input.exemplars, false, &range);
    if (!status.ok()) return status;
    auto series = NextSeries(labels, range, &metrics_);
    if (!series.ok()) return series.status();
    status = AddFloats(*series, input);
    if (status.ok()) status = AddRecords(*series, PageKind::kHistogram, input.histograms);
    if (status.ok()) status = AddRecords(*series, PageKind::kExemplar, input.exemplars);
    return status;
  }

  absl::Status AddStream(model::LabelsView labels, std::span<const model::LogEntryView> entries) {
    const model::TimeRange range = {.min = ToMilliseconds(entries.front().timestamp),
                                    .max = ToMilliseconds(entries.back().timestamp)};
    const bool more = streams_.index.series_count() > 0 && streams_.last.bytes() == labels.bytes();
    if (!more) repeats_.Clear();
    if (!repeats_.Ascend(entries)) return Disorder("log entry");
    if (absl::Status status = CheckInside(range); !status.ok()) return status;
    if (more) {
      streams_.index.Extend(range);
    } else if (auto series = NextSeries(labels, range, &streams_); !series.ok()) {
      return series.status();
    }
    return AddEntries(streams_.index.series_count() - 1, repeats_.Drop(entries));
  }

  bool empty() const {
    return metrics_.index.series_count() == 0 && streams_.index.series_count() == 0;
  }

  absl::StatusOr<SealedSegment> Finish() {
    absl::Status status = FlushFloats();
    for (const PageKind kind : {PageKind::kHistogram, PageKind::kExemplar}) {
      if (status.ok()) status = FlushRecords(kind);
    }
    if (status.ok()) status = FlushLogs();
    if (status.ok()) status = WriteOutlines();
    if (status.ok()) status = WriteIndex(metrics_, kMetricIndexOrdinal, PageKind::kMetricIndex);
    if (status.ok()) status = WriteIndex(streams_, kStreamIndexOrdinal, PageKind::kStreamIndex);
    if (!status.ok()) return status;
    segment_.range = Join(metrics_.index.range(), streams_.index.range());
    segment_.series = uint64_t{metrics_.index.series_count()} + streams_.index.series_count();
    return std::move(segment_);
  }

 private:
  absl::Status Disorder(std::string_view what) const {
    return absl::InternalError(fmt::format("{}: a {} is out of order", ToString(id_), what));
  }

  absl::Status CheckInside(const model::TimeRange& range) const {
    const model::TimeRange partition = RangeOf(segment_.partition);
    if (!range.empty() && (range.min < partition.min || range.max > partition.max)) {
      return absl::InternalError(
          fmt::format("{}: points in {}..{} lie outside the partition {}..{}", ToString(id_),
                      range.min, range.max, partition.min, partition.max));
    }
    return absl::OkStatus();
  }

  absl::Status CheckFloats(const SeriesInput& input, model::TimeRange* range) const {
    const auto& times = input.timestamps;
    if (times.size() != input.values.size() ||
        (!input.start_timestamps.empty() && times.size() != input.start_timestamps.size())) {
      return absl::InternalError("columns of different length");
    }
    if (times.empty()) return absl::OkStatus();
    if (std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) != times.end()) {
      return Disorder("sample");
    }
    *range = {.min = times.front(), .max = times.back()};
    return CheckInside(*range);
  }

  template <typename Item>
  absl::Status CheckItems(std::span<const Item> items, bool strictly,
                          model::TimeRange* range) const {
    for (size_t i = 1; i < items.size(); ++i) {
      if (items[i].timestamp < items[i - 1].timestamp + (strictly ? 1 : 0)) {
        return Disorder("histogram or exemplar");
      }
    }
    if (items.empty()) return absl::OkStatus();
    *range = Join(*range, {.min = items.front().timestamp, .max = items.back().timestamp});
    return CheckInside(*range);
  }

  // The number of the series in its index. Callers skip empty inputs first.
  absl::StatusOr<uint32_t> NextSeries(model::LabelsView labels, const model::TimeRange& range,
                                      Family* family) {
    if (family->index.series_count() > 0 && CompareSeriesOrder(family->last.view(), labels) >= 0) {
      return Disorder("series");
    }
    family->last = model::Labels(labels);
    return family->index.Add(labels, range);
  }

  absl::Status AddFloats(uint32_t series, const SeriesInput& input) {
    if (input.timestamps.empty()) return absl::OkStatus();
    segment_.samples += input.timestamps.size();
    floats_.Add(series, input.timestamps, input.values, input.start_timestamps);
    return floats_.full() ? FlushFloats() : absl::OkStatus();
  }

  absl::Status FlushFloats() {
    if (floats_.empty()) return absl::OkStatus();
    return floats_.Flush([this](std::vector<std::string> sections, uint32_t first, uint32_t last,
                                const model::TimeRange& range) {
      return WritePage({.kind = PageKind::kFloat,
                        .ordinal = next_ordinal_++,
                        .first_series = first,
                        .last_series = last,
                        .range = range},
                       sections, &metrics_);
    });
  }

  template <typename Item>
  absl::Status AddRecords(uint32_t series, PageKind kind, std::span<const Item> items) {
    OpenPage& page = open_[static_cast<size_t>(kind)];
    segment_.samples += items.size();
    while (!items.empty()) {
      const auto piece = items.first(std::min(items.size(), kMostRecordsAtOnce));
      items = items.subspan(piece.size());
      const OwnedRecords owned = ToRecords(piece);
      if (page.builder.empty()) {
        page.entry = {.kind = kind, .first_series = series, .range = kNoRange};
      }
      page.entry.last_series = series;
      page.entry.range =
          Join(page.entry.range, {.min = piece.front().timestamp, .max = piece.back().timestamp});
      page.builder.Add(series, owned.records);
      // A series occurs once per page, so a piece that has a successor closes it.
      if (page.builder.size() < kFullRecordBytes && items.empty()) continue;
      if (absl::Status status = FlushRecords(kind); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddEntries(uint32_t series, std::span<const model::LogEntryView> entries) {
    segment_.samples += entries.size();
    while (!entries.empty()) {
      if (logs_ == nullptr) logs_ = std::make_unique<LogPageBuilder>();
      if (logs_->empty()) {
        log_entry_ = {.kind = PageKind::kLogPage, .first_series = series, .range = kNoRange};
      }
      const auto taken = entries.first(logs_->Add(series, entries));
      entries = entries.subspan(taken.size());
      log_entry_.last_series = series;
      log_entry_.range = Join(log_entry_.range, {.min = ToMilliseconds(taken.front().timestamp),
                                                 .max = ToMilliseconds(taken.back().timestamp)});
      if (!logs_->full()) continue;
      if (absl::Status status = FlushLogs(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status FlushLogs() {
    if (logs_ == nullptr || logs_->empty()) return absl::OkStatus();
    log_entry_.ordinal = next_ordinal_++;
    const LogPageSections sections = logs_->Finish();
    const std::pair<PageKind, const std::vector<std::string>*> values[] = {
        {PageKind::kLogPage, &sections.head},
        {PageKind::kLogLines, &sections.lines},
        {PageKind::kLogMetadata, &sections.metadata}};
    log_entry_.bytes = 0;
    for (const auto& [kind, value_sections] : values) {
      if (value_sections->empty()) continue;
      std::string key = PageKey(id_, log_entry_.ordinal, kind);
      std::string value = SealEnvelope(key, kind, *value_sections);
      log_entry_.bytes += value.size();
      if (absl::Status status = Emit(std::move(key), std::move(value)); !status.ok()) return status;
    }
    streams_.index.AddPage(log_entry_);
    outlines_.Add(log_entry_.ordinal, sections.outline, sections.texts, sections.filter);
    return absl::OkStatus();
  }

  absl::Status FlushRecords(PageKind kind) {
    OpenPage& page = open_[static_cast<size_t>(kind)];
    if (page.builder.empty()) return absl::OkStatus();
    page.entry.ordinal = next_ordinal_++;
    return WritePage(page.entry, page.builder.Finish(), &metrics_);
  }

  absl::Status WritePage(PageEntry entry, const std::vector<std::string>& sections,
                         Family* family) {
    std::string key = PageKey(id_, entry.ordinal, entry.kind);
    std::string value = SealEnvelope(key, entry.kind, sections);
    entry.bytes = value.size();
    family->index.AddPage(entry);
    return Emit(std::move(key), std::move(value));
  }

  absl::Status WriteOutlines() {
    if (outlines_.empty()) return absl::OkStatus();
    std::string key = PageKey(id_, kLogOutlinesOrdinal, PageKind::kLogOutlines);
    std::string value = SealEnvelope(key, PageKind::kLogOutlines, outlines_.Finish());
    return Emit(std::move(key), std::move(value));
  }

  absl::Status WriteIndex(const Family& family, uint32_t ordinal, PageKind kind) {
    if (family.index.series_count() == 0) return absl::OkStatus();
    std::string key = PageKey(id_, ordinal, kind);
    std::string value = SealEnvelope(key, kind, family.index.Finish());
    return Emit(std::move(key), std::move(value));
  }

  absl::Status Emit(std::string key, std::string value) {
    if (page_fn_ != nullptr) return page_fn_(std::move(key), std::move(value));
    segment_.pages.emplace_back(std::move(key), std::move(value));
    return absl::OkStatus();
  }

  SegmentId id_;
  PageFn page_fn_;
  SealedSegment segment_;
  Family metrics_;
  Family streams_;
  FloatGroup floats_;
  OpenPage open_[static_cast<size_t>(PageKind::kExemplar) + 1];
  std::unique_ptr<LogPageBuilder> logs_;  // From the first entry on.
  PageEntry log_entry_;                   // Of the page in logs_.
  LogOutlinesBuilder outlines_;           // Of the pages before it.
  RepeatFilter repeats_;                  // Of the last stream.
  uint32_t next_ordinal_ = 0;
};

SegmentBuilder::SegmentBuilder(SegmentId id, PartitionSpan partition, PageFn page_fn)
    : impl_(std::make_unique<Impl>(std::move(id), partition, std::move(page_fn))) {}
SegmentBuilder::~SegmentBuilder() = default;
SegmentBuilder::SegmentBuilder(SegmentBuilder&&) noexcept = default;
SegmentBuilder& SegmentBuilder::operator=(SegmentBuilder&&) noexcept = default;

absl::Status SegmentBuilder::AddSeries(model::LabelsView labels, const SeriesInput& input) {
  return input.empty() ? absl::OkStatus() : impl_->AddSeries(labels, input);
}

absl::Status SegmentBuilder::AddStream(model::LabelsView labels,
                                       std::span<const model::LogEntryView> entries) {
  return entries.empty() ? absl::OkStatus() : impl_->AddStream(labels, entries);
}

absl::Status SegmentBuilder::AddStream(model::LabelsView labels,
                                       std::span<const model::LogEntry> entries) {
  std::vector<model::LogEntryView> views;
  views.reserve(entries.size());
  for (const model::LogEntry& entry : entries) {
    views.push_back({.timestamp = entry.timestamp,
                     .line = entry.line,
                     .structured_metadata = entry.structured_metadata.bytes()});
  }
  return AddStream(labels, views);
}

bool SegmentBuilder::empty() const { return impl_->empty(); }

absl::StatusOr<SealedSegment> SegmentBuilder::Finish() { return impl_->Finish(); }

}  // namespace tidegate::storage
