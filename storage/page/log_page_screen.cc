#include "storage/page/log_page_screen.h"

#include <algorithm>
#include <utility>

#include "storage/log_page/log_page_lines.h"
#include "storage/page/log_page_search.h"
#include "storage/page/page_sections.h"

namespace tidegate::storage {
namespace {

using Templates = std::vector<LogPageSearch::Template>;

// An outline's templates as searches want them.
struct OutlinedPage {
  PageOutline outline;
  std::vector<std::vector<VariableShape>> shapes;  // Of families.
  Templates templates;
};

OutlinedPage TemplatesOf(PageOutline parsed, const std::vector<std::string_view>& texts) {
  OutlinedPage page;
  page.outline = std::move(parsed);
  for (const std::vector<uint32_t>& family : page.outline.families) {
    std::vector<VariableShape>& shapes = page.shapes.emplace_back();
    for (const uint32_t column : family) shapes.push_back(page.outline.columns[column].shape);
  }
  for (const PageOutline::Template& one : page.outline.templates) {
    page.templates.push_back({.lines = {.kind = TemplateKind::kPattern,
                                        .text = texts[one.text],
                                        .variables = page.shapes[one.family]},
                              .columns = page.outline.families[one.family]});
  }
  if (page.outline.plain) page.templates.push_back({.lines = {}, .columns = {}});
  return page;
}

// The lines' value of a page, opened by its outline when it is wanted.
class OutlinedLines {
 public:
  OutlinedLines(const SegmentId& id, uint32_t ordinal, const PageOutline& outline,
                const PageSource& source)
      : id_(id), ordinal_(ordinal), outline_(outline), source_(source) {}

  absl::StatusOr<LogPageLines*> Open() {
    auto sections =
        ReadSections(PageKey(id_, ordinal_, PageKind::kLogLines), PageKind::kLogLines, source_);
    if (!sections.ok()) return sections.status();
    std::vector<uint32_t> rows;
    for (const PageOutline::Column& column : outline_.columns) rows.push_back(column.rows);
    auto lines = LogPageLines::Parse(*std::move(sections), rows, outline_.plain);
    if (!lines.ok()) return lines.status();
    lines_ = std::make_unique<LogPageLines>(*std::move(lines));
    return lines_.get();
  }

 private:
  const SegmentId& id_;
  const uint32_t ordinal_;
  const PageOutline& outline_;
  const PageSource& source_;
  std::unique_ptr<LogPageLines> lines_;
};

std::vector<TemplateFilter::Chance> PossibleIn(const LogOutlines& outlines,
                                               const TemplateFilter& filter) {
  const std::string_view texts[] = {outlines.closed_texts(), outlines.open_texts()};
  std::vector<std::string_view> filters;
  for (const LogOutlines::Page& page : outlines.pages()) filters.push_back(page.filter);
  return filter.Possible(
      TemplateFilter::Pages{.texts = texts, .classes = outlines.classes(), .filters = filters});
}

bool Any(const std::vector<Verdict>& verdicts, Verdict wanted) {
  return std::find(verdicts.begin(), verdicts.end(), wanted) != verdicts.end();
}

}  // namespace

LogPageScreen::LogPageScreen(Input input)
    : input_(std::move(input)),
      texts_only_(input_.filter->HasTextsOnly()),
      possible_(PossibleIn(*input_.outlines, *input_.filter)),
      known_(input_.outlines->pages().size()),
      known_texts_(input_.outlines->texts().size()) {}

absl::StatusOr<bool> LogPageScreen::MayPass(uint32_t ordinal) {
  const LogOutlines::Page* const page = input_.outlines->Find(ordinal);
  if (page == nullptr) return true;
  std::atomic<Chance>& known = known_[static_cast<size_t>(page - input_.outlines->pages().data())];
  if (const Chance chance = known.load(); chance != Chance::kUnknown)
    return chance == Chance::kSome;
  if (absl::Status status = input_.context->Check(); !status.ok()) return status;
  const auto passes = Look(*page);
  const bool damage = absl::IsDataLoss(passes.status()) || absl::IsNotFound(passes.status());
  if (!passes.ok() && !damage) return passes;
  const bool some = damage || *passes;  // Reading it will tell of the damage.
  known.store(some ? Chance::kSome : Chance::kNone);
  return some;
}

bool LogPageScreen::LeavesOut(uint32_t ordinal) const {
  const LogOutlines::Page* const page = input_.outlines->Find(ordinal);
  if (page == nullptr) return false;
  return known_[static_cast<size_t>(page - input_.outlines->pages().data())].load() ==
         Chance::kNone;
}

bool LogPageScreen::TextMayHold(uint32_t text) {
  std::atomic<Chance>& known = known_texts_[text];
  if (const Chance chance = known.load(); chance != Chance::kUnknown)
    return chance == Chance::kSome;
  const bool some = input_.filter->MayStandIn(input_.outlines->texts()[text],
                                              input_.outlines->classes(), possible_);
  known.store(some ? Chance::kSome : Chance::kNone);
  return some;
}

absl::StatusOr<bool> LogPageScreen::Look(const LogOutlines::Page& page) {
  if (input_.filter->NonePasses(possible_, page.filter)) return false;
  auto outline = ParseOutline(page.outline, input_.outlines->marks());
  if (!outline.ok()) return outline.status();
  const OutlinedPage outlined = TemplatesOf(*std::move(outline), input_.outlines->texts());
  std::vector<LineTemplate> lines;
  for (size_t i = 0; i < outlined.templates.size(); ++i) {
    lines.push_back(outlined.templates[i].lines);
    const bool plain = i == outlined.outline.templates.size();
    // Without its text it is judged at once, and in the same way.
    if (!plain && !TextMayHold(outlined.outline.templates[i].text)) lines.back().text = {};
  }
  std::vector<Verdict> verdicts =
      input_.filter->Judge(input_.filter->Possible(possible_, page.filter), page.filter, lines);
  if (Any(verdicts, Verdict::kAll)) return true;
  if (!Any(verdicts, Verdict::kMaybe)) return false;
  // Expressions are run once, when the page is read.
  if (!texts_only_) return true;
  OutlinedLines columns(input_.id, page.ordinal, outlined.outline, *input_.source);
  LogPageSearch search([&columns] { return columns.Open(); }, *input_.filter);
  const absl::Status status = search.Settle(outlined.templates, &verdicts);
  if (!status.ok()) return status;
  return Any(verdicts, Verdict::kMaybe);
}

}  // namespace tidegate::storage
