#include "query/logql/template/go_layout.h"

namespace tidegate::logql {
namespace {

struct Word {
  std::string_view text;
  LayoutElement element;
  bool only_whole;  // A lower-case letter behind it makes it an ordinary word.
};

// What begins with another one's text comes first.
constexpr Word kWords[] = {
    {"January", LayoutElement::kLongMonth, false},
    {"Jan", LayoutElement::kMonth, true},
    {"Monday", LayoutElement::kLongWeekday, false},
    {"Mon", LayoutElement::kWeekday, true},
    {"MST", LayoutElement::kZoneName, false},
    {"002", LayoutElement::kZeroYearDay, false},
    {"01", LayoutElement::kZeroMonth, false},
    {"02", LayoutElement::kZeroDay, false},
    {"03", LayoutElement::kZeroHour12, false},
    {"04", LayoutElement::kZeroMinute, false},
    {"05", LayoutElement::kZeroSecond, false},
    {"06", LayoutElement::kYear, false},
    {"15", LayoutElement::kHour, false},
    {"1", LayoutElement::kNumberMonth, false},
    {"2006", LayoutElement::kLongYear, false},
    {"2", LayoutElement::kDay, false},
    {"__2", LayoutElement::kUnderYearDay, false},
    {"_2", LayoutElement::kUnderDay, false},
    {"3", LayoutElement::kHour12, false},
    {"4", LayoutElement::kMinute, false},
    {"5", LayoutElement::kSecond, false},
    {"PM", LayoutElement::kUpperHalf, false},
    {"pm", LayoutElement::kLowerHalf, false},
};

struct Zone {
  std::string_view text;  // Behind '-' or 'Z'.
  bool colons;
  int parts;
};
constexpr Zone kZones[] = {{"070000", false, 3},
                           {"07:00:00", true, 3},
                           {"0700", false, 2},
                           {"07:00", true, 2},
                           {"07", false, 1}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether an element begins here; its size.
size_t ReadWord(std::string_view rest, LayoutPart* part) {
  // In _2006 the line is text in front of the year.
  if (rest.starts_with("_2006")) return 0;
  for (const Word& word : kWords) {
    if (!rest.starts_with(word.text)) continue;
    const size_t size = word.text.size();
    if (word.only_whole && size < rest.size() && rest[size] >= 'a' && rest[size] <= 'z') continue;
    part->element = word.element;
    return size;
  }
  return 0;
}

size_t ReadZone(std::string_view rest, LayoutPart* part) {
  if (rest.front() != '-' && rest.front() != 'Z') return 0;
  for (const Zone& zone : kZones) {
    if (!rest.substr(1).starts_with(zone.text)) continue;
    part->element = LayoutElement::kZone;
    part->zone_z = rest.front() == 'Z';
    part->zone_colons = zone.colons;
    part->zone_parts = zone.parts;
    return zone.text.size() + 1;
  }
  return 0;
}

size_t ReadFraction(std::string_view rest, LayoutPart* part) {
  if ((rest.front() != '.' && rest.front() != ',') || rest.size() < 2) return 0;
  const char digit = rest[1];
  if (digit != '0' && digit != '9') return 0;
  size_t end = 1;
  while (end < rest.size() && rest[end] == digit) ++end;
  if (end < rest.size() && IsDigit(rest[end])) return 0;
  part->element = digit == '0' ? LayoutElement::kFraction0 : LayoutElement::kFraction9;
  part->digits = end - 1;
  part->point = rest.front();
  return end;
}

}  // namespace

LayoutPart TakeLayoutPart(std::string_view* layout) {
  LayoutPart part;
  for (size_t at = 0; at < layout->size(); ++at) {
    const std::string_view rest = layout->substr(at);
    size_t size = ReadWord(rest, &part);
    if (size == 0) size = ReadZone(rest, &part);
    if (size == 0) size = ReadFraction(rest, &part);
    if (size == 0) continue;
    part.prefix = layout->substr(0, at);
    layout->remove_prefix(at + size);
    return part;
  }
  part.prefix = *layout;
  *layout = {};
  return part;
}

}  // namespace tidegate::logql
