#include "storage/head/matcher_plan.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "model/labels.h"

namespace tidegate::storage::head {
namespace {

// Marks for pairs or series.
class Bitmap {
 public:
  explicit Bitmap(size_t size) : words_((size + 63) / 64) {}
  void Set(size_t at) { words_[at / 64] |= uint64_t{1} << at % 64; }
  bool Get(size_t at) const { return (words_[at / 64] >> at % 64 & 1) != 0; }
  const std::vector<uint64_t>& words() const { return words_; }

 private:
  std::vector<uint64_t> words_;
};

std::vector<SeriesRef> AllSeries(const HeadIndex& index) {
  std::vector<SeriesRef> refs(index.size());
  for (SeriesRef ref = 0; ref < index.size(); ++ref) refs[ref] = ref;
  return refs;
}

void AppendPostings(const PostingsList& postings, std::vector<SeriesRef>* refs) {
  postings.ForEachRun([refs](SeriesRef begin, SeriesRef end) {
    for (SeriesRef ref = begin; ref < end; ++ref) refs->push_back(ref);
    return true;
  });
}

Bitmap MarkSeries(const HeadIndex& index, const std::vector<PairId>& pairs) {
  Bitmap marks(index.size());
  for (PairId pair : pairs) {
    index.dictionary().postings(pair).ForEachRun([&marks](SeriesRef begin, SeriesRef end) {
      for (SeriesRef ref = begin; ref < end; ++ref) marks.Set(ref);
      return true;
    });
  }
  return marks;
}

}  // namespace

// A condition with all pairs of an index that concern it.
struct MatcherPlan::Resolved {
  bool wants_pair = true;
  std::vector<PairId> pairs;
  uint64_t series = 0;  // How many series carry one of them.
};

MatcherPlan::MatcherPlan(std::span<const model::CompiledMatcher> matchers) {
  for (const model::CompiledMatcher& matcher : matchers) {
    conditions_.push_back({.matcher = &matcher,
                           .wants_pair = !matcher.MatchesEmpty(),
                           .to_ask = {},
                           .asked = 0,
                           .pairs = {}});
  }
}

void MatcherPlan::Collect(const HeadIndex& index) {
  const LabelDictionary& dictionary = index.dictionary();
  for (Condition& condition : conditions_) {
    condition.to_ask.clear();
    condition.pairs.clear();
    condition.asked = 0;
    if (condition.wants_pair && condition.matcher->literals() != nullptr) continue;  // Looked up.
    const LabelDictionary::Name* name = dictionary.FindName(condition.matcher->name());
    if (name == nullptr) continue;
    condition.asked = name->pairs.size();
    condition.to_ask.reserve(condition.asked);
    for (PairId pair : name->pairs) condition.to_ask.emplace_back(pair, dictionary.bytes(pair));
  }
}

void MatcherPlan::Match() {
  for (Condition& condition : conditions_) {
    for (const auto& [pair, bytes] : condition.to_ask) {
      if (Passes(condition, bytes)) condition.pairs.push_back(pair);
    }
    condition.to_ask.clear();
  }
}

bool MatcherPlan::Passes(const Condition& condition, std::string_view label_bytes) const {
  return condition.matcher->Matches(model::LabelIterator(label_bytes)->value) ==
         condition.wants_pair;
}

MatcherPlan::Resolved MatcherPlan::Resolve(const Condition& condition,
                                           const HeadIndex& index) const {
  const LabelDictionary& dictionary = index.dictionary();
  const model::CompiledMatcher& matcher = *condition.matcher;
  Resolved resolved{.wants_pair = condition.wants_pair, .pairs = condition.pairs, .series = 0};
  if (condition.wants_pair && matcher.literals() != nullptr) {
    PairId pair;
    for (const std::string& value : *matcher.literals()) {
      if (dictionary.FindPair(matcher.name(), value, &pair)) resolved.pairs.push_back(pair);
    }
  } else if (const LabelDictionary::Name* name = dictionary.FindName(matcher.name())) {
    for (size_t i = condition.asked; i < name->pairs.size(); ++i) {
      const PairId pair = name->pairs[i];
      if (Passes(condition, dictionary.bytes(pair))) resolved.pairs.push_back(pair);
    }
  }
  for (PairId pair : resolved.pairs) resolved.series += dictionary.postings(pair).count();
  return resolved;
}

// The series that carry one of the pairs. A series has a label once, so lists of one label are
// disjoint; they only have to be brought into order.
std::vector<SeriesRef> MatcherPlan::Candidates(const Resolved& condition, const HeadIndex& index) {
  std::vector<SeriesRef> refs;
  refs.reserve(condition.series);
  // A bitmap sorts in one pass over the index; below this share sorting is cheaper.
  constexpr uint64_t kBitmapShare = 64;
  if (condition.pairs.size() > 1 && condition.series * kBitmapShare > index.size()) {
    const Bitmap marks = MarkSeries(index, condition.pairs);
    for (size_t i = 0; i < marks.words().size(); ++i) {
      for (uint64_t word = marks.words()[i]; word != 0; word &= word - 1) {
        refs.push_back(static_cast<SeriesRef>(i * 64 + __builtin_ctzll(word)));
      }
    }
    return refs;
  }
  for (PairId pair : condition.pairs) AppendPostings(index.dictionary().postings(pair), &refs);
  if (condition.pairs.size() > 1) std::sort(refs.begin(), refs.end());
  return refs;
}

void MatcherPlan::Filter(const Resolved& condition, const HeadIndex& index,
                         std::vector<SeriesRef>* refs) {
  if (condition.pairs.empty()) {
    if (condition.wants_pair) refs->clear();
    return;
  }
  // Marking costs about a nanosecond per posting, looking at a candidate's pairs some ten.
  if (condition.series <= 8 * refs->size()) {
    const Bitmap marks = MarkSeries(index, condition.pairs);
    std::erase_if(*refs, [&](SeriesRef ref) { return marks.Get(ref) != condition.wants_pair; });
    return;
  }
  Bitmap pairs(index.dictionary().size());
  for (PairId pair : condition.pairs) pairs.Set(pair);
  std::erase_if(*refs, [&](SeriesRef ref) {
    const std::span<const PairId> own = index.pairs(ref);
    const bool has = std::any_of(own.begin(), own.end(), [&](PairId p) { return pairs.Get(p); });
    return has != condition.wants_pair;
  });
}

std::vector<SeriesRef> MatcherPlan::Find(const HeadIndex& index) const {
  std::vector<Resolved> conditions;
  conditions.reserve(conditions_.size());
  for (const Condition& condition : conditions_) conditions.push_back(Resolve(condition, index));
  // Conditions that name what they want come first, the rarest of them in front.
  std::sort(conditions.begin(), conditions.end(), [](const Resolved& a, const Resolved& b) {
    return std::pair(!a.wants_pair, a.series) < std::pair(!b.wants_pair, b.series);
  });
  const bool narrowed = !conditions.empty() && conditions.front().wants_pair;
  std::vector<SeriesRef> refs = narrowed ? Candidates(conditions.front(), index) : AllSeries(index);
  for (size_t i = narrowed ? 1 : 0; i < conditions.size() && !refs.empty(); ++i) {
    Filter(conditions[i], index, &refs);
  }
  return refs;
}

std::vector<SeriesRef> FindSeries(const HeadIndex& index,
                                  std::span<const model::CompiledMatcher> matchers) {
  MatcherPlan plan(matchers);
  plan.Collect(index);
  plan.Match();
  return plan.Find(index);
}

}  // namespace tidegate::storage::head
