#include "storage/log_page/template_plan.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/log_page_format.h"
#include "xxhash.h"

namespace tidegate::storage {
namespace {

// Lines that a variant of a shape needs to be a template of its own.
constexpr uint64_t kLinesPerVariant = 16;
// Fewer lines of one template compress better as text.
constexpr uint64_t kLeastTemplateLines = 3;
// Variants that are looked at to see which words differ.
constexpr size_t kSampledVariants = 1024;
// A line whose words are nearly all texts has no shape.
constexpr size_t kMostTexts = 6;

bool IsDelimiter(char c) { return CharacterClass(c) == kDelimiterClass; }

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<uint8_t>(c) >= 128;
}

// A run between delimiters. A word is what has letters, or nothing that varies; the others are
// numbers, times, addresses: their shape is how they are spelled.
struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t first_mark = 0;
  uint32_t marks = 0;
  bool word = false;
};

Token NextToken(std::string_view skeleton, size_t begin, uint32_t first_mark) {
  Token token{.begin = static_cast<uint32_t>(begin), .end = 0, .first_mark = first_mark};
  bool letters = false;
  size_t end = begin;
  for (; end < skeleton.size() && !IsDelimiter(skeleton[end]); ++end) {
    token.marks += IsMark(skeleton[end]) ? 1 : 0;
    letters |= IsLetter(skeleton[end]);
  }
  token.end = static_cast<uint32_t>(end);
  token.word = letters || token.marks == 0;
  return token;
}

