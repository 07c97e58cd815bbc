#include "storage/head/matcher_plan.h"

#include <algorithm>
#include <cstdint>
#include <utility>

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

// One matcher against one index. A matcher that refuses the empty value accepts a series that has
// one of `pairs`; any other matcher accepts a series that has none of them (then they are the pairs
// of its label that do not match).
struct Condition {
  bool wants_pair = true;
  std::vector<PairId> pairs;
  uint64_t series = 0;  // How many series carry one of the pairs.
};

Condition Evaluate(const HeadIndex& index, const model::CompiledMatcher& matcher) {
  const LabelDictionary& dictionary = index.dictionary();
  Condition condition;
  condition.wants_pair = !matcher.MatchesEmpty();
  if (condition.wants_pair && matcher.literals() != nullptr) {
    PairId pair;
    for (const std::string& value : *matcher.literals()) {
      if (dictionary.FindPair(matcher.name(), value, &pair)) condition.pairs.push_back(pair);
    }
  } else if (const LabelDictionary::Name* name = dictionary.FindName(matcher.name())) {
    for (PairId pair : name->pairs) {
      if (matcher.Matches(dictionary.label(pair).value) == condition.wants_pair) {
        condition.pairs.push_back(pair);
      }
    }
  }
  for (PairId pair : condition.pairs) condition.series += dictionary.postings(pair).count();
  return condition;
}

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

Bitmap MarkSeries(const HeadIndex& index, const Condition& condition) {
  Bitmap marks(index.size());
  for (PairId pair : condition.pairs) {
    index.dictionary().postings(pair).ForEachRun([&marks](SeriesRef begin, SeriesRef end) {
      for (SeriesRef ref = begin; ref < end; ++ref) marks.Set(ref);
      return true;
    });
  }
  return marks;
}

// The series that carry one of the pairs. A series has a label once, so lists of one label are
// disjoint; they only have to be brought into order.
std::vector<SeriesRef> Candidates(const HeadIndex& index, const Condition& condition) {
  std::vector<SeriesRef> refs;
  refs.reserve(condition.series);
  // A bitmap sorts in one pass over the index; below this share sorting is cheaper.
  constexpr uint64_t kBitmapShare = 64;
  if (condition.pairs.size() > 1 && condition.series * kBitmapShare > index.size()) {
    const Bitmap marks = MarkSeries(index, condition);
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

void Filter(const HeadIndex& index, const Condition& condition, std::vector<SeriesRef>* refs) {
  if (condition.pairs.empty()) {
    if (condition.wants_pair) refs->clear();
    return;
  }
  // Marking costs about a nanosecond per posting, looking at a candidate's pairs some ten.
  if (condition.series <= 8 * refs->size()) {
    const Bitmap marks = MarkSeries(index, condition);
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

}  // namespace

std::vector<SeriesRef> FindSeries(const HeadIndex& index,
                                  std::span<const model::CompiledMatcher> matchers) {
  std::vector<Condition> conditions;
  conditions.reserve(matchers.size());
  for (const model::CompiledMatcher& matcher : matchers) {
    conditions.push_back(Evaluate(index, matcher));
  }
  // Conditions that name what they want come first, the rarest of them in front.
  std::sort(conditions.begin(), conditions.end(), [](const Condition& a, const Condition& b) {
    return std::pair(!a.wants_pair, a.series) < std::pair(!b.wants_pair, b.series);
  });
  const bool narrowed = !conditions.empty() && conditions.front().wants_pair;
  std::vector<SeriesRef> refs = narrowed ? Candidates(index, conditions.front()) : AllSeries(index);
  for (size_t i = narrowed ? 1 : 0; i < conditions.size() && !refs.empty(); ++i) {
    Filter(index, conditions[i], &refs);
  }
  return refs;
}

}  // namespace tidegate::storage::head
