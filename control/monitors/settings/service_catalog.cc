#include "control/monitors/settings/service_catalog.h"

#include <algorithm>
#include <cctype>

namespace tidegate::control {

bool IsServiceName(std::string_view name) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return name.size() >= 2 && name.size() <= 63 && plain(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return plain(c) || c == '-' || c == '_'; });
}

}  // namespace tidegate::control
