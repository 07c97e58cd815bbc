#include "model/tenant.h"

#include <algorithm>
#include <cctype>

namespace tidegate::model {

bool IsValidTenantName(std::string_view name) {
  constexpr size_t kMaxBytes = 150;
  constexpr std::string_view kPunctuation = "!-_.*'()";
  if (name.empty() || name.size() > kMaxBytes || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           kPunctuation.find(c) != std::string_view::npos;
  });
}

}  // namespace tidegate::model
