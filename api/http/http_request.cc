#include "api/http/http_request.h"

#include <algorithm>
#include <array>

namespace tidegate::api {
namespace {

constexpr std::array<std::string_view, 7> kMethodNames = {"GET",    "HEAD",  "POST",   "PUT",
                                                          "DELETE", "PATCH", "OPTIONS"};

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

std::string_view MethodName(HttpMethod method) {
  const auto index = static_cast<size_t>(method);
  return index < kMethodNames.size() ? kMethodNames[index] : "OTHER";
}

HttpMethod ParseMethod(std::string_view name) {
  const auto found = std::find(kMethodNames.begin(), kMethodNames.end(), name);
  if (found == kMethodNames.end()) return HttpMethod::kOther;
  return static_cast<HttpMethod>(found - kMethodNames.begin());
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return ToLower(x) == ToLower(y);
         });
}

std::string_view Headers::Get(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (EqualsIgnoreCase(field, name)) return value;
  }
  return {};
}

bool Headers::Has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [name](const auto& field) { return EqualsIgnoreCase(field.first, name); });
}

void Parameters::Append(const Parameters& other) {
  pairs_.insert(pairs_.end(), other.pairs_.begin(), other.pairs_.end());
}

std::string_view Parameters::Get(std::string_view name) const {
  for (const Pair& pair : pairs_) {
    if (pair.first == name) return pair.second;
  }
  return {};
}

bool Parameters::Has(std::string_view name) const {
  return std::any_of(pairs_.begin(), pairs_.end(),
                     [name](const Pair& pair) { return pair.first == name; });
}

std::vector<std::string> Parameters::All(std::string_view name) const {
  std::vector<std::string> values;
  for (const Pair& pair : pairs_) {
    if (pair.first == name) values.push_back(pair.second);
  }
  return values;
}

}  // namespace tidegate::api
