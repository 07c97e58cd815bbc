#include "storage/log_page/page_outline.h"

#include "storage/codec/bytes.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/log_page_format.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kNumbersFlag = 64;  // Beside the classes of a column.
constexpr uint32_t kMostNumberDigits = 19;
constexpr uint64_t kNumbersEnd = 10'000'000'000'000'000'000u;  // The first with more digits.

absl::Status NotAnOutline(std::string_view what) {
  return absl::DataLossError("not the outline of a log page: " + std::string(what));
}

bool ReadColumn(ByteReader* in, PageOutline::Column* column) {
  VariableShape& shape = column->shape;
  const uint8_t first = in->U8();
  shape.classes = first & kTextClasses;
  shape.numbers = (first & kNumbersFlag) != 0;
  const uint64_t least = in->Varint();
  const uint64_t more = in->Varint();
  const uint64_t rows = in->Varint();
  if (first > (kTextClasses | kNumbersFlag) || least == 0 || least > kMaxSplitLine ||
      more > kMaxSplitLine - least || rows == 0 || rows > kMaxPageRows) {
    return false;
  }
  shape.least = static_cast<uint32_t>(least);
  shape.largest = static_cast<uint32_t>(least + more);
  column->rows = static_cast<uint32_t>(rows);
  if (!shape.numbers) return in->ok();
  shape.lowest = in->Varint();
  const uint64_t above = in->Varint();
  if (shape.classes != kDigitClass || shape.largest > kMostNumberDigits ||
      shape.lowest >= kNumbersEnd || above >= kNumbersEnd - shape.lowest) {
    return false;
  }
  shape.highest = shape.lowest + above;
  return in->ok();
}

bool ReadFamily(ByteReader* in, size_t columns, std::vector<uint32_t>* family) {
  const uint64_t marks = in->Count(1);
  if (marks > kMaxVariables) return false;
  const auto most = static_cast<int64_t>(columns);
  int64_t column = 0;
  for (uint64_t i = 0; i < marks; ++i) {
    const int64_t step = in->Zigzag();
    if (step < -most || step > most) return false;
    column += step;
    if (column < 0 || column >= most) return false;
    family->push_back(static_cast<uint32_t>(column++));
  }
  return in->ok();
}

}  // namespace

uint8_t PageOutline::classes() const {
  uint8_t all = 0;
  for (const Column& column : columns) {
    if (column.shape.classes != kTextClasses) all |= column.shape.classes;
  }
  return all;
}

void EncodeOutline(const PageOutline& outline, std::span<const uint32_t> text_numbers,
                   std::string* out) {
  PutU8(outline.plain ? 1 : 0, out);
  PutVarint(outline.columns.size(), out);
  for (const PageOutline::Column& column : outline.columns) {
    const VariableShape& shape = column.shape;
    PutU8(static_cast<uint8_t>(shape.classes | (shape.numbers ? kNumbersFlag : 0)), out);
    PutVarint(shape.least, out);
    PutVarint(shape.largest - shape.least, out);
    PutVarint(column.rows, out);
    if (!shape.numbers) continue;
    PutVarint(shape.lowest, out);
    PutVarint(shape.highest - shape.lowest, out);
  }
  PutVarint(outline.families.size(), out);
  for (const std::vector<uint32_t>& family : outline.families) {
    PutVarint(family.size(), out);
    int64_t expected = 0;
    for (const uint32_t column : family) {
      PutZigzag(column - expected, out);
      expected = int64_t{column} + 1;
    }
  }
  PutVarint(outline.templates.size(), out);
  int64_t next_text = 0;
  for (size_t i = 0; i < outline.templates.size(); ++i) {
    PutZigzag(text_numbers[i] - next_text, out);
    next_text = int64_t{text_numbers[i]} + 1;
    PutVarint(outline.templates[i].family, out);
  }
}

absl::StatusOr<PageOutline> ParseOutline(std::string_view bytes, std::span<const uint32_t> marks) {
  ByteReader in(bytes);
  PageOutline outline;
  const uint8_t plain = in.U8();
  if (plain > 1) return NotAnOutline("whether it has plain lines");
  outline.plain = plain == 1;
  outline.columns.resize(in.Count(4));
  for (PageOutline::Column& column : outline.columns) {
    if (!ReadColumn(&in, &column)) return NotAnOutline("a column");
  }
  outline.families.resize(in.Count(1));
  for (std::vector<uint32_t>& family : outline.families) {
    if (!ReadFamily(&in, outline.columns.size(), &family)) return NotAnOutline("a family");
  }
  outline.templates.resize(in.Count(2));
  const auto most = static_cast<int64_t>(marks.size());
  int64_t text = 0;
  for (PageOutline::Template& one : outline.templates) {
    const int64_t step = in.Zigzag();
    const uint64_t family = in.Varint();
    if (step < -most || step > most || family >= outline.families.size()) {
      return NotAnOutline("a template");
    }
    text += step;
    if (text < 0 || text >= most) return NotAnOutline("the text of a template");
    one.text = static_cast<uint32_t>(text++);
    one.family = static_cast<uint32_t>(family);
    if (marks[one.text] != outline.families[family].size()) {
      return NotAnOutline("the marks of a template");
    }
  }
  if (!in.done()) return NotAnOutline("its end");
  return outline;
}

}  // namespace tidegate::storage
