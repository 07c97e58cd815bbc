// What stands in one place of all lines of a template, as a column (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_
#define TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "storage/codec/bytes.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/units.h"

namespace tidegate::storage {

// First byte of a column's header. Values are stored.
enum class VariableKind : uint8_t {
  kNumber = 0,      // An int column; no number has a leading zero.
  kPadded = 1,      // u8(width), an int column: numbers with zeros in front up to the width.
  kDictionary = 2,  // varint(distinct), int column of their sizes, unit of their bytes, int column
                    // of their numbers
  kText = 3,        // int column of the sizes, a unit with the bytes
  kHex = 4,         // The same; two digits 0-9a-f a byte, each text from a new byte on.
};

// Appends the header and adds the units. The values stand in `text`; at least one, none of them
// empty. `numbers`: they are 1 to 19 digits, and their numbers are known.
void EncodeVariableColumn(std::string_view text, std::span<const Variable> values, bool numbers,
                          std::string* header, UnitWriter* units);

// Where a line that is being built goes on, and where it must end.
struct LineCursor {
  char* at = nullptr;
  char* end = nullptr;

  // False when it does not fit; then nothing is written.
  bool Append(std::string_view text) {
    if (text.size() > static_cast<size_t>(end - at)) return false;
    text.copy(at, text.size());
    at += text.size();
    return true;
  }
};

// A column whose header has been read. A value; owned by one thread.
class VariableColumn {
 public:
  bool Parse(ByteReader* in, uint32_t count, uint32_t* next_unit);
  // Appends the value of rows[i] to lines[i]. DataLoss when the bytes are not such a column, or
  // when a line has no room.
  absl::Status Append(UnitReader* units, std::span<const uint32_t> rows,
                      std::span<LineCursor> lines) const;

 private:
  absl::Status AppendNumbers(UnitReader* units, std::span<const uint32_t> rows,
                             std::span<LineCursor> lines) const;
  absl::Status AppendTexts(UnitReader* units, std::span<const uint32_t> rows,
                           std::span<LineCursor> lines) const;

  VariableKind kind_ = VariableKind::kNumber;
  uint8_t width_ = 0;
  uint32_t unit_ = 0;  // The bytes of texts.
  IntColumn sizes_;    // Of texts.
  IntColumn numbers_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_
