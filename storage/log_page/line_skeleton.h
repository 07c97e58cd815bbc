// What of a line stays the same from line to line, and what varies.
#ifndef TIDEGATE_STORAGE_LOG_PAGE_LINE_SKELETON_H_
#define TIDEGATE_STORAGE_LOG_PAGE_LINE_SKELETON_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidegate::storage {

// Stand for a variable in a skeleton or a template. A line that holds one of these bytes, or a
// zero, has neither.
inline constexpr char kNumberMark = '\x01';  // 1 to 19 digits.
inline constexpr char kWordMark = '\x02';    // Letters and digits, at least one digit.
inline constexpr char kTextMark = '\x03';    // Anything, in templates alone (template_plan.h).

inline constexpr bool IsMark(char c) { return c >= kNumberMark && c <= kTextMark; }

inline constexpr size_t kMaxSplitLine = 4096;
inline constexpr size_t kMaxVariables = 255;

// Where a variable stands in its line, and which number a kNumberMark is.
struct Variable {
  uint32_t begin = 0;
  uint32_t size = 0;
  uint64_t number = 0;
};

// Splits lines. A run of letters and digits with a digit inside varies: its digits, where letters
// and digits change seldom (`27T23`, `sshd2`); all of it, where they change often or it looks
// hexadecimal; the groups of UUIDs always. About a nanosecond a byte. Owned by one thread.
class LineSplitter {
 public:
  // False: the line is too long, has too many variables or holds marks. Otherwise skeleton() is
  // the line with marks, and variables() says what stands in their places.
  bool Split(std::string_view line);

  std::string_view skeleton() const { return {skeleton_.data(), skeleton_size_}; }
  const std::vector<Variable>& variables() const { return variables_; }

 private:
  static constexpr size_t kMaskWords = kMaxSplitLine / 64 + 1;
  // Copies are done in steps of so many bytes, so both ends have room for one.
  static constexpr size_t kStep = 16;

  bool Classify();
  // The first position from `at` on whose bit in the masks is set (clear), or the line's end.
  size_t NextDigit(size_t at) const;
  size_t EndOfDigits(size_t at) const;
  size_t EndOfWord(size_t at) const;
  size_t BeginOfWord(size_t at) const;
  bool AddUuid(size_t begin, size_t end);
  void AddDigits(size_t begin, size_t end);
  void AddMixedWord(size_t begin, size_t end);
  void AddVariable(size_t begin, size_t end, char mark);
  void CopyUntil(size_t end);

  std::array<char, kMaxSplitLine + kStep> line_;
  std::array<char, 2 * kMaxSplitLine + kStep> skeleton_;
  std::array<uint64_t, kMaskWords> digits_;  // A bit for each byte of the line.
  std::array<uint64_t, kMaskWords> words_;   // Letters and digits.
  size_t size_ = 0;
  size_t copied_ = 0;  // Bytes of the line that the skeleton stands for.
  size_t skeleton_size_ = 0;
  std::vector<Variable> variables_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_LINE_SKELETON_H_
