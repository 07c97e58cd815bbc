// Deletions that were made and are not yet applied to every segment.
#ifndef TIDEGATE_STORAGE_STORE_DELETIONS_H_
#define TIDEGATE_STORAGE_STORE_DELETIONS_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "storage/logs/line_filter.h"
#include "storage/logs/template_filter.h"
#include "storage/page/hidden_entries.h"
#include "storage/page/series_index.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// One deletion as it is kept. A segment whose `deletions_applied` is at least `number` is not
// concerned: it was stored later, or was written anew without what is hidden.
struct StoredDeletion {
  uint64_t number = 0;
  std::string tenant;
  model::TimeRange range;
  std::vector<model::Matcher> matchers;
  // Of log entries, not of samples. The rest is theirs alone.
  bool logs = false;
  std::vector<LineTest> tests = {};  // What hides a line must hold in it; none = every line.
  std::string query = {};            // As it was asked for.
  model::TimestampMs created_at = 0;
  model::TimestampMs final_at = 0;  // Can be cancelled until then.

  bool IsFinal(model::TimestampMs now) const { return now >= final_at; }
  friend bool operator==(const StoredDeletion&, const StoredDeletion&) = default;
};

// docs/formats/catalogue.md.
std::string EncodeDeletion(const StoredDeletion& deletion);
// DataLoss when the bytes are damaged; FailedPrecondition for a newer version.
absl::StatusOr<StoredDeletion> DecodeDeletion(std::string_view bytes);

// A deletion ready to be asked. Immutable.
struct ActiveDeletion {
  // InvalidArgument when a matcher or a test does not compile.
  static absl::StatusOr<std::shared_ptr<const ActiveDeletion>> Compile(StoredDeletion stored);

  StoredDeletion stored;
  std::vector<model::CompiledMatcher> matchers;
  LineFilter filter;  // Both of the tests.
  TemplateFilter templates;
};

// Immutable; ascending by number.
using DeletionList = std::vector<std::shared_ptr<const ActiveDeletion>>;

// Whether the deletion hides anything in the segment, as far as the catalogue tells.
bool Concerns(const StoredDeletion& deletion, const SegmentEntry& entry);

// Whether something that can still be cancelled hides anything in the segment: then it must stay as
// it is.
bool MustStay(const DeletionList& deletions, const SegmentEntry& entry, model::TimestampMs now);

// Parts of a range. One is the usual case.
using RangeParts = absl::InlinedVector<model::TimeRange, 1>;

// What the deletions hide in one segment. Immutable once made.
class SegmentDeletions {
 public:
  // Those of the list that concern the segment's log streams (`logs`) or its metric series; the
  // index is that of the same.
  SegmentDeletions(const DeletionList& deletions, const SegmentEntry& entry,
                   const SeriesIndex& index, bool logs);

  bool empty() const { return hidden_.empty(); }
  // What is hidden of a log stream.
  std::vector<HiddenEntries> EntriesOf(uint32_t series) const;
  // What of the range is left to read of a metric series; ascending, may be empty.
  RangeParts Kept(uint32_t series, const model::TimeRange& range) const;
  // Takes out the series of which nothing in the segment is left, as far as single deletions tell.
  void DropHidden(std::vector<uint32_t>* series) const;

 private:
  struct Hidden {
    std::vector<uint32_t> series;  // Ascending.
    std::shared_ptr<const ActiveDeletion> deletion;

    bool Has(uint32_t number) const {
      return std::binary_search(series.begin(), series.end(), number);
    }
    const model::TimeRange& range() const { return deletion->stored.range; }
  };

  model::TimeRange segment_range_;
  std::vector<Hidden> hidden_;
};

// For a reader of the segment; nullptr = nothing is hidden. The deletions outlive the function.
HiddenEntriesFn HiddenIn(const SegmentDeletions* deletions);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_DELETIONS_H_
