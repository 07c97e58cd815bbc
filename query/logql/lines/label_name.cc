#include "query/logql/lines/label_name.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

// Nothing in it needs another character.
bool IsLabelName(std::string_view key) {
  if (key.empty() || absl::ascii_isdigit(static_cast<unsigned char>(key[0]))) return false;
  for (const char c : key) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  }
  return true;
}

}  // namespace

void AppendLabelName(std::string_view key, std::string* name) {
  while (!key.empty() && absl::ascii_isspace(static_cast<unsigned char>(key.front()))) {
    key.remove_prefix(1);
  }
  while (!key.empty() && absl::ascii_isspace(static_cast<unsigned char>(key.back()))) {
    key.remove_suffix(1);
  }
  if (key.empty()) return;
  if (name->empty() && absl::ascii_isdigit(static_cast<unsigned char>(key[0]))) {
    name->push_back('_');
  }
  for (size_t i = 0; i < key.size();) {
    const auto byte = static_cast<unsigned char>(key[i]);
    name->push_back(absl::ascii_isalnum(byte) ? key[i] : '_');
    i += byte < 0x80 ? 1 : RuneLength(key.substr(i));
  }
}

std::string_view LabelNames::Get(std::string_view prefix, std::string_view key, LineArena* arena) {
  if (prefix.empty() && IsLabelName(key)) return key;
  path_.assign(prefix);
  path_.push_back('\0');
  path_.append(key);
  const auto found = names_.find(path_);
  if (found != names_.end()) return found->second;
  std::string name(prefix);
  if (!name.empty()) name.push_back('_');
  AppendLabelName(key, &name);
  if (names_.size() >= kMaxNames) return arena->Copy(name);
  return names_.emplace(path_, std::move(name)).first->second;
}

}  // namespace tidegate::logql
