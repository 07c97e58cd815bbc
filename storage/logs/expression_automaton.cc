#include "storage/logs/expression_automaton.h"

#include <algorithm>
#include <utility>

namespace tidegate::storage {
namespace {

constexpr uint8_t kBeyondAscii = 128;
using Kind = ExpressionProgram::Step::Kind;

// A beginning that comes behind an end could be met by an empty line alone: too rare to know.
bool BeginsBehindEnd(const ExpressionProgram& program) {
  std::vector<uint32_t> open;
  std::vector<uint8_t> seen(program.steps.size());
  for (const ExpressionProgram::Step& step : program.steps) {
    if (step.kind == Kind::kEnd) open.push_back(step.next);
  }
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    if (std::exchange(seen[at], 1) != 0) continue;
    const ExpressionProgram::Step& step = program.steps[at];
    if (step.kind == Kind::kBegin) return true;
    if (step.kind == Kind::kByte || step.kind == Kind::kMatch) continue;
    open.push_back(step.next);
    if (step.kind == Kind::kSplit) open.push_back(step.other);
  }
  return false;
}

}  // namespace

std::unique_ptr<ExpressionAutomaton> ExpressionAutomaton::Compile(std::string_view expression) {
  std::optional<ExpressionProgram> program = CompileProgram(expression);
  if (!program.has_value() || BeginsBehindEnd(*program)) return nullptr;
  return std::unique_ptr<ExpressionAutomaton>(new ExpressionAutomaton(*std::move(program)));
}

ExpressionAutomaton::ExpressionAutomaton(ExpressionProgram program)
    : program_(std::move(program)), seen_(program_.steps.size()) {
  std::map<std::vector<bool>, uint8_t> classes;
  class_of_.fill(kBeyondAscii);
  for (size_t byte = 0; byte < 128; ++byte) {
    std::vector<bool> in;
    for (const AsciiSet& set : program_.sets) in.push_back(set[byte]);
    const auto at = classes.try_emplace(std::move(in), static_cast<uint8_t>(classes.size())).first;
    class_of_[byte] = at->second;
    example_[at->second] = static_cast<uint8_t>(byte);
  }
  for (const State fixed : {kUnknown, kMatched}) {
    sets_.emplace_back();
    next_.insert(next_.end(), kClasses, fixed);
    at_end_.push_back(fixed == kMatched ? 1 : 0);
  }
  Steps steps;
  const bool matched = Follow(program_.start, /*begin=*/true, /*end=*/false, &steps);
  start_ = StateOf(std::move(steps), matched);
}

bool ExpressionAutomaton::Follow(uint32_t from, bool begin, bool end, Steps* steps) {
  std::vector<uint32_t> open = {from};
  bool matched = false;
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    if (std::exchange(seen_[at], 1) != 0) continue;
    const ExpressionProgram::Step& step = program_.steps[at];
    matched |= step.kind == Kind::kMatch;
    if (step.kind == Kind::kSplit) open.push_back(step.other);
    if (step.kind == Kind::kSplit || (step.kind == Kind::kBegin && begin) ||
        (step.kind == Kind::kEnd && end)) {
      open.push_back(step.next);
    } else if (step.kind == Kind::kByte || step.kind == Kind::kEnd) {
      steps->push_back(at);
    }
  }
  return matched;
}

ExpressionAutomaton::State ExpressionAutomaton::StateOf(Steps steps, bool matched) {
  std::fill(seen_.begin(), seen_.end(), 0);
  if (matched) return kMatched;
  std::sort(steps.begin(), steps.end());
  const auto at = known_.find(steps);
  if (at != known_.end()) return at->second;
  if (sets_.size() >= kMostStates) return kUnknown;
  const auto state = static_cast<State>(sets_.size());
  Steps ignored;
  bool ends = false;
  for (const uint32_t step : steps) {
    if (program_.steps[step].kind != Kind::kEnd) continue;
    ends |= Follow(step, /*begin=*/false, /*end=*/true, &ignored);
  }
  std::fill(seen_.begin(), seen_.end(), 0);
  at_end_.push_back(ends ? 1 : 0);
  next_.insert(next_.end(), kClasses, kNotMade);
  next_[(state + size_t{1}) * kClasses - 1] = kUnknown;  // Beyond ASCII.
  known_.emplace(steps, state);
  sets_.push_back(std::move(steps));
  return state;
}

ExpressionAutomaton::State ExpressionAutomaton::Make(State state, uint8_t byte_class) {
  const uint8_t byte = example_[byte_class];
  Steps reached;
  bool matched = false;
  const Steps from = sets_[state];
  for (const uint32_t at : from) {
    const ExpressionProgram::Step& step = program_.steps[at];
    if (step.kind != Kind::kByte || !program_.sets[step.set][byte]) continue;
    matched |= Follow(step.next, /*begin=*/false, /*end=*/false, &reached);
  }
  // A match may begin at the next byte too.
  matched |= Follow(program_.start, /*begin=*/false, /*end=*/false, &reached);
  const State next = StateOf(std::move(reached), matched);
  next_[state * kClasses + byte_class] = next;
  return next;
}

}  // namespace tidegate::storage
