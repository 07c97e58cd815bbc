#include "storage/logs/template_filter.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <string.h>

#include <algorithm>
#include <utility>

#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/text_filter.h"

namespace tidegate::storage {
namespace {

constexpr size_t kProbedBytes = 64;
constexpr int kLeastAtomBytes = 2;
constexpr int64_t kMaxExpressionBytes = 8 << 20;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 128; });
}

// Without one of these, an expression is the text that it looks for.
bool IsLiteral(std::string_view expression) {
  return expression.find_first_of("\\.+*?()|[]{}^$") == std::string_view::npos;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsAlphanumeric(char c) { return (CharacterClass(c) & (kOtherClass | kDelimiterClass)) == 0; }

// The words of a text that are whole, as other characters around them tell, and that never vary:
// letters alone (line_skeleton.h), of which one is no hexadecimal digit as in UUIDs.
std::vector<bool> FixedWords(std::string_view text) {
  std::vector<bool> fixed(text.size());
  size_t begin = 0;
  for (size_t end = 0; end < text.size(); ++end) {
    if (IsAlphanumeric(text[end])) continue;
    uint8_t classes = 0;
    for (size_t i = begin; i < end; ++i) classes |= CharacterClass(text[i]);
    const bool letters = (classes & kDigitClass) == 0;
    const bool others = (classes & (kLowLetterClass | kUpLetterClass)) != 0;
    if (begin > 0 && letters && others) {
      for (size_t i = begin; i < end; ++i) fixed[i] = true;
    }
    begin = end + 1;
  }
  return fixed;
}

// Letters outside ASCII whose other case is an ASCII letter: U+017F and U+212A.
bool HoldsOddLetters(std::string_view text) {
  return text.find("\xC5\xBF") != std::string_view::npos ||
         text.find("\xE2\x84\xAA") != std::string_view::npos;
}

}  // namespace

TemplateProbe::TemplateProbe(std::string literal, bool any_case)
    : literal_(std::move(literal)), any_case_(any_case), fixed_(FixedWords(literal_)) {
  const size_t probed = std::min(literal_.size(), kProbedBytes);
  if (probed == 0) return;
  for (size_t byte = 0; byte < begins_.size(); ++byte) {
    const char c = static_cast<char>(byte);
    begins_[byte] = IsMark(c) || c == literal_[0] || (any_case_ && Lower(c) == literal_[0]);
  }
  last_ = uint64_t{1} << (probed - 1);
  for (size_t i = 0; i < probed; ++i) {
    const uint64_t bit = uint64_t{1} << i;
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      if (c != literal_[i] && (!any_case_ || Lower(c) != literal_[i])) continue;
      bytes_[static_cast<size_t>(byte)] |= bit;
      for (size_t classes = 0; classes < classes_.size(); ++classes) {
        if ((classes & CharacterClass(c)) != 0) classes_[classes] |= bit;
      }
    }
  }
}

uint64_t TemplateProbe::SequencesIn(std::string_view filter) const {
  uint64_t there = ~uint64_t{0};
  for (size_t i = 2; i < std::min(literal_.size(), kProbedBytes); ++i) {
    if (!MayContain(filter, std::string_view(literal_).substr(i - 2, 3))) {
      there &= ~(uint64_t{1} << i);
    }
  }
  return there;
}

Verdict TemplateProbe::Judge(const LineTemplate& lines, std::string_view filter,
                             uint64_t sequences) const {
  if (literal_.empty()) return Verdict::kAll;
  if (lines.kind == TemplateKind::kPlain) {
    return MayContain(filter, literal_) ? Verdict::kMaybe : Verdict::kNone;
  }
  return JudgePattern(lines, sequences);
}

// What can end in a variable that the states before it reach: bit i of a state is set while the
// literal's first i + 1 bytes can end here. Only the first two bytes in a text may be any.
uint64_t TemplateProbe::Inside(uint64_t before, const VariableShape& shape,
                               uint64_t sequences) const {
  const uint64_t inside = classes_[shape.classes];
  if (shape.classes != kTextClasses) sequences = ~uint64_t{0};
  uint64_t state = (before << 1 | 1) & inside;
  uint64_t all = state;
  for (uint32_t i = 1; i < shape.largest && state != 0; ++i) {
    state = state << 1 & inside;
    if (i >= 2) state &= sequences;
    all |= state;
  }
  return all;
}

// Shift-and.
Verdict TemplateProbe::JudgePattern(const LineTemplate& lines, uint64_t sequences) const {
  if (any_case_ && HoldsOddLetters(lines.text)) return Verdict::kMaybe;
  uint64_t state = 0;
  size_t variable = 0;
  bool may = false;
  for (const char c : lines.text) {
    state = IsMark(c) ? Inside(state, lines.variables[variable++], sequences)
                      : (state << 1 | 1) & bytes_[static_cast<uint8_t>(c)];
    may |= (state & last_) != 0;
  }
  if (!may) return Verdict::kNone;
  const bool all = !any_case_ && memmem(lines.text.data(), lines.text.size(), literal_.data(),
                                        literal_.size()) != nullptr;
  return all ? Verdict::kAll : Verdict::kMaybe;
}

