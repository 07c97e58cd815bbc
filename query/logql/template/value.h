// Values that templates compute with.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace tidegate::logql {

// All labels of the entry: what the dot is outside of {{with}} and {{range}}. Functions see them as
// a map.
struct AllLabels {};

// A moment as one place's clocks show it.
struct TimeValue {
  absl::Time time;
  absl::TimeZone zone = absl::UTCTimeZone();
};

// What fromJson reads. Immutable: values share them.
struct ValueList;
struct ValueMap;
using ListPtr = std::shared_ptr<const ValueList>;  // Never null.
using MapPtr = std::shared_ptr<const ValueMap>;    // Never null.

// monostate: nil.
using Value = std::variant<std::monostate, AllLabels, bool, int64_t, double, std::string, TimeValue,
                           ListPtr, MapPtr>;

struct ValueList {
  std::vector<Value> items;
};
struct ValueMap {
  // What a name gives that is not there.
  enum class Absent : uint8_t {
    kNil,
    kEmptyText,  // Go's map[string]string.
    kError,      // A struct: its fields are known.
  };
  std::map<std::string, Value, std::less<>> members;
  Absent absent = Absent::kNil;
};

// The member of this name, or what stands for one that is not there (nil for kError).
Value Member(const ValueMap& map, std::string_view name);

// Go's truth: what is not zero, empty or nil. A time is always true.
bool IsTrue(const Value& value);
// Go's %v. AllLabels has no text of its own.
std::string Print(const Value& value);
// The name of the type in errors.
const char* TypeName(const Value& value);

// As sprig's functions convert their arguments: strings are parsed, what cannot be converted is 0.
int64_t ToInt(const Value& value);
double ToFloat(const Value& value);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_VALUE_H_
