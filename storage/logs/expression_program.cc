#include "storage/logs/expression_program.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace tidegate::storage {
namespace {

constexpr size_t kMostSteps = 2000;
constexpr int kMostDepth = 100;
constexpr int kMostRepeats = 1000;  // RE2's own bound.
constexpr int kForever = -1;

struct Tree {
  enum class Kind : uint8_t { kSet, kSequence, kChoice, kRepeat, kBegin, kEnd };
  Kind kind = Kind::kSequence;
  AsciiSet set;             // kSet
  std::vector<Tree> parts;  // kSequence, kChoice; one for kRepeat
  int least = 0;
  int most = kForever;
};

AsciiSet Range(char first, char last) {
  AsciiSet set;
  for (int c = first; c <= last; ++c) set.set(static_cast<size_t>(c));
  return set;
}
AsciiSet One(char c) { return Range(c, c); }
AsciiSet Word() { return Range('0', '9') | Range('a', 'z') | Range('A', 'Z') | One('_'); }
AsciiSet Space() { return One(' ') | One('\t') | One('\n') | One('\f') | One('\r'); }
AsciiSet Alphabetic() { return Range('a', 'z') | Range('A', 'Z'); }
AsciiSet Graphic() { return Range('!', '~'); }

AsciiSet BothCases(AsciiSet set) {
  for (size_t c = 'a'; c <= 'z'; ++c) {
    const size_t upper = c - 'a' + 'A';
    const bool either = set[c] || set[upper];
    set[c] = either;
    set[upper] = either;
  }
  return set;
}

std::optional<AsciiSet> NamedClass(std::string_view name) {
  if (name == "alnum") return Alphabetic() | Range('0', '9');
  if (name == "alpha") return Alphabetic();
  if (name == "blank") return One(' ') | One('\t');
  if (name == "digit") return Range('0', '9');
  if (name == "graph") return Graphic();
  if (name == "lower") return Range('a', 'z');
  if (name == "print") return Range(' ', '~');
  if (name == "punct") return Graphic() & ~(Alphabetic() | Range('0', '9'));
  if (name == "space") return Space() | One('\v');
  if (name == "upper") return Range('A', 'Z');
  if (name == "word") return Word();
  if (name == "xdigit") return Range('0', '9') | Range('a', 'f') | Range('A', 'F');
  return std::nullopt;
}

struct Flags {
  bool any_case = false;
  bool dot_newline = false;
};

// Reads what it knows and gives up at anything else.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Tree> Parse() {
    Tree tree = Choice(0, Flags());
    if (!known_ || !rest_.empty()) return std::nullopt;
    return tree;
  }

 private:
  bool Take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  bool At(char c) const { return !rest_.empty() && rest_.front() == c; }
  char Next() {
    if (rest_.empty() || static_cast<uint8_t>(rest_.front()) >= 128) {
      known_ = false;
      return 0;
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // Flags that are set inside a group hold until its end.
  Tree Choice(int depth, Flags flags) {
    Tree choice{.kind = Tree::Kind::kChoice, .set = {}, .parts = {}};
    if (depth > kMostDepth) known_ = false;
    do {
      Tree sequence;
      while (known_ && !rest_.empty() && !At('|') && !At(')')) Item(depth, &flags, &sequence);
      choice.parts.push_back(std::move(sequence));
    } while (known_ && Take("|"));
    return choice;
  }

  void Item(int depth, Flags* flags, Tree* sequence) {
    std::optional<Tree> atom = Atom(depth, flags);
    if (!known_ || !atom.has_value()) return;
    while (known_ && Repeats()) {
      Tree repeat{
          .kind = Tree::Kind::kRepeat, .set = {}, .parts = {}, .least = least_, .most = most_};
      repeat.parts.push_back(*std::move(atom));
      atom = std::move(repeat);
    }
    sequence->parts.push_back(*std::move(atom));
  }

  // A repetition, which goes to least_ and most_.
  bool Repeats() {
    if (rest_.empty()) return false;
    if (Take("*")) {
      least_ = 0, most_ = kForever;
    } else if (Take("+")) {
      least_ = 1, most_ = kForever;
    } else if (Take("?")) {
      least_ = 0, most_ = 1;
    } else if (!At('{') || !Braces()) {
      return false;
    }
    Take("?");  // Whether it is greedy does not matter.
    return true;
  }

  int Number(std::string_view* text) {
    int number = -1;
    // A number that begins with a zero makes braces text.
    if (text->size() > 1 && (*text)[0] == '0' && (*text)[1] >= '0' && (*text)[1] <= '9') return -1;
    while (!text->empty() && text->front() >= '0' && text->front() <= '9') {
      number = std::max(number, 0) * 10 + (text->front() - '0');
      if (number > kMostRepeats) known_ = false;
      if (!known_) return -1;
      text->remove_prefix(1);
    }
    return number;
  }

  // {n}, {n,} or {n,m}; anything else is text.
  bool Braces() {
    std::string_view text = rest_.substr(1);
    const int least = Number(&text);
    if (least < 0) return false;
    int most = least;
    if (text.starts_with(',')) {
      text.remove_prefix(1);
      most = Number(&text);  // Nothing: -1, kForever.
    }
    if (!text.starts_with('}')) return false;
    rest_ = text.substr(1);
    least_ = least, most_ = most;
    return known_;
  }

  Tree SetOf(AsciiSet set, const Flags& flags) {
    return {.kind = Tree::Kind::kSet, .set = flags.any_case ? BothCases(set) : set, .parts = {}};
  }

  std::optional<Tree> Atom(int depth, Flags* flags) {
    const char c = Next();
    if (!known_) return std::nullopt;
    switch (c) {
      case '(':
        return Group(depth, flags);
      case '[':
        return Class(*flags);
      case '.': {
        AsciiSet all = AsciiSet().set();
        if (!flags->dot_newline) all.reset('\n');
        return SetOf(all, Flags());
      }
      case '^':
        return Tree{.kind = Tree::Kind::kBegin, .set = {}, .parts = {}};
      case '$':
        return Tree{.kind = Tree::Kind::kEnd, .set = {}, .parts = {}};
      case '\\':
        if (Take("A")) return Tree{.kind = Tree::Kind::kBegin, .set = {}, .parts = {}};
        if (Take("z")) return Tree{.kind = Tree::Kind::kEnd, .set = {}, .parts = {}};
        return SetOf(Escape(), *flags);
      case '*':
      case '+':
      case '?':
        known_ = false;
        return std::nullopt;
      default:
        return SetOf(One(c), *flags);
    }
  }

  std::optional<Tree> Group(int depth, Flags* flags) {
    Flags inner = *flags;
    if (Take("?P<")) {
      while (known_ && Next() != '>') {
      }
    } else if (Take("?")) {
      while (!At(':') && !At(')')) {
        const char flag = Next();
        if (flag == 'i') {
          inner.any_case = true;
        } else if (flag == 's') {
          inner.dot_newline = true;
        } else {
          known_ = false;
        }
        if (!known_) return std::nullopt;
      }
      if (Take(")")) {
        *flags = inner;
        return std::nullopt;
      }
      Take(":");
    }
    Tree tree = Choice(depth + 1, inner);
    if (!Take(")")) known_ = false;
    return tree;
  }

  AsciiSet Escape() {
    const char c = Next();
    switch (c) {
      case 'd':
        return Range('0', '9');
      case 'D':
        return ~Range('0', '9');
      case 'w':
        return Word();
      case 'W':
        return ~Word();
      case 's':
        return Space();
      case 'S':
        return ~Space();
      case 'n':
        return One('\n');
      case 't':
        return One('\t');
      case 'r':
        return One('\r');
      case 'f':
        return One('\f');
      case 'v':
        return One('\v');
      case 'a':
        return One('\a');
      default:
        // Of punctuation it is the character; the rest is rare or means something else.
        if ((Word() & One(c)).any() || c < '!') known_ = false;
        return One(c);
    }
  }

  // An end of a range, or a set of its own.
  AsciiSet ClassPart() {
    if (Take("[:")) {
      const size_t end = rest_.find(":]");
      const auto named = NamedClass(rest_.substr(0, end));
      if (end == rest_.npos || !named.has_value()) {
        known_ = false;
        return {};
      }
      rest_.remove_prefix(end + 2);
      return *named;
    }
    const char c = Next();
    return c == '\\' ? Escape() : One(c);
  }

  std::optional<Tree> Class(const Flags& flags) {
    const bool negated = Take("^");
    AsciiSet set;
    bool first = true;
    while (known_ && (first || !At(']'))) {
      first = false;
      const AsciiSet part = ClassPart();
      if (!known_) return std::nullopt;
      if (part.count() != 1 || !At('-') || rest_.substr(1).starts_with(']')) {
        set |= part;
        continue;
      }
      Next();
      const AsciiSet last = ClassPart();
      if (!known_ || last.count() != 1) {
        known_ = false;
        return std::nullopt;
      }
      set |= Range(Only(part), Only(last));
    }
    Next();
    Tree tree = SetOf(set, flags);
    if (negated) tree.set = ~tree.set;
    return tree;
  }

  static char Only(const AsciiSet& set) {
    size_t c = 0;
    while (!set[c]) ++c;
    return static_cast<char>(c);
  }

  std::string_view rest_;
  bool known_ = true;
  int least_ = 0;
  int most_ = 0;
};

// Steps are made from the end of the expression to its beginning.
class Writer {
 public:
  using Kind = ExpressionProgram::Step::Kind;

  std::optional<ExpressionProgram> Write(const Tree& tree) {
    const uint32_t match = Add({.kind = Kind::kMatch});
    program_.start = Before(tree, match);
    if (full_) return std::nullopt;
    return std::move(program_);
  }

 private:
  uint32_t Add(ExpressionProgram::Step step) {
    full_ |= program_.steps.size() >= kMostSteps;
    if (full_) return 0;
    program_.steps.push_back(step);
    return static_cast<uint32_t>(program_.steps.size() - 1);
  }

  // The step at which the tree begins, when `next` comes behind it.
  uint32_t Before(const Tree& tree, uint32_t next) {
    switch (tree.kind) {
      case Tree::Kind::kSet:
        program_.sets.push_back(tree.set);
        return Add({.kind = Kind::kByte,
                    .next = next,
                    .set = static_cast<uint32_t>(program_.sets.size() - 1)});
      case Tree::Kind::kBegin:
        return Add({.kind = Kind::kBegin, .next = next});
      case Tree::Kind::kEnd:
        return Add({.kind = Kind::kEnd, .next = next});
      case Tree::Kind::kSequence:
        for (size_t i = tree.parts.size(); i > 0 && !full_; --i) {
          next = Before(tree.parts[i - 1], next);
        }
        return next;
      case Tree::Kind::kChoice: {
        uint32_t first = Before(tree.parts.back(), next);
        for (size_t i = tree.parts.size() - 1; i > 0 && !full_; --i) {
          first =
              Add({.kind = Kind::kSplit, .next = Before(tree.parts[i - 1], next), .other = first});
        }
        return first;
      }
      case Tree::Kind::kRepeat:
        return BeforeRepeat(tree, next);
    }
    return next;
  }

  uint32_t BeforeRepeat(const Tree& tree, uint32_t next) {
    const Tree& part = tree.parts[0];
    if (tree.most == kForever) {
      const uint32_t loop = Add({.kind = Kind::kSplit, .other = next});
      const uint32_t again = Before(part, loop);
      if (full_) return 0;
      program_.steps[loop].next = again;
      next = loop;
    } else {
      const uint32_t end = next;
      for (int i = tree.least; i < tree.most && !full_; ++i) {
        next = Add({.kind = Kind::kSplit, .next = Before(part, next), .other = end});
      }
    }
    for (int i = 0; i < tree.least && !full_; ++i) next = Before(part, next);
    return next;
  }

  ExpressionProgram program_;
  bool full_ = false;
};

}  // namespace

std::optional<ExpressionProgram> CompileProgram(std::string_view expression) {
  const std::optional<Tree> tree = Parser(expression).Parse();
  if (!tree.has_value()) return std::nullopt;
  return Writer().Write(*tree);
}

}  // namespace tidegate::storage
