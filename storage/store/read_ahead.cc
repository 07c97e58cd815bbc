#include "storage/store/read_ahead.h"

#include <algorithm>
#include <utility>

namespace tidegate::storage {
namespace {

// Pages of a segment that are asked at a time: few at first, because the first that may pass ends
// it.
constexpr size_t kFirstRound = 1;
constexpr size_t kLastRound = 64;

// One segment's part of AnyMayPass.
struct Asked {
  std::vector<const PageEntry*> pages;
  size_t next = 0;
  bool passes = false;
};

struct Question {
  size_t reader = 0;
  const PageEntry* page = nullptr;
};

}  // namespace

ReadAhead::ReadAhead(LentThreads* threads, const LogSelection& selection,
                     const TemplateFilter* templates)
    : threads_(*threads), selection_(selection), templates_(templates), copies_(threads->most()) {}

const TemplateFilter* ReadAhead::FilterOf(size_t worker) {
  if (worker == 0 || templates_ == nullptr || templates_->HasTextsOnly()) return templates_;
  std::unique_ptr<TemplateFilter>& copy = copies_[worker];
  if (copy == nullptr) copy = std::make_unique<TemplateFilter>(selection_.tests);
  return copy.get();
}

void ReadAhead::Prepare(const std::vector<Page>& pages, const LogRead& read) {
  std::vector<std::unique_ptr<LogPageView>> views(pages.size());
  threads_.ForEach(pages.size(), [&](size_t worker, size_t i) {
    LogRead own = read;
    own.templates = read.templates == nullptr ? nullptr : FilterOf(worker);
    views[i] = pages[i].reader->PrepareLogs(*pages[i].entry, pages[i].series, own);
  });
  for (size_t i = 0; i < pages.size(); ++i) {
    if (views[i] != nullptr) pages[i].reader->Adopt(*pages[i].entry, std::move(views[i]));
  }
}

absl::StatusOr<std::vector<bool>> ReadAhead::AnyMayPass(const std::vector<SegmentReader*>& readers,
                                                        const LogRange& range) {
  std::vector<Asked> asked(readers.size());
  for (size_t r = 0; r < readers.size(); ++r) asked[r].pages = readers[r]->LogPagesIn(range);
  for (size_t round = kFirstRound;; round = std::min(2 * round, kLastRound)) {
    std::vector<Question> questions;
    for (size_t r = 0; r < readers.size(); ++r) {
      if (asked[r].passes) continue;
      const size_t end = std::min(asked[r].pages.size(), asked[r].next + round);
      for (; asked[r].next < end; ++asked[r].next) {
        questions.push_back({.reader = r, .page = asked[r].pages[asked[r].next]});
      }
    }
    if (questions.empty()) break;
    std::vector<absl::StatusOr<bool>> answers(questions.size(), false);
    threads_.ForEach(questions.size(), [&](size_t, size_t i) {
      answers[i] = readers[questions[i].reader]->MayPass(*questions[i].page);
    });
    for (size_t i = 0; i < questions.size(); ++i) {
      if (!answers[i].ok()) return answers[i].status();
      asked[questions[i].reader].passes |= *answers[i];
    }
  }
  std::vector<bool> any;
  for (const Asked& one : asked) any.push_back(one.passes);
  return any;
}

}  // namespace tidegate::storage
