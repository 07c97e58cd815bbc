// Reads the points of series out of one segment's pages.
#ifndef TIDEGATE_STORAGE_PAGE_SEGMENT_READER_H_
#define TIDEGATE_STORAGE_PAGE_SEGMENT_READER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/log_entry.h"
#include "storage/page/float_page.h"
#include "storage/page/log_page_screen.h"
#include "storage/page/log_page_view.h"
#include "storage/page/page_source.h"
#include "storage/page/record_page.h"
#include "storage/page/segment_id.h"
#include "storage/page/series_index.h"
#include "storage/page/time_column_pool.h"

namespace tidegate::storage {

// Some samples of one series in one stretch of time. `values` is as long as the slice.
struct FloatPart {
  TimeSlice times;
  std::vector<double> values;
  std::vector<model::TimestampMs> start_timestamps;  // Empty or parallel.
};

// A page that was left out.
struct PageDamage {
  std::string key;
  absl::Status status;
};
using PageDamageFn = std::function<void(const PageDamage&)>;

// Reads and checks the index page; DataLoss when it is damaged, NotFound when the segment has none.
absl::StatusOr<std::shared_ptr<const SeriesIndex>> ReadIndex(const SegmentId& id, PageKind kind,
                                                             const PageSource& source);

// Walks forward through the series of a segment; keeps the decompressed pages of the siblings
// around the last one asked for. Damaged pages are left out and told to `damage_fn`, once each.
// Owned by one thread. Errors: what PageSource::Read calls "not readable right now".
class SegmentReader {
 public:
  struct Input {
    SegmentId id;
    std::shared_ptr<const SeriesIndex> index;  // Not null.
    const PageSource* source = nullptr;        // Outlives the reader.
    TimeColumnPool* pool = nullptr;            // Outlives the reader.
    PageDamageFn damage_fn;
    // Log streams that will be asked for, ascending: those of one page are read together.
    std::vector<uint32_t> streams = {};
    HiddenEntriesFn hidden = nullptr;  // Log entries that never come.
    std::unique_ptr<LogPageScreen> screen =
        nullptr;  // Of the tests that ReadLogs gets; nullptr = none.
  };
  explicit SegmentReader(Input input) : input_(std::move(input)) {}

  // `series` never falls from call to call. Appends what lies in the range, ascending by time.
  absl::Status ReadFloats(uint32_t series, const model::TimeRange& range,
                          std::vector<FloatPart>* parts);
  absl::Status ReadHistograms(uint32_t series, const model::TimeRange& range,
                              std::vector<model::HistogramSample>* histograms);
  absl::Status ReadExemplars(uint32_t series, const model::TimeRange& range,
                             std::vector<model::Exemplar>* exemplars);

  // The log pages that may hold entries of any of the streams in the range.
  std::vector<const PageEntry*> LogPagesIn(const LogRange& range) const;
  // False only when no line of the page passes. Thread safe. Errors: those of LogPageScreen.
  absl::StatusOr<bool> MayPass(const PageEntry& entry) const;
  // Whether the page has not been opened, nor left out.
  bool WantsLogs(const PageEntry& entry) const;
  // Opens a page and lets `read` pass over it for this stream and those behind it; nullptr when
  // nothing can pass or anything fails, which ReadLogs will find again. Several threads may prepare
  // pages at a time, while nothing else is called.
  std::unique_ptr<LogPageView> PrepareLogs(const PageEntry& entry, uint32_t series,
                                           const LogRead& read) const;
  // Takes over what was prepared.
  void Adopt(const PageEntry& entry, std::unique_ptr<LogPageView> view);
  // The log pages that may hold entries of the stream in the range, ascending by time; those that
  // are hidden as a whole are not looked at.
  std::vector<const PageEntry*> LogPagesOf(uint32_t series, const LogRange& range);
  // Where the page has the stream; nullptr when it has not, all of it is hidden, no line can pass,
  // or the page is damaged. Valid until DropPage.
  absl::StatusOr<const LogPage::Stream*> FindLogs(const PageEntry& entry, uint32_t series);
  // The stream's entries in the page that pass, ascending by time, without `stream`; none of a
  // damaged page.
  absl::StatusOr<LogBatch> ReadLogs(const PageEntry& entry, uint32_t series, const LogRead& read);
  // The stream is done with the page: forgets it, unless streams behind it may be there too.
  void DropLogPage(const PageEntry& entry, uint32_t series);

 private:
  struct LoadedPage {
    uint32_t last_series = 0;
    std::unique_ptr<const FloatPage> floats;  // One of the two; neither when damaged.
    std::unique_ptr<const RecordPage> records;
  };
  struct LoadedLogs {
    uint32_t last_series = 0;
    std::unique_ptr<LogPageView> view;  // nullptr when damaged.
  };
  absl::StatusOr<const LoadedPage*> Load(const PageEntry& entry);
  absl::Status Fill(const PageEntry& entry, std::string_view key, LoadedPage* page);
  void Forget(uint32_t series);
  void Damaged(const PageEntry& entry, absl::Status status);
  bool IsHidden(uint32_t series, const LogRange& range) const;
  absl::StatusOr<LogPageView*> LoadLogs(const PageEntry& entry);
  absl::Status AppendPart(const FloatPage& page, uint32_t series, const model::TimeRange& range,
                          std::vector<FloatPart>* parts);
  template <typename Item, typename Convert>
  absl::Status ReadRecords(PageKind kind, uint32_t series, const model::TimeRange& range,
                           Convert convert, std::vector<Item>* items);

  Input input_;
  std::map<uint32_t, LoadedPage> pages_;      // By ordinal.
  std::map<uint32_t, LoadedLogs> log_pages_;  // By ordinal.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SEGMENT_READER_H_
