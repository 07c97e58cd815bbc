// The outlines of all log pages of a segment, in one value: a search that most pages have nothing
// for reads nothing else (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_PAGE_LOG_OUTLINES_H_
#define TIDEGATE_STORAGE_PAGE_LOG_OUTLINES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/log_page/page_outline.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// Owned by one thread. Texts that several pages have are kept once.
class LogOutlinesBuilder {
 public:
  // Ordinals ascend. `texts`: of the outline's templates; `filter`: of plain lines and texts
  // (text_filter.h), empty when there are none.
  void Add(uint32_t ordinal, const PageOutline& outline, const std::vector<std::string>& texts,
           std::string_view filter);
  bool empty() const { return pages_ == 0; }
  // The sections of the value.
  std::vector<std::string> Finish() const;

 private:
  absl::flat_hash_map<std::string, uint32_t> text_numbers_;
  std::string text_sizes_;  // In the order of their numbers, like the next.
  std::string texts_;
  uint32_t pages_ = 0;
  uint32_t next_ordinal_ = 0;
  std::string pages_bytes_;
};

// Immutable.
class LogOutlines {
 public:
  struct Page {
    uint32_t ordinal = 0;
    uint8_t classes = 0;       // All that occur in words and numbers.
    std::string_view filter;   // Of plain lines and texts; empty when there are none.
    std::string_view outline;  // For ParseOutline.
  };
  // DataLoss.
  static absl::StatusOr<std::shared_ptr<const LogOutlines>> Parse(
      std::vector<std::string> sections);
  LogOutlines(const LogOutlines&) = delete;
  LogOutlines& operator=(const LogOutlines&) = delete;

  const Page* Find(uint32_t ordinal) const;  // nullptr when there is none.
  const std::vector<Page>& pages() const { return pages_; }
  // Of all templates, and how many marks each has.
  const std::vector<std::string_view>& texts() const { return texts_; }
  const std::vector<uint32_t>& marks() const { return marks_; }
  // The texts without a kTextMark (line_skeleton.h) back to back, and the others.
  std::string_view closed_texts() const;
  std::string_view open_texts() const;
  uint8_t classes() const { return classes_; }  // Of all pages.
  uint64_t memory_bytes() const;

 private:
  LogOutlines() = default;
  bool ParseTexts(std::string_view section);
  bool ParsePages();

  void Sort(const std::vector<std::string_view>& texts);

  std::string texts_bytes_;  // What texts_ views.
  size_t closed_bytes_ = 0;  // Of texts without a kTextMark, which come first.
  std::vector<std::string_view> texts_;
  std::vector<uint32_t> marks_;  // Parallel to texts_.
  std::string pages_bytes_;      // What pages_ views.
  std::vector<Page> pages_;      // Ascending by ordinal.
  uint8_t classes_ = 0;
};

// NotFound when the segment has none, or is older than they are; DataLoss when they are damaged.
absl::StatusOr<std::shared_ptr<const LogOutlines>> ReadLogOutlines(const SegmentId& id,
                                                                   const PageSource& source);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_OUTLINES_H_