bool TemplateProbe::MayStandIn(std::string_view texts, uint8_t classes, uint64_t sequences) const {
  if (literal_.empty() || (any_case_ && HoldsOddLetters(texts))) return true;
  if (!any_case_ && !HoldsFixedPart(texts, classes)) return false;
  // As in a pattern, but every word may hold every class, and end anywhere.
  const auto most = static_cast<uint32_t>(kProbedBytes);
  const VariableShape number = {.classes = kDigitClass, .largest = most};
  const VariableShape word = {.classes = classes, .largest = most};
  const VariableShape text = {.classes = kTextClasses, .largest = most};
  uint64_t state = 0;
  for (size_t at = 0; at < texts.size(); ++at) {
    if (state == 0) {
      // Most bytes begin nothing.
      while (at < texts.size() && !begins_[static_cast<uint8_t>(texts[at])]) ++at;
      if (at == texts.size()) return false;
    }
    const char c = texts[at];
    if (!IsMark(c)) {
      state = (state << 1 | 1) & bytes_[static_cast<uint8_t>(c)];
    } else {
      const VariableShape& shape = c == kNumberMark ? number : c == kWordMark ? word : text;
      state = Inside(state, shape, sequences);
    }
    if ((state & last_) != 0) return true;
  }
  return false;
}

// The longest part of the literal that cannot stand in a variable stands in the texts as it is.
bool TemplateProbe::HoldsFixedPart(std::string_view texts, uint8_t classes) const {
  if (texts.find(kTextMark) != std::string_view::npos) return true;
  const auto is_fixed = [&](size_t i) {
    return fixed_[i] || (CharacterClass(literal_[i]) & classes) == 0;
  };
  std::string_view longest;
  for (size_t begin = 0; begin < literal_.size(); ++begin) {
    size_t end = begin;
    while (end < literal_.size() && is_fixed(end)) ++end;
    const std::string_view part = std::string_view(literal_).substr(begin, end - begin);
    if (part.size() > longest.size()) longest = part;
    begin = end;
  }
  return longest.empty() || (!texts.empty() && memmem(texts.data(), texts.size(), longest.data(),
                                                      longest.size()) != nullptr);
}

// One of the selection's tests.
struct TemplateFilter::Test {
  bool negated = false;
  std::vector<std::string> wanted;
  std::vector<TemplateProbe> literals;  // Of what is wanted.
  // Of expressions that are no literals: what must be there for one of them to match.
  std::unique_ptr<re2::FilteredRE2> expressions;
  std::vector<TemplateProbe> atoms;
  std::vector<int> always;  // Atoms that are not looked for.
  std::vector<std::unique_ptr<ExpressionAutomaton>> automata;
  bool beyond = false;  // There are expressions without an automaton.

  void AddExpressions(const std::vector<std::string>& texts);
  size_t probes() const { return literals.size() + atoms.size(); }
  // `possible` has one for each probe.
  Verdict Judge(const LineTemplate& lines, std::string_view filter,
                std::span<const Chance> possible) const;
};

void TemplateFilter::Test::AddExpressions(const std::vector<std::string>& texts) {
  expressions = std::make_unique<re2::FilteredRE2>(kLeastAtomBytes);
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxExpressionBytes);
  for (const std::string& text : texts) {
    int id = 0;
    expressions->Add(text, options, &id);
    automata.push_back(ExpressionAutomaton::Compile(text));
    if (automata.back() != nullptr) continue;
    automata.pop_back();
    beyond = true;
  }
  std::vector<std::string> found;
  expressions->Compile(&found);
  for (std::string& atom : found) {
    // Cases of other letters are not known here.
    if (!IsAscii(atom)) always.push_back(static_cast<int>(atoms.size()));
    atoms.emplace_back(std::move(atom), /*any_case=*/true);
  }
}

