// Ids of what clients make: short, in the order of their making.
#ifndef TIDEGATE_CONTROL_MONITORS_JSON_SHORT_ID_H_
#define TIDEGATE_CONTROL_MONITORS_JSON_SHORT_ID_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tidegate::control {

// 11 letters and digits (base 58: without 0, O, I and l): 42 bits of milliseconds since 1970, 22
// random ones. Later ids are larger as texts. Unavailable when the random source fails.
absl::StatusOr<std::string> NewShortId(absl::Time now);

// What comes in paths and bodies is asked before it is put into a document's key.
bool IsShortId(std::string_view text);

// When it was made, to the millisecond; of an id.
absl::Time TimeOfShortId(std::string_view id);

// 16 hexadecimal digits, smaller for later ids: keys in this order list the latest first.
std::string DescendingKey(std::string_view id);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_JSON_SHORT_ID_H_
