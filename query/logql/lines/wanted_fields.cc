#include "query/logql/lines/wanted_fields.h"

#include <algorithm>
#include <utility>

namespace tidegate::logql {

WantedFields::WantedFields(std::vector<std::string> names)
    : everything_(false), names_(std::move(names)) {
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

bool WantedFields::Wants(std::string_view name) const {
  if (everything_) return true;
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool WantedFields::WantsBelow(std::string_view prefix) const {
  // Keys of blanks alone add nothing to the name.
  if (everything_ || prefix.empty()) return everything_ || !names_.empty();
  return std::any_of(names_.begin(), names_.end(), [&](std::string_view name) {
    return name.size() > prefix.size() && name[prefix.size()] == '_' &&
           name.substr(0, prefix.size()) == prefix;
  });
}

}  // namespace tidegate::logql
