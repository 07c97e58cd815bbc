// Which rows of a log page pass a selection's tests, as far as its columns tell.
#ifndef TIDEGATE_STORAGE_PAGE_LOG_PAGE_SEARCH_H_
#define TIDEGATE_STORAGE_PAGE_LOG_PAGE_SEARCH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log_page/literal_places.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/log_page_lines.h"
#include "storage/logs/template_filter.h"

namespace tidegate::storage {

// Looks for literals in the columns where they can stand, and runs expressions over columns,
// instead of building lines. Owned by one thread; everything it is given outlives it. DataLoss, and
// the errors of the function that opens the lines.
class LogPageSearch {
 public:
  // Called when a column is wanted for the first time.
  using OpenLinesFn = std::function<absl::StatusOr<LogPageLines*>()>;
  // One of the page's templates, by what is known without the page.
  struct Template {
    LineTemplate lines;
    std::span<const uint32_t> columns;  // One for each mark.
  };
  LogPageSearch(OpenLinesFn open_lines, const TemplateFilter& filter)
      : open_lines_(std::move(open_lines)), tests_(filter.ColumnTests()) {}

  // Makes kNone of verdicts kMaybe (TemplateFilter::Judge) where no row of the page can pass.
  // Parallel to the page's templates.
  absl::Status Settle(std::span<const Template> templates, std::vector<Verdict>* verdicts);
  // Of rows of one template, whose verdict is kMaybe; in a vector parallel to them. Settle and
  // TemplateNumbers were called.
  absl::StatusOr<std::vector<Verdict>> Judge(LogPage* page, std::span<const uint32_t> rows,
                                             uint32_t number);

 private:
  // A piece in the page.
  struct Condition {
    const MatchedValues* matched = nullptr;
    uint32_t variable = 0;  // Of the template.
  };
  using Place = std::vector<Condition>;
  // What is known of one test in a template.
  struct Found {
    bool unknown = false;  // Beside the places there may be more.
    bool everywhere = false;
    std::vector<Place> places;
    std::vector<ExpressionAutomaton*> automata;  // That may match.

    bool nowhere() const { return !unknown && !everywhere && places.empty() && automata.empty(); }
  };
  absl::StatusOr<LogPageLines*> Lines();
  absl::StatusOr<Found> Find(const Template& one, const TemplateFilter::ColumnTest& test);
  absl::Status AddPlaces(const Template& one, std::string_view literal, Found* found);
  absl::StatusOr<const MatchedValues*> Match(uint32_t column, const LiteralPiece& piece);
  // Whether the test is met, for each row: kMaybe where it is not known.
  absl::StatusOr<std::vector<Verdict>> Meets(LogPage* page, std::span<const uint32_t> rows,
                                             uint32_t number, const Found& found);

  const OpenLinesFn open_lines_;
  LogPageLines* lines_ = nullptr;  // Once they are open.
  const std::vector<TemplateFilter::ColumnTest> tests_;
  std::vector<std::vector<Found>> found_;  // Per template, per test; empty when it is decided.
  std::map<std::tuple<uint32_t, PieceKind, std::string_view>, std::unique_ptr<MatchedValues>>
      matched_;
};

// Of a page that was loaded; views it.
std::vector<LogPageSearch::Template> TemplatesOf(const LogPage& page);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_LOG_PAGE_SEARCH_H_
