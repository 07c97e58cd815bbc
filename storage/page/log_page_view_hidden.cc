// What deletions hide in a page.
#include <algorithm>
#include <map>

#include "storage/page/log_page_view.h"

namespace tidegate::storage {

absl::Status LogPageView::DropHidden(std::vector<uint32_t>* rows) {
  if (!hidden_ || rows->empty()) return absl::OkStatus();
  auto hidden = HiddenRows(*rows);
  if (!hidden.ok()) return hidden.status();
  if (hidden->empty()) return absl::OkStatus();
  std::sort(hidden->begin(), hidden->end());
  std::erase_if(
      *rows, [&](uint32_t row) { return std::binary_search(hidden->begin(), hidden->end(), row); });
  return absl::OkStatus();
}

// In no order, and maybe repeatedly.
absl::StatusOr<std::vector<uint32_t>> LogPageView::HiddenRows(std::span<const uint32_t> rows) {
  const auto times = page_->Times();
  if (!times.ok()) return times.status();
  const auto before = [&times](uint32_t row, model::TimestampNs time) {
    return (*times)[row] < time;
  };
  std::vector<uint32_t> hidden;
  std::map<const LineFilter*, std::pair<const TemplateFilter*, std::vector<uint32_t>>> filtered;
  for (const LogPage::Stream& stream : page_->streams()) {
    const auto first = std::lower_bound(rows.begin(), rows.end(), stream.begin);
    const auto last = std::lower_bound(first, rows.end(), stream.end);
    if (first == last) continue;
    for (const HiddenEntries& one : hidden_(stream.number)) {
      const auto begin = std::lower_bound(first, last, one.range.begin, before);
      const auto end = std::lower_bound(begin, last, one.range.end, before);
      auto& [templates, candidates] = filtered[one.filter];
      templates = one.templates;
      std::vector<uint32_t>& to = one.filter == nullptr ? hidden : candidates;
      to.insert(to.end(), begin, end);
    }
  }
  for (const auto& [filter, of] : filtered) {
    if (filter == nullptr || of.second.empty()) continue;
    absl::Status status = AddHeld(*filter, *of.first, of.second, &hidden);
    if (!status.ok()) return status;
  }
  return hidden;
}

// Those of the rows, ascending, in whose lines the filter holds. Lines are built where their
// template does not tell.
absl::Status LogPageView::AddHeld(const LineFilter& filter, const TemplateFilter& templates,
                                  std::span<const uint32_t> rows, std::vector<uint32_t>* held) {
  if (templates.NonePasses(Summary())) return absl::OkStatus();
  const std::vector<Verdict> verdicts = Judge(templates);
  const auto numbers = page_->TemplateNumbers();
  if (!numbers.ok()) return numbers.status();
  std::vector<uint32_t> undecided;
  for (const uint32_t row : rows) {
    const Verdict verdict = verdicts[(*numbers)[row]];
    if (verdict == Verdict::kAll) held->push_back(row);
    if (verdict == Verdict::kMaybe) undecided.push_back(row);
  }
  if (undecided.empty()) return absl::OkStatus();
  if (absl::Status status = OpenLines(); !status.ok()) return status;
  auto built = lines_->Build(page_.get(), undecided);
  if (!built.ok()) return built.status();
  for (size_t i = 0; i < undecided.size(); ++i) {
    if (filter.Holds(built->lines[i])) held->push_back(undecided[i]);
  }
  return absl::OkStatus();
}

}  // namespace tidegate::storage