uint64_t HashOf(std::string_view text, uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

// Skeletons of one shape.
struct Variants {
  std::vector<uint32_t> skeletons;
  uint64_t lines = 0;
  size_t words = 0;
  std::vector<bool> texts;  // Per word: whether it is a text.
};

class Planner {
 public:
  Planner(std::span<const std::string_view> skeletons, std::span<const uint32_t> counts)
      : skeletons_(skeletons), counts_(counts) {}

  TemplatePlan Plan();

 private:
  struct Parsed {
    uint32_t first_token = 0;
    uint32_t tokens = 0;
    uint32_t shape = 0;
  };
  std::span<const Token> TokensOf(uint32_t skeleton) const {
    return std::span(tokens_).subspan(parsed_[skeleton].first_token, parsed_[skeleton].tokens);
  }
  std::string_view TextOf(uint32_t skeleton, const Token& token) const {
    return skeletons_[skeleton].substr(token.begin, token.end - token.begin);
  }
  void Parse(uint32_t skeleton);
  void ChooseTexts(Variants* variants) const;
  bool IsText(const Variants& variants, size_t word) const {
    return !variants.texts.empty() && variants.texts[word];
  }
  void PlanSkeleton(uint32_t skeleton);
  uint32_t ColumnOf(uint64_t key, char mark, const std::vector<uint32_t>& used);
  void DropRare();

  const std::span<const std::string_view> skeletons_;
  const std::span<const uint32_t> counts_;
  std::vector<Token> tokens_;
  std::vector<Parsed> parsed_;
  std::vector<Variants> shapes_;
  absl::flat_hash_map<uint64_t, uint32_t> shape_numbers_;
  absl::flat_hash_map<std::string, uint32_t> template_numbers_;
  absl::flat_hash_map<uint64_t, uint32_t> column_numbers_;
  std::string shape_;  // Working memory.
  TemplatePlan plan_;
};

void Planner::Parse(uint32_t number) {
  const std::string_view skeleton = skeletons_[number];
  Parsed& parsed = parsed_[number];
  parsed.first_token = static_cast<uint32_t>(tokens_.size());
  shape_.clear();
  uint32_t marks = 0;
  size_t words = 0;
  for (size_t at = 0; at < skeleton.size();) {
    if (IsDelimiter(skeleton[at])) {
      shape_.push_back(skeleton[at++]);
      continue;
    }
    const Token token = NextToken(skeleton, at, marks);
    tokens_.push_back(token);
    marks += token.marks;
    at = token.end;
    if (token.word) {
      ++words;
      shape_.push_back('a');
    } else {
      shape_ += TextOf(number, token);
    }
  }
  parsed.tokens = static_cast<uint32_t>(tokens_.size()) - parsed.first_token;
  const auto [found, added] =
      shape_numbers_.try_emplace(HashOf(shape_, words), static_cast<uint32_t>(shapes_.size()));
  if (added) shapes_.push_back({.skeletons = {}, .lines = 0, .words = words, .texts = {}});
  parsed.shape = found->second;
  Variants& variants = shapes_[parsed.shape];
  variants.skeletons.push_back(number);
  variants.lines += counts_[number];
}

// As few texts as leave enough lines for every variant.
void Planner::ChooseTexts(Variants* variants) const {
  const size_t all = variants->skeletons.size();
  if (all <= std::max<uint64_t>(1, variants->lines / kLinesPerVariant)) return;
  const size_t sampled = std::min(all, kSampledVariants);
  const uint64_t lines = variants->lines * sampled / all;
  const size_t limit = std::max<uint64_t>(1, lines / kLinesPerVariant);
  const size_t words = variants->words;
  std::vector<uint64_t> hashes(sampled * words);  // Word by word.
  for (size_t i = 0; i < sampled; ++i) {
    const uint32_t skeleton = variants->skeletons[i];
    size_t word = 0;
    for (const Token& token : TokensOf(skeleton)) {
      if (token.word) hashes[word++ * sampled + i] = HashOf(TextOf(skeleton, token), 0);
    }
  }
  std::vector<size_t> distinct(words);
  for (size_t word = 0; word < words; ++word) {
    absl::flat_hash_set<uint64_t> set;
    for (size_t i = 0; i < sampled; ++i) set.insert(hashes[word * sampled + i]);
    distinct[word] = set.size();
  }
  variants->texts.assign(words, false);
  for (size_t texts = 0; texts < words; ++texts) {
    absl::flat_hash_set<uint64_t> left;
    for (size_t i = 0; i < sampled; ++i) {
      uint64_t hash = 0;
      for (size_t word = 0; word < words; ++word) {
        if (!variants->texts[word]) hash = (hash ^ hashes[word * sampled + i]) * 0x9E3779B97F4A7C15;
      }
      left.insert(hash);
    }
    if (left.size() <= limit) return;
    const auto most = std::max_element(distinct.begin(), distinct.end());
    variants->texts[static_cast<size_t>(most - distinct.begin())] = true;
    *most = 0;
  }
}

// Two marks of a template never share a column.
uint32_t Planner::ColumnOf(uint64_t key, char mark, const std::vector<uint32_t>& used) {
  key = (key ^ static_cast<uint64_t>(mark)) * 0x9E3779B97F4A7C15;
  while (true) {
    const auto [at, added] =
        column_numbers_.try_emplace(key, static_cast<uint32_t>(plan_.columns.size()));
    if (added) plan_.columns.push_back(mark);
    const bool free = std::find(used.begin(), used.end(), at->second) == used.end();
    if (free && plan_.columns[at->second] == mark) return at->second;
    ++key;
  }
}

void Planner::PlanSkeleton(uint32_t number) {
  const std::string_view skeleton = skeletons_[number];
  const Variants& variants = shapes_[parsed_[number].shape];
  TemplatePlan::Skeleton& planned = plan_.skeletons[number];
  planned.first_mark = static_cast<uint32_t>(plan_.marks.size());
  std::string text;
  std::vector<uint32_t> columns;
  uint64_t shape = 0;  // Of what stands before.
  uint64_t word_before = 0;
  uint32_t at = 0;
  uint32_t behind_variable = 0;  // The last variable's end in the skeleton.
  size_t word = 0;
  const auto add_mark = [&](char mark, uint64_t key, PlannedMark one) {
    one.column = ColumnOf(key, mark, columns);
    columns.push_back(one.column);
    one.distance = one.begin - behind_variable;
    plan_.marks.push_back(one);
    text.push_back(mark);
  };
  for (const Token& token : TokensOf(number)) {
    const std::string_view before = skeleton.substr(at, token.begin - at);
    text += before;
    shape = HashOf(before, shape);
    at = token.end;
    const bool is_text = token.word && IsText(variants, word);
    word += token.word ? 1 : 0;
    if (is_text) {
      add_mark(kTextMark, shape ^ word_before,
               {.begin = token.begin,
                .end = token.end,
                .first_variable = token.first_mark,
                .variables = token.marks});
      if (token.marks > 0) {
        behind_variable = static_cast<uint32_t>(skeleton.find_last_of("\1\2", token.end - 1)) + 1;
      }
    } else {
      uint32_t variable = token.first_mark;
      for (uint32_t i = token.begin; i < token.end; ++i) {
        if (!IsMark(skeleton[i])) {
          text.push_back(skeleton[i]);
          continue;
        }
        const uint64_t key = HashOf(skeleton.substr(token.begin, i - token.begin), shape);
        add_mark(skeleton[i], key ^ word_before,
                 {.begin = i, .end = i + 1, .first_variable = variable++, .variables = 1});
        behind_variable = i + 1;
      }
    }
    if (token.word) {
      word_before = is_text ? 1 : HashOf(TextOf(number, token), 1);
      shape = HashOf("a", shape);
    } else {
      shape = HashOf(TextOf(number, token), shape);
    }
  }
  text += skeleton.substr(at);
  if (columns.size() > kMaxVariables) return;
  const auto [found, added] =
      template_numbers_.try_emplace(text, static_cast<uint32_t>(plan_.templates.size()));
  if (added) {
    plan_.templates.push_back({.text = std::move(text), .columns = std::move(columns), .lines = 0});
  }
  planned.number = found->second;
  plan_.templates[planned.number].lines += counts_[number];
}

// Templates of too few lines are plain; the others, and the columns they use, are numbered anew.
void Planner::DropRare() {
  std::vector<uint32_t> templates(plan_.templates.size(), kNoTemplate);
  std::vector<uint32_t> columns(plan_.columns.size(), kNoTemplate);
  std::vector<TemplatePlan::Template> kept;
  std::vector<char> marks;
  for (size_t i = 0; i < templates.size(); ++i) {
    TemplatePlan::Template& one = plan_.templates[i];
    if (one.lines < kLeastTemplateLines) continue;
    templates[i] = static_cast<uint32_t>(kept.size());
    for (uint32_t& column : one.columns) {
      uint32_t& number = columns[column];
      if (number == kNoTemplate) {
        number = static_cast<uint32_t>(marks.size());
        marks.push_back(plan_.columns[column]);
      }
      column = number;
    }
    kept.push_back(std::move(one));
  }
  for (TemplatePlan::Skeleton& skeleton : plan_.skeletons) {
    if (skeleton.number != kNoTemplate) skeleton.number = templates[skeleton.number];
  }
  for (PlannedMark& mark : plan_.marks) mark.column = columns[mark.column];
  plan_.templates = std::move(kept);
  plan_.columns = std::move(marks);
}

TemplatePlan Planner::Plan() {
  parsed_.resize(skeletons_.size());
  plan_.skeletons.resize(skeletons_.size());
  for (uint32_t i = 0; i < skeletons_.size(); ++i) Parse(i);
  for (Variants& variants : shapes_) {
    ChooseTexts(&variants);
    const auto texts =
        static_cast<size_t>(std::count(variants.texts.begin(), variants.texts.end(), true));
    if (texts > kMostTexts && 2 * texts > variants.words) variants.lines = 0;
  }
  for (uint32_t i = 0; i < skeletons_.size(); ++i) {
    if (shapes_[parsed_[i].shape].lines >= kLeastTemplateLines) PlanSkeleton(i);
  }
  DropRare();
  return std::move(plan_);
}

}  // namespace

TemplatePlan PlanTemplates(std::span<const std::string_view> skeletons,
                           std::span<const uint32_t> counts) {
  return Planner(skeletons, counts).Plan();
}

}  // namespace tidegate::storage
