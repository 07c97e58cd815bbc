// Reads log pages on several threads before they are wanted.
#ifndef TIDEGATE_STORAGE_STORE_READ_AHEAD_H_
#define TIDEGATE_STORAGE_STORE_READ_AHEAD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/lent_threads.h"
#include "storage/log_source.h"
#include "storage/page/segment_reader.h"

namespace tidegate::storage {

// What is read is handed to the readers; it stays theirs to answer, in their order, so that an
// answer is the same on any number of threads. Belongs to one request and is used by its thread;
// everything that it is given outlives it.
class ReadAhead {
 public:
  // `templates`: of the selection's tests; nullptr without any.
  ReadAhead(LentThreads* threads, const LogSelection& selection, const TemplateFilter* templates);

  LentThreads& threads() { return threads_; }
  // Nobody else reads: there is nothing to gain.
  bool alone() const { return threads_.most() == 1; }
  // How many pages it is worth to prepare at a time.
  size_t window() const { return kPagesAThread * threads_.most(); }

  struct Page {
    SegmentReader* reader = nullptr;
    const PageEntry* entry = nullptr;
    uint32_t series = 0;
  };
  // Opens the pages, which are not open yet, and lets `read` pass over them. What fails is left to
  // the reader.
  void Prepare(const std::vector<Page>& pages, const LogRead& read);

  // Parallel to the readers: whether any of their pages may hold an entry in the range that passes.
  // Errors: those of SegmentReader::MayPass.
  absl::StatusOr<std::vector<bool>> AnyMayPass(const std::vector<SegmentReader*>& readers,
                                               const LogRange& range);

 private:
  static constexpr size_t kPagesAThread = 4;
  // Automata belong to one thread, so each has a filter of its own.
  const TemplateFilter* FilterOf(size_t worker);

  LentThreads& threads_;
  const LogSelection& selection_;
  const TemplateFilter* const templates_;
  std::vector<std::unique_ptr<TemplateFilter>> copies_;  // By worker, when it first needs one.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_READ_AHEAD_H_