Verdict TemplateFilter::Test::Judge(const LineTemplate& lines, std::string_view filter,
                                    std::span<const Chance> possible) const {
  const bool plain = lines.kind == TemplateKind::kPlain;
  Verdict verdict = Verdict::kNone;
  for (size_t i = 0; i < literals.size(); ++i) {
    if (!plain && !possible[i].any) continue;
    verdict = std::max(verdict, literals[i].Judge(lines, filter, possible[i].sequences));
  }
  if (expressions == nullptr || verdict != Verdict::kNone) return verdict;
  std::vector<int> found = always;
  for (size_t i = 0; i < atoms.size(); ++i) {
    const Chance& chance = possible[literals.size() + i];
    if (!plain && !chance.any) continue;
    if (atoms[i].Judge(lines, filter, chance.sequences) != Verdict::kNone) {
      found.push_back(static_cast<int>(i));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<int> potentials;
  expressions->AllPotentials(found, &potentials);
  return potentials.empty() ? Verdict::kNone : Verdict::kMaybe;
}

TemplateFilter::TemplateFilter(std::span<const LineTest> tests) {
  for (const LineTest& test : tests) {
    Test& one = tests_.emplace_back();
    one.negated = test.negated;
    std::vector<std::string> expressions;
    for (const std::string& text : test.alternatives) {
      if (test.kind == LineTest::Kind::kContains || IsLiteral(text)) {
        one.wanted.push_back(text);
        one.literals.emplace_back(text, /*any_case=*/false);
      } else {
        expressions.push_back(text);
      }
    }
    if (!expressions.empty()) one.AddExpressions(expressions);
    probes_ += one.probes();
  }
}

TemplateFilter::TemplateFilter(TemplateFilter&&) noexcept = default;
TemplateFilter& TemplateFilter::operator=(TemplateFilter&&) noexcept = default;
TemplateFilter::~TemplateFilter() = default;

std::vector<TemplateFilter::ColumnTest> TemplateFilter::ColumnTests() const {
  std::vector<ColumnTest> all;
  for (const Test& test : tests_) {
    all.push_back({.negated = test.negated,
                   .beyond = test.beyond,
                   .texts = test.wanted,
                   .automata = test.automata});
  }
  return all;
}

Verdict TemplateFilter::JudgeOne(const LineTemplate& lines, std::string_view filter,
                                 std::span<const Chance> possible) const {
  Verdict verdict = Verdict::kAll;
  for (const Test& test : tests_) {
    const Verdict one = test.Judge(lines, filter, possible.first(test.probes()));
    possible = possible.subspan(test.probes());
    verdict = std::min(verdict, test.negated ? Not(one) : one);
    if (verdict == Verdict::kNone) break;
  }
  return verdict;
}

template <typename Fn>
void TemplateFilter::ForEachProbe(const Fn& fn) const {
  size_t number = 0;
  for (const Test& test : tests_) {
    for (const auto* probes : {&test.literals, &test.atoms}) {
      for (const TemplateProbe& probe : *probes) fn(number++, probe);
    }
  }
}

std::vector<TemplateFilter::Chance> TemplateFilter::Possible(const Page& page) const {
  return Possible(
      Pages{.texts = {&page.texts, 1}, .classes = page.classes, .filters = {&page.filter, 1}});
}

std::vector<TemplateFilter::Chance> TemplateFilter::Possible(const Pages& pages) const {
  std::vector<Chance> possible(probes_);
  ForEachProbe([&](size_t number, const TemplateProbe& probe) {
    Chance& chance = possible[number];
    for (const std::string_view filter : pages.filters) {
      // A page without texts has no place for any.
      if (!filter.empty()) chance.sequences |= probe.SequencesIn(filter);
    }
    chance.any = std::any_of(pages.texts.begin(), pages.texts.end(), [&](std::string_view texts) {
      return probe.MayStandIn(texts, pages.classes, chance.sequences);
    });
  });
  return possible;
}

std::vector<TemplateFilter::Chance> TemplateFilter::Possible(std::span<const Chance> in_all,
                                                             std::string_view filter) const {
  std::vector<Chance> possible(in_all.begin(), in_all.end());
  ForEachProbe([&](size_t number, const TemplateProbe& probe) {
    if (possible[number].any) possible[number].sequences = probe.SequencesIn(filter);
  });
  return possible;
}

bool TemplateFilter::MayStandIn(std::string_view text, uint8_t classes,
                                std::span<const Chance> possible) const {
  bool any = false;
  ForEachProbe([&](size_t number, const TemplateProbe& probe) {
    any = any ||
          (possible[number].any && probe.MayStandIn(text, classes, possible[number].sequences));
  });
  return any;
}

bool TemplateFilter::HasTextsOnly() const {
  return std::all_of(tests_.begin(), tests_.end(),
                     [](const Test& test) { return test.expressions == nullptr; });
}

bool TemplateFilter::NonePasses(std::span<const Chance> possible, std::string_view filter) const {
  // Where some pattern may hold a probe, each must be asked.
  const auto any = [](const Chance& chance) { return chance.any; };
  if (std::any_of(possible.begin(), possible.end(), any)) return false;
  const LineTemplate pattern = {.kind = TemplateKind::kPattern, .text = {}, .variables = {}};
  const LineTemplate plain;
  return JudgeOne(pattern, {}, possible) == Verdict::kNone &&
         (filter.empty() || JudgeOne(plain, filter, possible) == Verdict::kNone);
}

std::vector<Verdict> TemplateFilter::Judge(std::span<const Chance> possible,
                                           std::string_view filter,
                                           std::span<const LineTemplate> templates) const {
  std::vector<Verdict> verdicts;
  verdicts.reserve(templates.size());
  for (const LineTemplate& lines : templates) verdicts.push_back(JudgeOne(lines, filter, possible));
  return verdicts;
}

}  // namespace tidegate::storage
