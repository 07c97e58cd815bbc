#include "ingest/admit/logs/level_field.h"

#include <cstdint>
#include <cstring>

namespace tidegate::ingest {
namespace {

constexpr int kMaxDepth = 2;

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool EqualsIgnoreCase(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const char c = a[i];
    if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lower[i]) return false;
  }
  return true;
}

// The fields, most important first, in lower case.
constexpr std::string_view kFields[] = {"level",        "log.level", "severity",
                                        "severitytext", "lvl",       "severity_text"};
constexpr int kFieldCount = 6;

int LogfmtRank(std::string_view key) {
  for (int i = 0; i < kFieldCount; ++i) {
    if (EqualsIgnoreCase(key, kFields[i])) return i;
  }
  return kFieldCount;
}

bool IsJsonLevel(std::string_view key) {
  constexpr std::string_view kNames[] = {
      "level",    "LEVEL",         "Level",         "log.level",    "severity",
      "SEVERITY", "Severity",      "SeverityText",  "lvl",          "LVL",
      "Lvl",      "severity_text", "Severity_Text", "SEVERITY_TEXT"};
  for (const std::string_view name : kNames) {
    if (key == name) return true;
  }
  return false;
}

// Whether the name that ends at `end` can be one of the fields: cheap, and only ever wrong with
// yes.
bool MayEndAField(std::string_view line, size_t end) {
  if (end < 3) return false;
  const auto lower = [&](size_t back) { return line[end - back] | 0x20; };
  return (lower(1) == 'l' && (lower(2) == 'e' || lower(2) == 'v')) ||
         (lower(1) == 'y' && lower(2) == 't') || (lower(1) == 't' && lower(2) == 'x');
}

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  // Reads an object; true when the field was found or reading must end.
  bool Object(int depth, std::string_view* level);

 private:
  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  bool Take(char c) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool String(std::string_view* content);
  bool SkipNested();
  bool SkipScalar();

  const std::string_view text_;
  size_t at_ = 0;
};

bool JsonScanner::String(std::string_view* content) {
  if (!Take('"')) return false;
  const size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
  if (at_ >= text_.size()) return false;
  *content = text_.substr(begin, at_ - begin);
  ++at_;
  return true;
}

// An array or an object that is not looked into; brackets in strings do not count.
bool JsonScanner::SkipNested() {
  int open = 0;
  std::string_view ignored;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '"') {
      if (!String(&ignored)) return false;
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') ++open;
    if ((c == '}' || c == ']') && --open == 0) return true;
  }
  return false;
}

bool JsonScanner::SkipScalar() {
  const size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}') ++at_;
  return at_ > begin && at_ < text_.size();
}

bool JsonScanner::Object(int depth, std::string_view* level) {
  if (!Take('{')) return true;
  if (Take('}')) return false;
  while (true) {
    std::string_view key;
    std::string_view value;
    SkipSpace();
    if (!String(&key) || !Take(':')) return true;
    SkipSpace();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '"') {
      if (!String(&value)) return true;
      if (IsJsonLevel(key)) {
        *level = value;
        return true;
      }
    } else if (c == '{' && depth + 1 < kMaxDepth) {
      if (Object(depth + 1, level)) return true;
    } else if (c == '{' || c == '[') {
      if (!SkipNested()) return true;
    } else if (!SkipScalar()) {
      return true;
    }
    if (Take(',')) continue;
    return !Take('}');
  }
}

// Whether a name in front of `mark` may be a level field.
bool HasField(std::string_view line, char mark) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  for (const char* p = begin; p < end; ++p) {
    p = static_cast<const char*>(std::memchr(p, mark, end - p));
    if (p == nullptr) return false;
    size_t name_end = p - begin;
    if (mark == ':') {
      while (name_end > 0 && IsSpace(line[name_end - 1])) --name_end;
      if (name_end == 0 || line[name_end - 1] != '"') continue;
      --name_end;
    }
    if (MayEndAField(line, name_end)) return true;
  }
  return false;
}

}  // namespace

bool LooksLikeJson(std::string_view line) {
  size_t begin = 0;
  while (begin < line.size() && IsSpace(line[begin])) ++begin;
  if (begin == line.size() || line[begin] != '{') return false;
  size_t end = line.size();
  while (IsSpace(line[end - 1])) --end;
  return line[end - 1] == '}';
}

std::string_view JsonLevelField(std::string_view line) {
  std::string_view level;
  if (HasField(line, ':')) JsonScanner(line).Object(0, &level);
  return level;
}

std::string_view LogfmtLevelField(std::string_view line) {
  std::string_view level;
  if (!HasField(line, '=')) return level;
  int rank = kFieldCount;
  size_t at = 0;
  while (at < line.size()) {
    while (at < line.size() && static_cast<uint8_t>(line[at]) <= ' ') ++at;
    const size_t key_begin = at;
    while (at < line.size() && static_cast<uint8_t>(line[at]) > ' ' && line[at] != '=' &&
           line[at] != '"') {
      ++at;
    }
    const std::string_view key = line.substr(key_begin, at - key_begin);
    if (at == line.size() || static_cast<uint8_t>(line[at]) <= ' ') continue;
    if (line[at] == '"' || key.empty()) return level;
    ++at;
    size_t value_begin = at;
    std::string_view value;
    if (at < line.size() && line[at] == '"') {
      value_begin = ++at;
      while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
      if (at >= line.size()) return level;
      value = line.substr(value_begin, at - value_begin);
      ++at;
    } else {
      while (at < line.size() && static_cast<uint8_t>(line[at]) > ' ' && line[at] != '=' &&
             line[at] != '"') {
        ++at;
      }
      if (at < line.size() && static_cast<uint8_t>(line[at]) > ' ') return level;
      value = line.substr(value_begin, at - value_begin);
    }
    if (const int found = LogfmtRank(key); found < rank) {
      rank = found;
      level = value;
      if (rank == 0) return level;
    }
  }
  return level;
}

}  // namespace tidegate::ingest
