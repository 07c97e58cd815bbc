#include "storage/page/log_page_search.h"

#include <algorithm>
#include <utility>

#include "storage/page/template_run.h"

namespace tidegate::storage {

absl::StatusOr<const MatchedValues*> LogPageSearch::Match(uint32_t column,
                                                          const LiteralPiece& piece) {
  const auto [at, added] = matched_.try_emplace({column, piece.kind, piece.text});
  if (!added) return at->second.get();
  const auto values = lines_.Values(column);
  if (!values.ok()) return values.status();
  at->second = std::make_unique<MatchedValues>((*values)->Match(piece.kind, piece.text));
  return at->second.get();
}

absl::Status LogPageSearch::AddPlaces(const LogPage::Template& one, std::string_view literal,
                                      Found* found) {
  std::vector<LiteralPlace> places;
  if (!FindLiteralPlaces(one.lines, literal, &places)) {
    found->unknown = true;
    return absl::OkStatus();
  }
  const LogPage::Family& family = page_.families()[one.family];
  for (const LiteralPlace& pieces : places) {
    Place place;
    bool possible = true;
    for (size_t i = 0; i < pieces.size() && possible; ++i) {
      const auto matched = Match(family.columns[pieces[i].variable], pieces[i]);
      if (!matched.ok()) return matched.status();
      possible = (*matched)->any();
      place.push_back({*matched, family.place_kinds[pieces[i].variable]});
    }
    if (!possible) continue;
    found->everywhere |= place.empty();
    found->places.push_back(std::move(place));
  }
  return absl::OkStatus();
}

absl::StatusOr<LogPageSearch::Found> LogPageSearch::Find(const LogPage::Template& one,
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

absl::Status LogPageSearch::Settle(std::vector<Verdict>* verdicts) {
  found_.resize(verdicts->size());
  for (size_t i = 0; i < verdicts->size(); ++i) {
    Verdict& verdict = (*verdicts)[i];
    for (size_t t = 0; t < tests_.size() && verdict == Verdict::kMaybe; ++t) {
      auto found = Find(page_.templates()[i], tests_[t]);
      if (!found.ok()) return found.status();
      if (tests_[t].negated ? found->everywhere : found->nowhere()) verdict = Verdict::kNone;
      found_[i].push_back(*std::move(found));
    }
  }
  return absl::OkStatus();
}

bool LogPageSearch::Holds(const Place& place, uint32_t row) const {
  return std::all_of(place.begin(), place.end(), [&](const Condition& condition) {
    return condition.matched->each[page_.PlaceOf(row, condition.kind)] != 0;
  });
}

absl::StatusOr<std::vector<Verdict>> LogPageSearch::Meets(std::span<const uint32_t> rows,
                                                          uint32_t number, const Found& found) {
  if (found.everywhere) return std::vector<Verdict>(rows.size(), Verdict::kAll);
  std::vector<Verdict> met(rows.size(), found.unknown ? Verdict::kMaybe : Verdict::kNone);
  for (ExpressionAutomaton* const automaton : found.automata) {
    auto matches = JudgeByValues(&page_, &lines_, page_.templates()[number], rows, automaton);
    if (!matches.ok()) return matches;
    for (size_t i = 0; i < rows.size(); ++i) met[i] = std::max(met[i], (*matches)[i]);
  }
  for (const Place& place : found.places) {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (met[i] != Verdict::kAll && Holds(place, rows[i])) met[i] = Verdict::kAll;
    }
  }
  return met;
}

absl::StatusOr<std::vector<Verdict>> LogPageSearch::Judge(std::span<const uint32_t> rows,
                                                          uint32_t number) {
  std::vector<Verdict> verdicts(rows.size(), Verdict::kAll);
  for (size_t t = 0; t < tests_.size(); ++t) {
    const auto met = Meets(rows, number, found_[number][t]);
    if (!met.ok()) return met.status();
    for (size_t i = 0; i < rows.size(); ++i) {
      verdicts[i] = std::min(verdicts[i], tests_[t].negated ? Not((*met)[i]) : (*met)[i]);
    }
  }
  return verdicts;
}

}  // namespace tidegate::storage
