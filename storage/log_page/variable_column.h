// What stands in one place of all lines of a template, as a column (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_
#define TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "storage/codec/bytes.h"
#include "storage/log_page/int_column.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/units.h"
#include "storage/log_page/variable_shape.h"

namespace tidegate::storage {

// First byte of a column's header. Values are stored.
enum class VariableKind : uint8_t {
  kNumber = 0,      // An int column; no number has a leading zero.
  kPadded = 1,      // u8(width), an int column: numbers with zeros in front up to the width.
  kDictionary = 2,  // An int column of numbers in the page's dictionary.
  kText = 3,        // int column of the sizes, a unit with the bytes
  kHex = 4,         // The same; two digits 0-9a-f a byte, each text from a new byte on.
};

// Texts that the columns of a page share, each once, numbered from 0. Owned by one thread. What is
// added must outlive it.
class DictionaryBuilder {
 public:
  uint64_t NumberOf(std::string_view text);
  const std::vector<std::string_view>& texts() const { return texts_; }
  // Appends varint(count) and, unless that is 0, an int column of the sizes; adds a unit.
  void Finish(std::string* header, UnitWriter* units) const;

 private:
  absl::flat_hash_map<std::string_view, uint32_t> known_;
  std::vector<std::string_view> texts_;
};

// What a column is made of.
enum class VariableContent : uint8_t {
  kNumbers,  // 1 to 19 digits, and their numbers are known.
  kWords,    // In the dictionary when they repeat themselves.
  kTexts,    // In the dictionary.
};

// Appends the header and adds the units. The values stand in `text`; at least one, none of them
// empty.
void EncodeVariableColumn(std::string_view text, std::span<const Variable> values,
                          VariableContent content, DictionaryBuilder* dictionary,
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

// Which values of a column are like a piece.
struct MatchedValues {
  std::vector<uint8_t> each;  // Per place; empty when there are none.
  bool any() const { return !each.empty(); }
};

// Texts back to back, as they are stored.
// Stays where it is.
struct StoredTexts {
  std::string_view bytes;  // In `memory` or among the units.
  std::string memory;
  std::vector<uint64_t> sizes;   // Of the texts.
  std::vector<uint64_t> begins;  // In bytes.
};

// A header of texts that has been read. A value; owned by one thread.
class TextColumn {
 public:
  bool Parse(ByteReader* in, uint32_t count, bool hex, uint32_t* next_unit);
  uint32_t count() const { return sizes_.count(); }
  // DataLoss when the bytes are not such texts.
  absl::Status Decode(UnitReader* units, StoredTexts* texts) const;

 private:
  bool hex_ = false;
  uint32_t unit_ = 0;
  IntColumn sizes_;
};

// The values of a column, decoded. Owned by one thread; views the page's dictionary.
class VariableValues {
 public:
  bool empty() const { return count_ == 0; }
  // Appends the value in places[i], which is one of the column's, to lines[i]. DataLoss when a line
  // has no room.
  absl::Status Append(std::span<const uint32_t> places, std::span<LineCursor> lines) const;
  // The value in one of the column's places; in `memory` or in the column.
  std::string_view At(uint32_t place, std::string* memory) const;
  // The piece is not empty.
  MatchedValues Match(PieceKind kind, std::string_view piece) const;

 private:
  friend class VariableColumn;
  MatchedValues MatchNumbers(PieceKind kind, std::string_view piece) const;
  bool MatchLongDigits(std::string_view piece, MatchedValues* matched) const;
  MatchedValues MatchDigits(PieceKind kind, std::string_view piece) const;
  MatchedValues MatchTexts(PieceKind kind, std::string_view piece) const;
  bool MayHold(std::string_view piece) const;
  absl::Status AppendNumbers(std::span<const uint32_t> places, std::span<LineCursor> lines) const;
  absl::Status AppendTexts(std::span<const uint32_t> places, std::span<LineCursor> lines) const;

  uint32_t count_ = 0;
  VariableKind kind_ = VariableKind::kNumber;
  uint8_t width_ = 0;
  std::vector<uint64_t> numbers_;  // Of kDictionary: they are in it.
  StoredTexts own_;
  const StoredTexts* texts_ = nullptr;
};

// A column whose header has been read. A value; owned by one thread.
class VariableColumn {
 public:
  bool Parse(ByteReader* in, uint32_t count, uint32_t* next_unit);
  bool uses_dictionary() const { return kind_ == VariableKind::kDictionary; }
  // `dictionary` outlives the values, which stay where they are. DataLoss when the bytes are not
  // such a column.
  absl::Status Decode(UnitReader* units, const StoredTexts& dictionary,
                      VariableValues* values) const;

 private:
  uint32_t count_ = 0;
  VariableKind kind_ = VariableKind::kNumber;
  uint8_t width_ = 0;
  TextColumn texts_;
  IntColumn numbers_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_VARIABLE_COLUMN_H_
