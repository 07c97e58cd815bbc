// Decides whether a line matches an expression, a piece of the line at a time.
#ifndef TIDEGATE_STORAGE_LOGS_EXPRESSION_AUTOMATON_H_
#define TIDEGATE_STORAGE_LOGS_EXPRESSION_AUTOMATON_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/logs/expression_program.h"

namespace tidegate::storage {

// A deterministic automaton whose states are made when they are first reached. It answers what
// RE2::PartialMatch would, or that it does not know: behind a byte beyond ASCII, and when the
// expression takes too many states. Owned by one thread.
class ExpressionAutomaton {
 public:
  using State = uint16_t;
  static constexpr State kUnknown = 0;  // Stays so.
  static constexpr State kMatched = 1;  // Stays so.

  // nullptr when the expression is beyond CompileProgram.
  static std::unique_ptr<ExpressionAutomaton> Compile(std::string_view expression);

  State start() const { return start_; }
  // How many states there are by now; each is below.
  size_t states() const { return sets_.size(); }
  State Step(State state, char c) {
    const State next = next_[state * kClasses + class_of_[static_cast<uint8_t>(c)]];
    return next != kNotMade ? next : Make(state, class_of_[static_cast<uint8_t>(c)]);
  }
  State Run(State state, std::string_view bytes) {
    for (const char c : bytes) state = Step(state, c);
    return state;
  }
  // Whether the line matches when it ends here. Not for kUnknown.
  bool MatchesAtEnd(State state) const { return at_end_[state] != 0; }

 private:
  using Steps = std::vector<uint32_t>;  // Ascending: kByte and kEnd.
  static constexpr State kNotMade = UINT16_MAX;
  static constexpr size_t kMostStates = 1000;
  static constexpr size_t kClasses = 129;  // The last: beyond ASCII.

  explicit ExpressionAutomaton(ExpressionProgram program);
  State Make(State state, uint8_t byte_class);
  State StateOf(Steps steps, bool matched);
  // Adds what can be reached from a step without a byte; true when that is the end.
  bool Follow(uint32_t from, bool begin, bool end, Steps* steps);

  const ExpressionProgram program_;
  std::array<uint8_t, 256> class_of_{};  // Bytes that no set tells apart.
  std::array<uint8_t, 129> example_{};   // A byte of each class.
  State start_ = kUnknown;
  std::map<Steps, State> known_;
  std::vector<Steps> sets_;  // Of states.
  std::vector<State> next_;  // kClasses for each state.
  std::vector<uint8_t> at_end_;
  std::vector<uint8_t> seen_;  // Working memory of Follow.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_EXPRESSION_AUTOMATON_H_
