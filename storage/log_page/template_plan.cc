#include "storage/log_page/template_plan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/log_page_format.h"

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

// What matters of a skeleton's bytes.
enum ByteFlags : uint8_t { kDelimiter = 1, kLetter = 2, kMark = 4 };

constexpr std::array<uint8_t, 256> MakeByteFlags() {
  std::array<uint8_t, 256> flags{};
  for (size_t c = 0; c < flags.size(); ++c) {
    const bool other = (kCharacterClasses[c] & (kOtherClass | kDigitClass)) != 0;
    if (kCharacterClasses[c] == kDelimiterClass) {
      flags[c] = kDelimiter;
    } else if (!other || c >= 128) {
      flags[c] = kLetter;
    } else if (IsMark(static_cast<char>(c))) {
      flags[c] = kMark;
    }
  }
  return flags;
}
constexpr std::array<uint8_t, 256> kByteFlags = MakeByteFlags();

uint8_t FlagsOf(char c) { return kByteFlags[static_cast<uint8_t>(c)]; }

// A run between delimiters. A word is what has letters, or nothing that varies; the others are
// numbers, times, addresses: their shape is how they are spelled.
struct Token {
  uint16_t begin = 0;
  uint16_t end = 0;
  uint8_t first_mark = 0;
  uint8_t marks = 0;
  bool word = false;
};

Token NextToken(std::string_view skeleton, size_t begin, uint8_t first_mark) {
  Token token{.begin = static_cast<uint16_t>(begin), .end = 0, .first_mark = first_mark};
  uint8_t all = 0;
  int marks = 0;
  size_t end = begin;
  for (; end < skeleton.size(); ++end) {
    const uint8_t flags = FlagsOf(skeleton[end]);
    if ((flags & kDelimiter) != 0) break;
    all |= flags;
    marks += flags / kMark;
  }
  token.end = static_cast<uint16_t>(end);
  token.marks = static_cast<uint8_t>(marks);
  token.word = (all & kLetter) != 0 || token.marks == 0;
  return token;
}

// Eight bytes a step: words are short.
uint64_t HashOf(std::string_view text, uint64_t seed) {
  constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
  uint64_t hash = (seed ^ text.size()) * kFactor;
  const char* at = text.data();
  size_t left = text.size();
  uint64_t word = 0;
  for (; left >= 8; left -= 8, at += 8) {
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 29;
  }
  word = 0;
  for (size_t i = 0; i < left; ++i) word |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
  hash = (hash ^ word) * kFactor;
  return hash ^ hash >> 32;
}

// Skeletons of one shape.
struct Variants {
  std::vector<uint32_t> skeletons;
  uint64_t lines = 0;
  size_t words = 0;
  std::vector<bool> texts;  // Per word: whether it is a text.
  bool plain = false;
};

}  // namespace

class TemplatePlanner::Impl {
 public:
  const TemplatePlan& Plan(std::span<const std::string_view> skeletons,
                           std::span<const uint32_t> counts);

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
  void WriteTemplate(uint32_t skeleton);
  std::vector<uint32_t> FindColumns(uint32_t skeleton);
  void PlanSkeleton(uint32_t skeleton);
  uint32_t ColumnOf(uint64_t key, char mark, const std::vector<uint32_t>& used);
  void DropRare();

  std::span<const std::string_view> skeletons_;
  std::span<const uint32_t> counts_;
  std::vector<Token> tokens_;
  std::vector<Parsed> parsed_;
  std::vector<Variants> shapes_;
  absl::flat_hash_map<uint64_t, uint32_t> shape_numbers_;
  absl::flat_hash_map<std::string, uint32_t> template_numbers_;
  absl::flat_hash_map<uint64_t, uint32_t> column_numbers_;
  std::string shape_;  // Working memory, like text_.
  std::string text_;
  TemplatePlan plan_;
};

