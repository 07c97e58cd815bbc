#include "storage/page/template_run.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

using State = ExpressionAutomaton::State;

constexpr size_t kMostStates = 200;  // At one place of a template.
constexpr State kNotRun = UINT16_MAX;

// The characters that may stand in a variable; of those beyond ASCII, one.
std::string CharactersOf(uint8_t classes) {
  std::string characters;
  for (int c = 1; c < 128; ++c) {
    if ((CharacterClass(static_cast<char>(c)) & classes) != 0) {
      characters.push_back(static_cast<char>(c));
    }
  }
  if ((classes & kOtherClass) != 0) characters += {'\0', '\x80'};
  return characters;
}

const std::string& Characters(uint8_t classes) {
  static const auto* const all = [] {
    auto* const made = new std::array<std::string, 64>();
    for (size_t i = 0; i < made->size(); ++i) (*made)[i] = CharactersOf(static_cast<uint8_t>(i));
    return made;
  }();
  return (*all)[classes & kTextClasses];
}

// All states behind a variable. False when there are too many.
bool AddVariable(const VariableShape& shape, ExpressionAutomaton* automaton,
                 std::vector<State>* states) {
  const std::string& characters = Characters(shape.classes);
  std::vector<State> open = *states;
  states->clear();
  for (uint32_t i = 0; i < shape.largest && !open.empty(); ++i) {
    std::vector<State> next;
    for (const State state : open) {
      for (const char c : characters) {
        const State reached = automaton->Step(state, c);
        if (std::find(states->begin(), states->end(), reached) != states->end()) continue;
        states->push_back(reached);
        next.push_back(reached);
      }
    }
    if (states->size() > kMostStates) return false;
    open = std::move(next);
  }
  return true;
}

std::string_view TextAt(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && !IsMark(text[end])) ++end;
  return text.substr(begin, end - begin);
}

// The state behind a variable whatever its value is; kNotRun when that makes a difference.
State BehindAny(State state, const VariableShape& shape, ExpressionAutomaton* automaton) {
  const std::string& characters = Characters(shape.classes);
  const State next = automaton->Step(state, characters[0]);
  for (const char c : characters) {
    if (automaton->Step(state, c) != next) return kNotRun;
    if (shape.largest > 1 && automaton->Step(next, c) != next) return kNotRun;
  }
  return next;
}

// What leads from each state to another, found when it is first wanted.
template <typename Fn>
class Memory {
 public:
  explicit Memory(Fn fn) : fn_(std::move(fn)) {}
  State Behind(State state) {
    if (state >= known_.size()) known_.resize(state + size_t{1}, kNotRun);
    if (known_[state] == kNotRun) known_[state] = fn_(state);
    return known_[state];
  }

 private:
  const Fn fn_;
  std::vector<State> known_;
};

// False when the values make a difference; then nothing is changed.
bool PassVariable(const VariableShape& shape, ExpressionAutomaton* automaton,
                  std::vector<State>* states) {
  Memory memory([&](State state) { return BehindAny(state, shape, automaton); });
  for (const State state : *states) {
    if (memory.Behind(state) == kNotRun) return false;
  }
  for (State& state : *states) state = memory.Behind(state);
  return true;
}

}  // namespace

Verdict JudgeByShape(const LineTemplate& lines, ExpressionAutomaton* automaton) {
  if (lines.kind == TemplateKind::kPlain) return Verdict::kMaybe;
  std::vector<State> states = {automaton->start()};
  size_t variable = 0;
  for (size_t at = 0; at < lines.text.size();) {
    if (IsMark(lines.text[at])) {
      ++at;
      if (!AddVariable(lines.variables[variable++], automaton, &states)) return Verdict::kMaybe;
      continue;
    }
    const std::string_view text = TextAt(lines.text, at);
    at += text.size();
    for (State& state : states) state = automaton->Run(state, text);
    std::sort(states.begin(), states.end());
    states.erase(std::unique(states.begin(), states.end()), states.end());
  }
  size_t matched = 0;
  for (const State state : states) {
    if (state == ExpressionAutomaton::kUnknown) return Verdict::kMaybe;
    matched += automaton->MatchesAtEnd(state) ? 1 : 0;
  }
  if (matched == 0) return Verdict::kNone;
  return matched == states.size() ? Verdict::kAll : Verdict::kMaybe;
}

absl::StatusOr<std::vector<Verdict>> JudgeByValues(LogPage* page, LogPageLines* lines,
                                                   const LogPage::Template& one,
                                                   std::span<const uint32_t> rows,
                                                   ExpressionAutomaton* automaton) {
  std::vector<Verdict> verdicts(rows.size(), Verdict::kMaybe);
  if (one.lines.kind == TemplateKind::kPlain) return verdicts;
  const LogPage::Family& family = page->families()[one.family];
  std::vector<State> states(rows.size(), automaton->start());
  std::string memory;
  size_t variable = 0;
  for (size_t at = 0; at < one.lines.text.size();) {
    if (!IsMark(one.lines.text[at])) {
      const std::string_view text = TextAt(one.lines.text, at);
      at += text.size();
      Memory behind([&](State state) { return automaton->Run(state, text); });
      for (State& state : states) state = behind.Behind(state);
      continue;
    }
    ++at;
    const size_t mark = variable++;
    if (PassVariable(one.lines.variables[mark], automaton, &states)) continue;
    const auto values = lines->Values(family.columns[mark]);
    if (!values.ok()) return values.status();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (states[i] <= ExpressionAutomaton::kMatched) continue;
      const uint32_t place = page->PlaceOf(rows[i], family.place_kinds[mark]);
      states[i] = automaton->Run(states[i], (*values)->At(place, &memory));
    }
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (states[i] == ExpressionAutomaton::kUnknown) continue;
    verdicts[i] = automaton->MatchesAtEnd(states[i]) ? Verdict::kAll : Verdict::kNone;
  }
  return verdicts;
}

}  // namespace tidegate::storage
