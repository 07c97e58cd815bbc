#include "ingest/decode/otlp_metrics/otlp_names.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"

namespace tidegate::ingest {
namespace {

using Tokens = std::vector<std::string>;

constexpr std::pair<std::string_view, std::string_view> kUnits[] = {{"d", "days"},
                                                                    {"h", "hours"},
                                                                    {"min", "minutes"},
                                                                    {"s", "seconds"},
                                                                    {"ms", "milliseconds"},
                                                                    {"us", "microseconds"},
                                                                    {"ns", "nanoseconds"},
                                                                    {"By", "bytes"},
                                                                    {"KiBy", "kibibytes"},
                                                                    {"MiBy", "mebibytes"},
                                                                    {"GiBy", "gibibytes"},
                                                                    {"TiBy", "tibibytes"},
                                                                    {"KBy", "kilobytes"},
                                                                    {"MBy", "megabytes"},
                                                                    {"GBy", "gigabytes"},
                                                                    {"TBy", "terabytes"},
                                                                    {"m", "meters"},
                                                                    {"V", "volts"},
                                                                    {"A", "amperes"},
                                                                    {"J", "joules"},
                                                                    {"W", "watts"},
                                                                    {"g", "grams"},
                                                                    {"Cel", "celsius"},
                                                                    {"Hz", "hertz"},
                                                                    {"1", ""},
                                                                    {"%", "percent"}};
constexpr std::pair<std::string_view, std::string_view> kPerUnits[] = {
    {"s", "second"}, {"m", "minute"}, {"h", "hour"}, {"d", "day"},
    {"w", "week"},   {"mo", "month"}, {"y", "year"}};

template <size_t kSize>
std::string Mapped(std::string_view unit,
                   const std::pair<std::string_view, std::string_view> (&map)[kSize]) {
  for (const auto& [from, to] : map) {
    if (from == unit) return std::string(to);
  }
  return std::string(unit);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c);
}
// Of metric names; an underscore separates.
bool IsNameChar(char c) { return IsLetterOrDigit(c) || c == ':'; }
bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\n\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n\r") - begin + 1);
}

struct UnitSuffixes {
  std::string main;
  std::string per;  // "per_second"
};

// Units in braces are annotations.
UnitSuffixes SuffixesOf(std::string_view unit) {
  const size_t slash = unit.find('/');
  const std::string_view main = Trim(unit.substr(0, slash));
  UnitSuffixes suffixes;
  if (!main.empty() && main.find_first_of("{}") == main.npos) {
    suffixes.main = Mapped(main, kUnits);
  }
  if (slash == unit.npos) return suffixes;
  const std::string_view per = Trim(unit.substr(slash + 1));
  if (!per.empty() && per.find_first_of("{}") == per.npos) {
    suffixes.per = "per_" + Mapped(per, kPerUnits);
  }
  return suffixes;
}

// What is no name character becomes an underscore, several become one, none stays in front.
std::string CleanUnit(std::string_view unit) {
  std::string clean;
  for (const char c : unit) {
    if (IsContinuation(c)) continue;
    const char kept = IsNameChar(c) ? c : '_';
    if (kept == '_' && (clean.empty() || clean.back() == '_')) continue;
    clean.push_back(kept);
  }
  return clean;
}

void TrimUnderscore(std::string* text) {
  if (text->ends_with('_')) text->pop_back();
}

// The parts between characters that `keep_fn` does not take.
template <typename KeepFn>
Tokens SplitName(std::string_view name, KeepFn keep_fn) {
  Tokens tokens;
  bool in_token = false;
  for (const char c : name) {
    if (keep_fn(c)) {
      if (!in_token) tokens.emplace_back();
      tokens.back().push_back(c);
    }
    in_token = keep_fn(c);
  }
  return tokens;
}