void TemplatePlanner::Impl::Parse(uint32_t number) {
  const std::string_view skeleton = skeletons_[number];
  Parsed& parsed = parsed_[number];
  parsed.first_token = static_cast<uint32_t>(tokens_.size());
  shape_.clear();
  uint8_t marks = 0;
  size_t words = 0;
  for (size_t at = 0; at < skeleton.size();) {
    if ((FlagsOf(skeleton[at]) & kDelimiter) != 0) {
      shape_.push_back(skeleton[at++]);
      continue;
    }
    const Token token = NextToken(skeleton, at, marks);
    tokens_.push_back(token);
    marks = static_cast<uint8_t>(marks + token.marks);
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
  if (added)
    shapes_.push_back({.skeletons = {}, .lines = 0, .words = words, .texts = {}, .plain = false});
  parsed.shape = found->second;
  Variants& variants = shapes_[parsed.shape];
  variants.skeletons.push_back(number);
  variants.lines += counts_[number];
}

// As few texts as leave enough lines for every variant.
void TemplatePlanner::Impl::ChooseTexts(Variants* variants) const {
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
uint32_t TemplatePlanner::Impl::ColumnOf(uint64_t key, char mark,
                                         const std::vector<uint32_t>& used) {
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

// Writes the template's text to text_, and its marks without columns behind those of the plan.
void TemplatePlanner::Impl::WriteTemplate(uint32_t number) {
  const std::string_view skeleton = skeletons_[number];
  const Variants& variants = shapes_[parsed_[number].shape];
  text_.clear();
  uint32_t at = 0;
  uint16_t behind_variable = 0;  // The last variable's end in the skeleton.
  size_t word = 0;
  for (const Token& token : TokensOf(number)) {
    text_ += skeleton.substr(at, token.begin - at);
    at = token.end;
    const bool is_text = token.word && IsText(variants, word);
    word += token.word ? 1 : 0;
    if (is_text) {
      text_.push_back(kTextMark);
      plan_.marks.push_back({.begin = token.begin,
                             .end = token.end,
                             .distance = static_cast<uint16_t>(token.begin - behind_variable),
                             .first_variable = token.first_mark,
                             .variables = token.marks});
    } else {
      text_ += TextOf(number, token);
    }
    uint8_t variable = token.first_mark;
    for (uint16_t i = token.begin; variable < token.first_mark + token.marks; ++i) {
      if (!IsMark(skeleton[i])) continue;
      if (!is_text) {
        plan_.marks.push_back({.begin = i,
                               .end = static_cast<uint16_t>(i + 1),
                               .distance = static_cast<uint16_t>(i - behind_variable),
                               .first_variable = variable,
                               .variables = 1});
      }
      ++variable;
      behind_variable = static_cast<uint16_t>(i + 1);
    }
  }
  text_ += skeleton.substr(at);
}

// Of a template that is new, by one of its skeletons.
std::vector<uint32_t> TemplatePlanner::Impl::FindColumns(uint32_t number) {
  const std::string_view skeleton = skeletons_[number];
  const Variants& variants = shapes_[parsed_[number].shape];
  std::vector<uint32_t> columns;
  uint64_t shape = 0;  // Of what stands before.
  uint64_t word_before = 0;
  uint32_t at = 0;
  size_t word = 0;
  for (const Token& token : TokensOf(number)) {
    shape = HashOf(skeleton.substr(at, token.begin - at), shape);
    at = token.end;
    const bool is_text = token.word && IsText(variants, word);
    word += token.word ? 1 : 0;
    if (is_text) columns.push_back(ColumnOf(shape ^ word_before, kTextMark, columns));
    for (uint32_t i = token.begin; i < token.end && !is_text; ++i) {
      if (!IsMark(skeleton[i])) continue;
      const uint64_t key = HashOf(skeleton.substr(token.begin, i - token.begin), shape);
      columns.push_back(ColumnOf(key ^ word_before, skeleton[i], columns));
    }
    if (token.word) word_before = is_text ? 1 : HashOf(TextOf(number, token), 1);
    shape = HashOf(token.word ? "a" : TextOf(number, token), shape);
  }
  return columns;
}

void TemplatePlanner::Impl::PlanSkeleton(uint32_t number) {
  TemplatePlan::Skeleton& planned = plan_.skeletons[number];
  planned.first_mark = static_cast<uint32_t>(plan_.marks.size());
  WriteTemplate(number);
  if (plan_.marks.size() - planned.first_mark > kMaxVariables) {
    plan_.marks.resize(planned.first_mark);
    return;
  }
  const auto [found, added] =
      template_numbers_.try_emplace(text_, static_cast<uint32_t>(plan_.templates.size()));
  if (added) plan_.templates.push_back({.text = text_, .columns = FindColumns(number), .lines = 0});
  planned.number = found->second;
  TemplatePlan::Template& one = plan_.templates[planned.number];
  one.lines += counts_[number];
  for (size_t i = 0; i < one.columns.size(); ++i) {
    plan_.marks[planned.first_mark + i].column = one.columns[i];
  }
}

// Templates of too few lines are plain; the others, and the columns they use, are numbered anew.
void TemplatePlanner::Impl::DropRare() {
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

const TemplatePlan& TemplatePlanner::Impl::Plan(std::span<const std::string_view> skeletons,
                                                std::span<const uint32_t> counts) {
  skeletons_ = skeletons;
  counts_ = counts;
  tokens_.clear();
  parsed_.assign(skeletons.size(), {});
  shapes_.clear();
  shape_numbers_.clear();
  template_numbers_.clear();
  column_numbers_.clear();
  plan_.skeletons.assign(skeletons.size(), {});
  plan_.marks.clear();
  plan_.templates.clear();
  plan_.columns.clear();
  for (uint32_t i = 0; i < skeletons_.size(); ++i) Parse(i);
  for (Variants& variants : shapes_) {
    ChooseTexts(&variants);
    const auto texts =
        static_cast<size_t>(std::count(variants.texts.begin(), variants.texts.end(), true));
    variants.plain = texts > kMostTexts && 2 * texts > variants.words;
  }
  for (uint32_t i = 0; i < skeletons_.size(); ++i) {
    const Variants& variants = shapes_[parsed_[i].shape];
    if (!variants.plain && variants.lines >= kLeastTemplateLines) PlanSkeleton(i);
  }
  DropRare();
  return plan_;
}

TemplatePlanner::TemplatePlanner() : impl_(std::make_unique<Impl>()) {}
TemplatePlanner::~TemplatePlanner() = default;
TemplatePlanner::TemplatePlanner(TemplatePlanner&&) noexcept = default;
TemplatePlanner& TemplatePlanner::operator=(TemplatePlanner&&) noexcept = default;

const TemplatePlan& TemplatePlanner::Plan(std::span<const std::string_view> skeletons,
                                          std::span<const uint32_t> counts) {
  return impl_->Plan(skeletons, counts);
}

}  // namespace tidegate::storage
