// Which pages of a segment can hold a line that passes, before one of them is read.
#ifndef TIDEGATE_STORAGE_PAGE_LOG_PAGE_SCREEN_H_
#define TIDEGATE_STORAGE_PAGE_LOG_PAGE_SCREEN_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "storage/logs/template_filter.h"
#include "storage/page/log_outlines.h"
#include "storage/page/page_source.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

// Asks the outlines, and where the values of variables decide, as numbers and identifiers do, the
// columns in question: the rest of the page stays closed. Thread safe; everything that it is
// given outlives it.
class LogPageScreen {
 public:
  struct Input {
    SegmentId id;
    std::shared_ptr<const LogOutlines> outlines;
    const TemplateFilter* filter = nullptr;
    const PageSource* source = nullptr;
    const model::RequestContext* context = nullptr;
  };
  explicit LogPageScreen(Input input);

  // False only when no line of the page passes. What was found is remembered. Errors: those of
  // ReadSections and of the request's Check; a damaged page may hold anything.
  absl::StatusOr<bool> MayPass(uint32_t ordinal);
  // Whether that is known of the page already.
  bool LeavesOut(uint32_t ordinal) const;

 private:
  absl::StatusOr<bool> Look(const LogOutlines::Page& page);

  bool TextMayHold(uint32_t text);

  const Input input_;
  // Whether something may be there, as far as it is known. Whoever comes first writes it; all find
  // the same.
  enum class Chance : uint8_t { kUnknown = 0, kNone, kSome };
  using Chances = std::vector<std::atomic<Chance>>;

  const bool texts_only_;                               // Nothing but literals is looked for.
  const std::vector<TemplateFilter::Chance> possible_;  // In the texts of all pages.
  Chances known_;                                       // Parallel to the pages.
  Chances known_texts_;                                 // Whether one may hold what is looked for.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_PAGE_SCREEN_H_
