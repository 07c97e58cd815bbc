#include <fmt/format.h>

#include <boost/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

namespace json = boost::json;

Value FromJsonValue(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return value.to_number<double>();
    case json::kind::string:
      return std::string(value.get_string());
    case json::kind::array: {
      auto list = std::make_shared<ValueList>();
      for (const json::value& item : value.get_array()) list->items.push_back(FromJsonValue(item));
      return ListPtr(std::move(list));
    }
    case json::kind::object: {
      auto map = std::make_shared<ValueMap>();
      for (const auto& member : value.get_object()) {
        map->members.insert_or_assign(std::string(member.key()), FromJsonValue(member.value()));
      }
      return MapPtr(std::move(map));
    }
  }
  return {};
}

// Nil for what is no JSON. Nesting is bounded by the parser (32).
absl::StatusOr<Value> FromJson(Arguments args) {
  json::error_code error;
  const json::value value = json::parse(std::get<std::string>(args[0]), error);
  return error ? Value() : FromJsonValue(value);
}

absl::StatusOr<Value> Len(Arguments args) {
  size_t size = 0;
  if (const auto* text = std::get_if<std::string>(&args[0])) {
    size = text->size();
  } else if (const auto* list = std::get_if<ListPtr>(&args[0])) {
    size = (*list)->items.size();
  } else if (const auto* map = std::get_if<MapPtr>(&args[0])) {
    size = (*map)->members.size();
  } else {
    return absl::InvalidArgumentError(std::string("len of type ") + TypeName(args[0]));
  }
  return Value(static_cast<int64_t>(size));
}

absl::Status OutOfRange(int64_t index) {
  return absl::InvalidArgumentError(fmt::format("index out of range: {}", index));
}

absl::StatusOr<Value> At(const Value& value, const Value& key) {
  if (const auto* map = std::get_if<MapPtr>(&value)) {
    const auto* const name = std::get_if<std::string>(&key);
    if (name == nullptr) {
      return absl::InvalidArgumentError(
          fmt::format("value has type {}; should be string", TypeName(key)));
    }
    return Member(**map, *name);
  }
  const auto* const list = std::get_if<ListPtr>(&value);
  const auto* const text = std::get_if<std::string>(&value);
  if (list == nullptr && text == nullptr) {
    const bool nil = std::holds_alternative<std::monostate>(value);
    return absl::InvalidArgumentError(
        nil ? "index of untyped nil" : fmt::format("can't index item of type {}", TypeName(value)));
  }
  const auto* const index = std::get_if<int64_t>(&key);
  if (index == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("cannot index slice/array with type {}", TypeName(key)));
  }
  const size_t size = list != nullptr ? (*list)->items.size() : text->size();
  if (*index < 0 || static_cast<size_t>(*index) >= size) return OutOfRange(*index);
  const auto at = static_cast<size_t>(*index);
  if (list != nullptr) return (*list)->items[at];
  return Value(int64_t{static_cast<unsigned char>((*text)[at])});  // A byte, as in Go.
}

// index x 1 "a" is x[1]["a"].
absl::StatusOr<Value> Index(Arguments args) {
  Value value = args[0];
  for (const Value& key : args.subspan(1)) {
    absl::StatusOr<Value> next = At(value, key);
    if (!next.ok()) return next;
    value = *std::move(next);
  }
  return value;
}

// slice x 1 3 is x[1:3].
absl::StatusOr<Value> Slice(Arguments args) {
  const auto* const list = std::get_if<ListPtr>(&args[0]);
  const auto* const text = std::get_if<std::string>(&args[0]);
  if (list == nullptr && text == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("can't slice item of type {}", TypeName(args[0])));
  }
  if (text != nullptr && args.size() > 3) {
    return absl::InvalidArgumentError("cannot 3-index slice a string");
  }
  const auto size = static_cast<int64_t>(list != nullptr ? (*list)->items.size() : text->size());
  int64_t bounds[] = {0, size, size};
  for (size_t i = 1; i < args.size(); ++i) {
    const auto* const bound = std::get_if<int64_t>(&args[i]);
    if (bound == nullptr) {
      return absl::InvalidArgumentError(
          fmt::format("cannot index slice/array with type {}", TypeName(args[i])));
    }
    if (*bound < 0 || *bound > size) return OutOfRange(*bound);
    bounds[i - 1] = *bound;
  }
  if (bounds[0] > bounds[1] || bounds[1] > bounds[2]) {
    return absl::InvalidArgumentError(
        fmt::format("invalid slice index: {} > {}", bounds[0], bounds[1]));
  }
  if (text != nullptr) {
    return Value(
        text->substr(static_cast<size_t>(bounds[0]), static_cast<size_t>(bounds[1] - bounds[0])));
  }
  auto part = std::make_shared<ValueList>();
  part->items.assign((*list)->items.begin() + bounds[0], (*list)->items.begin() + bounds[1]);
  return Value(ListPtr(std::move(part)));
}

// No value of a template is a function.
absl::StatusOr<Value> CallValue(Arguments args) {
  return absl::InvalidArgumentError(
      fmt::format("non-function {} of type {}", Print(args[0]), TypeName(args[0])));
}

}  // namespace

absl::Span<const TemplateFunction> CollectionFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"call", 1, TemplateFunction::kAny, CallValue},
      {"fromJson", 1, 1, FromJson, "s"},
      {"index", 1, TemplateFunction::kAny, Index},
      {"len", 1, 1, Len},
      {"slice", 1, 4, Slice},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
