// The first byte says what the rest is: text, protobuf, or the document of a group.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "control/push_groups/group_body.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::control;  // NOLINT
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  PushGroup group;
  if (data[0] % 3 == 2) {
    const auto read = DecodeGroup(body);
    if (!read.ok()) return 0;
    group = *read;
  } else {
    group.labels = {{"job", "j"}};
    const auto format = data[0] % 3 == 0 ? PushGroupFormat::kText : PushGroupFormat::kProtobuf;
    auto families = ParseGroupBody(format, body, group.labels, 1);
    if (!families.ok()) return 0;
    group.families = *std::move(families);
  }
  const std::string value = EncodeGroup(group);
  const auto again = DecodeGroup(value);
  if (!again.ok() || EncodeGroup(*again) != value || GroupSeries(*again) != GroupSeries(group)) {
    std::abort();
  }
  PushBody out;
  AppendGroup(group, 1, &out);
  return 0;
}
