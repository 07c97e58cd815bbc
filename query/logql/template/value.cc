#include "query/logql/template/value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "query/logql/template/go_time.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

// Go converts what does not fit to the smallest number.
int64_t Truncate(double value) {
  if (!(value > -9.2e18 && value < 9.2e18)) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

int64_t ParseInt(std::string_view text) {
  if (text.size() > 1 && text[0] == '+') text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

std::string PrintTime(const TimeValue& time) {
  return FormatGoTime("2006-01-02 15:04:05.999999999 -0700 MST", time);
}

// Inside of lists and maps nil has a text.
std::string PrintInside(const Value& value) {
  return std::holds_alternative<std::monostate>(value) ? "<nil>" : Print(value);
}

std::string PrintList(const ValueList& list) {
  std::string text = "[";
  for (const Value& item : list.items) {
    if (text.size() > 1) text += ' ';
    text += PrintInside(item);
  }
  return text + "]";
}

std::string PrintMap(const ValueMap& map) {
  std::string text = "map[";
  for (const auto& [name, value] : map.members) {
    if (text.back() != '[') text += ' ';
    text += name + ":" + PrintInside(value);
  }
  return text + "]";
}

}  // namespace

bool IsTrue(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<int64_t>(&value)) return *number != 0;
  if (const auto* number = std::get_if<double>(&value)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (const auto* list = std::get_if<ListPtr>(&value)) return !(*list)->items.empty();
  if (const auto* map = std::get_if<MapPtr>(&value)) return !(*map)->members.empty();
  return !std::holds_alternative<std::monostate>(value);
}

std::string Print(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value)) return query::FormatG(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* time = std::get_if<TimeValue>(&value)) return PrintTime(*time);
  if (const auto* list = std::get_if<ListPtr>(&value)) return PrintList(**list);
  if (const auto* map = std::get_if<MapPtr>(&value)) return PrintMap(**map);
  return "<no value>";
}

Value Member(const ValueMap& map, std::string_view name) {
  const auto found = map.members.find(name);
  if (found != map.members.end()) return found->second;
  return map.absent == ValueMap::Absent::kEmptyText ? Value(std::string()) : Value();
}

const char* TypeName(const Value& value) {
  if (const auto* map = std::get_if<MapPtr>(&value)) {
    if ((*map)->absent == ValueMap::Absent::kEmptyText) return "map[string]string";
    if ((*map)->absent == ValueMap::Absent::kError) return "struct";
  }
  static constexpr const char* kNames[] = {
      "nil",       "map[string]string", "bool",
      "int",       "float64",           "string",
      "time.Time", "[]interface {}",    "map[string]interface {}"};
  return kNames[value.index()];
}

int64_t ToInt(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return Truncate(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return ParseInt(*text);
  return 0;
}

double ToFloat(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) {
    return query::ParseFloat(*text).value_or(0);
  }
  return 0;
}

}  // namespace tidegate::logql