bool Has(const Tokens& tokens, std::string_view token) {
  return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

void MoveToEnd(std::string_view token, Tokens* tokens) {
  std::erase(*tokens, token);
  tokens->emplace_back(token);
}

void AddUnits(std::string_view unit, Tokens* tokens) {
  UnitSuffixes suffixes = SuffixesOf(unit);
  suffixes.main = CleanUnit(suffixes.main);
  suffixes.per = CleanUnit(suffixes.per);
  if (Has(*tokens, suffixes.main)) suffixes.main.clear();
  if (suffixes.per == "per_") suffixes.per.clear();
  TrimUnderscore(&suffixes.per);
  if (Has(*tokens, suffixes.per)) suffixes.per.clear();
  if (!suffixes.per.empty()) TrimUnderscore(&suffixes.main);
  if (!suffixes.main.empty()) tokens->push_back(std::move(suffixes.main));
  if (!suffixes.per.empty()) tokens->push_back(std::move(suffixes.per));
}

// A name of underscores alone says nothing.
std::string Usable(std::string name) {
  if (!name.empty() && IsDigit(name[0])) name.insert(name.begin(), '_');
  return name.find_first_not_of('_') == name.npos ? std::string() : name;
}

bool IsCounter(const OtlpMetric& metric) {
  return metric.kind == OtlpMetric::Kind::kSum && metric.monotonic;
}

// Units "1" of what is no gauge are mostly mistakes for counts of things.
bool IsRatio(const OtlpMetric& metric) {
  return metric.unit == "1" && metric.kind == OtlpMetric::Kind::kGauge;
}

std::string EscapedWithSuffixes(const OtlpMetric& metric) {
  Tokens tokens = SplitName(metric.name, IsNameChar);
  AddUnits(metric.unit, &tokens);
  if (IsCounter(metric)) MoveToEnd("total", &tokens);
  if (IsRatio(metric)) MoveToEnd("ratio", &tokens);
  return Usable(absl::StrJoin(tokens, "_"));
}

// Cuts a suffix and the character before it off.
void CutSuffix(std::string_view suffix, std::string* name) {
  if (name->ends_with(suffix) && name->size() > suffix.size() + 1) {
    name->resize(name->size() - suffix.size() - 1);
  }
}

std::string WithSuffixes(const OtlpMetric& metric) {
  std::string name(metric.name);
  const UnitSuffixes suffixes = SuffixesOf(metric.unit);
  if (IsRatio(metric)) CutSuffix("ratio", &name);
  if (IsCounter(metric)) CutSuffix("total", &name);
  if (!suffixes.per.empty()) CutSuffix(suffixes.per, &name);
  if (!suffixes.main.empty() && !name.ends_with(suffixes.main)) name += "_" + suffixes.main;
  if (!suffixes.per.empty()) name += "_" + suffixes.per;
  if (IsCounter(metric)) name += "_total";
  if (IsRatio(metric)) name += "_ratio";
  return name;
}

bool NeedsNoChange(std::string_view key, const model::OtlpMetricRules& rules) {
  if (key.empty() || IsDigit(key[0])) return false;
  const bool plain =
      std::all_of(key.begin(), key.end(), [](char c) { return IsLetterOrDigit(c) || c == '_'; });
  if (!plain) return false;
  if (!rules.label_name_preserve_multiple_underscores && key.find("__") != key.npos) return false;
  return key[0] != '_' || key.starts_with("__") || !rules.label_name_underscore_sanitization;
}

// Reserved names in double underscores keep them.
bool IsReserved(std::string_view key) {
  return key.size() > 4 && key.starts_with("__") && key.ends_with("__");
}

}  // namespace

std::string OtlpMetricName(const OtlpMetric& metric, const model::OtlpMetricRules& rules) {
  if (!rules.escapes()) {
    return rules.adds_suffixes() ? WithSuffixes(metric) : std::string(metric.name);
  }
  if (rules.adds_suffixes()) return EscapedWithSuffixes(metric);
  const auto keep_fn = [](char c) { return IsNameChar(c) || c == '_'; };
  return Usable(absl::StrJoin(SplitName(metric.name, keep_fn), "_"));
}

std::string OtlpUnitName(std::string_view unit, const model::OtlpMetricRules& rules) {
  UnitSuffixes suffixes = SuffixesOf(unit);
  if (rules.escapes()) {
    suffixes.main = CleanUnit(suffixes.main);
    suffixes.per = CleanUnit(suffixes.per);
  }
  std::string name = suffixes.main;
  if (!name.empty() && !suffixes.per.empty()) name += "_";
  name += suffixes.per;
  if (name.starts_with('_')) name.erase(0, 1);
  TrimUnderscore(&name);
  return name;
}

std::string_view OtlpLabelName(std::string_view key, const model::OtlpMetricRules& rules,
                               std::string* scratch) {
  if (!rules.escapes() || NeedsNoChange(key, rules)) return key;
  scratch->clear();
  const bool collapse = !rules.label_name_preserve_multiple_underscores && !IsReserved(key);
  for (const char c : key) {
    if (IsContinuation(c)) continue;
    const char kept = IsLetterOrDigit(c) ? c : '_';
    if (collapse && kept == '_' && scratch->ends_with('_')) continue;
    scratch->push_back(kept);
  }
  if (scratch->find_first_not_of('_') == scratch->npos) return {};
  if (IsDigit((*scratch)[0])) {
    scratch->insert(0, "key_");
  } else if (rules.label_name_underscore_sanitization && scratch->starts_with('_') &&
             !scratch->starts_with("__")) {
    scratch->insert(0, "key");
  }
  return *scratch;
}

}  // namespace tidegate::ingest
