// Names and units of MicroProfile in Prometheus' text (MicroProfile Metrics 1.1, section 3.2.1).
#ifndef TIDEGATE_API_MICROPROFILE_TEXT_NAME_H_
#define TIDEGATE_API_MICROPROFILE_TEXT_NAME_H_

#include <string>
#include <string_view>

namespace tidegate::api {

// "memory.usedHeap" -> "memory_used_heap": camel case becomes snake case, every character outside
// [a-zA-Z0-9_] an underscore, and underscores in a row one.
std::string TextName(std::string_view name);

// A tag's name as a label: characters outside [a-zA-Z0-9_] become underscores.
std::string LabelName(std::string_view tag);

// The unit that a unit is converted to, and by which factor: times to seconds, multiples of bits
// and bytes to bytes; others stay. `suffix` is empty for "none" and otherwise begins with '_'.
struct TextUnit {
  std::string suffix;
  double factor = 1;
};
TextUnit ToTextUnit(std::string_view unit);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_TEXT_NAME_H_
