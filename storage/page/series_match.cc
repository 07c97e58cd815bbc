// SeriesIndex::Match: from matchers to series numbers.

#include <algorithm>

#include "storage/page/series_index.h"

namespace tidegate::storage {
namespace {

using model::CompiledMatcher;

// Which of a label's values pass a matcher, and whether a series without the label does.
struct Verdict {
  std::vector<uint8_t> passes;  // By value number.
  bool absent_passes = false;
  size_t passing = 0;
};

bool IsPositive(const CompiledMatcher& matcher) {
  return matcher.matcher().type == model::MatchType::kEqual ||
         matcher.matcher().type == model::MatchType::kRegex;
}

void AskLiterals(const CompiledMatcher& matcher, const LabelColumn& label, Verdict* verdict) {
  for (const std::string& literal : *matcher.literals()) {
    const auto at = std::lower_bound(label.values.begin(), label.values.end(), literal);
    if (at == label.values.end() || *at != literal) continue;
    verdict->passes[static_cast<size_t>(at - label.values.begin())] = 1;
    ++verdict->passing;
  }
}

void AskValues(const CompiledMatcher& matcher, const LabelColumn& label, Verdict* verdict) {
  size_t begin = 0;
  const std::string_view prefix = IsPositive(matcher) ? matcher.prefix() : std::string_view();
  if (!prefix.empty()) {
    begin = static_cast<size_t>(std::lower_bound(label.values.begin(), label.values.end(), prefix) -
                                label.values.begin());
  }
  for (size_t i = begin; i < label.values.size(); ++i) {
    if (!label.values[i].starts_with(prefix)) break;
    verdict->passes[i] = matcher.Matches(label.values[i]) ? 1 : 0;
    verdict->passing += verdict->passes[i];
  }
}

Verdict Ask(const CompiledMatcher& matcher, const LabelColumn* label) {
  Verdict verdict;
  verdict.absent_passes = matcher.MatchesEmpty();
  if (label == nullptr) return verdict;
  verdict.passes.resize(label->values.size());
  if (IsPositive(matcher) && matcher.literals() != nullptr) {
    AskLiterals(matcher, *label, &verdict);
  } else {
    AskValues(matcher, *label, &verdict);
  }
  return verdict;
}

// All series that pass: used for the first matcher only.
std::vector<uint32_t> Scan(const LabelColumn* label, const Verdict& verdict,
                           uint32_t series_count) {
  std::vector<uint32_t> found;
  uint32_t at = 0;
  const auto take_absent_until = [&](uint32_t end) {
    for (; verdict.absent_passes && at < end; ++at) found.push_back(at);
  };
  if (label != nullptr) {
    for (const LabelStretch& stretch : label->stretches) {
      take_absent_until(stretch.begin);
      for (uint32_t s = stretch.begin; s < stretch.end; ++s) {
        if (verdict.passes[label->IdAt(stretch.ids + (s - stretch.begin))] != 0) found.push_back(s);
      }
      at = stretch.end;
    }
  }
  take_absent_until(series_count);
  return found;
}

// Keeps the candidates that pass. Both are ascending, so the stretches are walked once.
void Filter(const LabelColumn* label, const Verdict& verdict, std::vector<uint32_t>* candidates) {
  size_t kept = 0;
  size_t stretch = 0;
  for (const uint32_t series : *candidates) {
    bool passes = verdict.absent_passes;
    if (label != nullptr) {
      const auto& stretches = label->stretches;
      while (stretch < stretches.size() && stretches[stretch].end <= series) ++stretch;
      if (stretch < stretches.size() && stretches[stretch].begin <= series) {
        const LabelStretch& s = stretches[stretch];
        passes = verdict.passes[label->IdAt(s.ids + (series - s.begin))] != 0;
      }
    }
    if (passes) (*candidates)[kept++] = series;
  }
  candidates->resize(kept);
}

// The metric name's numbers ascend with the series, so each passing name is a range of series.
std::vector<uint32_t> NameRanges(const LabelColumn& names, const Verdict& verdict) {
  std::vector<uint32_t> found;
  const LabelStretch& stretch = names.stretches.front();
  for (uint32_t id = 0; id < verdict.passes.size(); ++id) {
    if (verdict.passes[id] == 0) continue;
    uint32_t begin = stretch.begin;
    uint32_t end = stretch.end;
    while (begin < end) {  // First series whose name's number is not below id.
      const uint32_t middle = begin + (end - begin) / 2;
      if (names.IdAt(stretch.ids + (middle - stretch.begin)) < id) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    for (; begin < stretch.end && names.IdAt(stretch.ids + (begin - stretch.begin)) == id;
         ++begin) {
      found.push_back(begin);
    }
  }
  return found;
}

std::vector<uint32_t> Start(const LabelColumn* label, const Verdict& verdict,
                            uint32_t series_count) {
  const bool is_name = label != nullptr && label->name == model::kMetricNameLabel;
  if (is_name && !verdict.absent_passes && label->stretches.size() == 1) {
    return NameRanges(*label, verdict);
  }
  return Scan(label, verdict, series_count);
}

// The metric name first, then matchers that narrow, then those that an absent label passes.
std::vector<const CompiledMatcher*> InOrder(std::span<const CompiledMatcher> matchers) {
  std::vector<const CompiledMatcher*> ordered;
  for (const CompiledMatcher& matcher : matchers) ordered.push_back(&matcher);
  const auto rank = [](const CompiledMatcher* m) {
    if (m->MatchesEmpty()) return 2;
    return m->name() == model::kMetricNameLabel ? 0 : 1;
  };
  std::stable_sort(ordered.begin(), ordered.end(),
                   [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  return ordered;
}

}  // namespace

std::vector<uint32_t> SeriesIndex::Match(std::span<const CompiledMatcher> matchers,
                                         const model::TimeRange& range) const {
  std::vector<uint32_t> candidates;
  bool started = false;
  for (const CompiledMatcher* matcher : InOrder(matchers)) {
    const LabelColumn* label = FindLabel(matcher->name());
    const Verdict verdict = Ask(*matcher, label);
    if (verdict.passing == 0 && !verdict.absent_passes) return {};
    if (!started) {
      candidates = Start(label, verdict, series_count_);
      started = true;
    } else {
      Filter(label, verdict, &candidates);
    }
    if (candidates.empty()) return {};
  }
  if (!started) {
    candidates.resize(series_count_);
    for (uint32_t i = 0; i < series_count_; ++i) candidates[i] = i;
  }
  std::erase_if(candidates, [&](uint32_t s) { return !RangeOf(s).Overlaps(range); });
  return candidates;
}

}  // namespace tidegate::storage
