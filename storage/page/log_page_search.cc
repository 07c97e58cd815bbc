#include "storage/page/log_page_search.h"

#include <algorithm>
#include <utility>

#include "storage/page/template_run.h"

namespace tidegate::storage {

absl::StatusOr<LogPageLines*> LogPageSearch::Lines() {
  if (lines_ != nullptr) return lines_;
  auto opened = open_lines_();
  if (opened.ok()) lines_ = *opened;
  return opened;
}

absl::StatusOr<const MatchedValues*> LogPageSearch::Match(uint32_t column,
                                                          const LiteralPiece& piece) {
  const auto [at, added] = matched_.try_emplace({column, piece.kind, piece.text});
  if (!added) return at->second.get();
  const auto lines = Lines();
  if (!lines.ok()) return lines.status();
  const auto values = (*lines)->Values(column);
  if (!values.ok()) return values.status();
  at->second = std::make_unique<MatchedValues>((*values)->Match(piece.kind, piece.text));
  return at->second.get();
}

absl::Status LogPageSearch::AddPlaces(const Template& one, std::string_view literal, Found* found) {
  std::vector<LiteralPlace> places;
  if (!FindLiteralPlaces(one.lines, literal, &places)) {
    found->unknown = true;
    return absl::OkStatus();
  }
  for (const LiteralPlace& pieces : places) {
    Place place;
    bool possible = true;
    for (size_t i = 0; i < pieces.size() && possible; ++i) {
      const auto matched = Match(one.columns[pieces[i].variable], pieces[i]);
      if (!matched.ok()) return matched.status();
      possible = (*matched)->any();
      place.push_back({*matched, pieces[i].variable});
    }
    if (!possible) continue;
    found->everywhere |= place.empty();
    found->places.push_back(std::move(place));
  }
  return absl::OkStatus();
}

absl::StatusOr<LogPageSearch::Found> LogPageSearch::Find(const Template& one,
                                                         const TemplateFilter::ColumnTest& test) {
  Found found;
  found.unknown = test.beyond;
  for (const std::string& text : test.texts) {
    if (text.empty()) {
      found.everywhere = true;
    } else if (one.lines.kind == TemplateKind::kPlain) {
      found.unknown = true;
    } else if (absl::Status status = AddPlaces(one, text, &found); !status.ok()) {
      return status;
    }
  }
  for (const auto& automaton : test.automata) {
    const Verdict verdict = JudgeByShape(one.lines, automaton.get());
    found.everywhere |= verdict == Verdict::kAll;
    if (verdict == Verdict::kMaybe) found.automata.push_back(automaton.get());
  }
  return found;
}

absl::Status LogPageSearch::Settle(std::span<const Template> templates,
                                   std::vector<Verdict>* verdicts) {
  found_.resize(verdicts->size());
  for (size_t i = 0; i < verdicts->size(); ++i) {
    Verdict& verdict = (*verdicts)[i];
    for (size_t t = 0; t < tests_.size() && verdict == Verdict::kMaybe; ++t) {
      auto found = Find(templates[i], tests_[t]);
      if (!found.ok()) return found.status();
      if (tests_[t].negated ? found->everywhere : found->nowhere()) verdict = Verdict::kNone;
      found_[i].push_back(*std::move(found));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Verdict>> LogPageSearch::Meets(LogPage* page,
                                                          std::span<const uint32_t> rows,
                                                          uint32_t number, const Found& found) {
  if (found.everywhere) return std::vector<Verdict>(rows.size(), Verdict::kAll);
  std::vector<Verdict> met(rows.size(), found.unknown ? Verdict::kMaybe : Verdict::kNone);
  const LogPage::Template& one = page->templates()[number];
  for (ExpressionAutomaton* const automaton : found.automata) {
    const auto lines = Lines();
    if (!lines.ok()) return lines.status();
    auto matches = JudgeByValues(page, *lines, one, rows, automaton);
    if (!matches.ok()) return matches;
    for (size_t i = 0; i < rows.size(); ++i) met[i] = std::max(met[i], (*matches)[i]);
  }
  const std::vector<uint32_t>& kinds = page->families()[one.family].place_kinds;
  for (const Place& place : found.places) {
    const auto holds = [&](uint32_t row) {
      return std::all_of(place.begin(), place.end(), [&](const Condition& condition) {
        return condition.matched->each[page->PlaceOf(row, kinds[condition.variable])] != 0;
      });
    };
    for (size_t i = 0; i < rows.size(); ++i) {
      if (met[i] != Verdict::kAll && holds(rows[i])) met[i] = Verdict::kAll;
    }
  }
  return met;
}

absl::StatusOr<std::vector<Verdict>> LogPageSearch::Judge(LogPage* page,
                                                          std::span<const uint32_t> rows,
                                                          uint32_t number) {
  std::vector<Verdict> verdicts(rows.size(), Verdict::kAll);
  for (size_t t = 0; t < tests_.size(); ++t) {
    const auto met = Meets(page, rows, number, found_[number][t]);
    if (!met.ok()) return met.status();
    for (size_t i = 0; i < rows.size(); ++i) {
      verdicts[i] = std::min(verdicts[i], tests_[t].negated ? Not((*met)[i]) : (*met)[i]);
    }
  }
  return verdicts;
}

std::vector<LogPageSearch::Template> TemplatesOf(const LogPage& page) {
  std::vector<LogPageSearch::Template> templates;
  templates.reserve(page.templates().size());
  for (const LogPage::Template& one : page.templates()) {
    templates.push_back({.lines = one.lines, .columns = page.families()[one.family].columns});
  }
  return templates;
}

}  // namespace tidegate::storage
