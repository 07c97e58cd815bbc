// The elements of a layout of Go's time package, one after the other.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_LAYOUT_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidegate::logql {

enum class LayoutElement : uint8_t {
  kNone,  // The end: only text in front of it.
  kLongMonth,
  kMonth,
  kNumberMonth,
  kZeroMonth,
  kLongWeekday,
  kWeekday,
  kDay,
  kUnderDay,
  kZeroDay,
  kUnderYearDay,
  kZeroYearDay,
  kHour,
  kHour12,
  kZeroHour12,
  kMinute,
  kZeroMinute,
  kSecond,
  kZeroSecond,
  kLongYear,
  kYear,
  kUpperHalf,  // PM
  kLowerHalf,  // pm
  kZoneName,   // MST
  kZone,       // See the other members.
  kFraction0,  // .000: as many digits as there are.
  kFraction9,  // .999: without zeros at the end, or nothing.
};

// An element, and the text in front of it.
struct LayoutPart {
  std::string_view prefix;
  LayoutElement element = LayoutElement::kNone;
  // Of kZone: Z for UTC; a colon between its parts; how many parts (1: hours, 3: seconds).
  bool zone_z = false;
  bool zone_colons = false;
  int zone_parts = 0;
  // Of fractions: how many digits, behind '.' or ','.
  size_t digits = 0;
  char point = '.';
};

// Takes the next part off the front of the layout.
LayoutPart TakeLayoutPart(std::string_view* layout);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_LAYOUT_H_
