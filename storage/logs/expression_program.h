// Regular expressions as programs over bytes, as far as ASCII goes.
#ifndef TIDEGATE_STORAGE_LOGS_EXPRESSION_PROGRAM_H_
#define TIDEGATE_STORAGE_LOGS_EXPRESSION_PROGRAM_H_

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tidegate::storage {

using AsciiSet = std::bitset<128>;

// A non-deterministic automaton. It accepts exactly the ASCII texts that RE2 matches. Immutable.
struct ExpressionProgram {
  struct Step {
    enum class Kind : uint8_t {
      kByte,   // One of sets[set], then `next`.
      kSplit,  // Either `next` or `other`.
      kBegin,  // Only at the beginning of the text.
      kEnd,    // Only at its end.
      kMatch,
    };
    Kind kind = Kind::kMatch;
    uint32_t next = 0;
    uint32_t other = 0;
    uint32_t set = 0;
  };
  std::vector<Step> steps;
  std::vector<AsciiSet> sets;
  uint32_t start = 0;
};

// Nothing for what it does not know: word boundaries, Unicode, lines within a text, and
// expressions that would take too many steps. `expression` is one that RE2 accepts.
std::optional<ExpressionProgram> CompileProgram(std::string_view expression);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_EXPRESSION_PROGRAM_H_
