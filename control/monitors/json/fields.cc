#include "control/monitors/json/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/labels.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

// Nesting that no client needs would cost stack.
constexpr size_t kMaxDepth = 32;
// Above it doubles do not hold every whole number.
constexpr double kMaxWhole = 9'007'199'254'740'992.0;

std::optional<int64_t> WholeNumber(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (!value.is_double()) return std::nullopt;
  const double number = value.get_double();
  if (std::trunc(number) != number || std::abs(number) > kMaxWhole) return std::nullopt;
  return static_cast<int64_t>(number);
}

std::optional<double> AnyNumber(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double() && std::isfinite(value.get_double())) return value.get_double();
  return std::nullopt;
}

const json::value* Member(const json::object& object, std::string_view name) {
  return object.if_contains({name.data(), name.size()});
}

}  // namespace

absl::StatusOr<json::value> ParseJson(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return absl::InvalidArgumentError("the body is not JSON");
  return value;
}

absl::StatusOr<json::object> ParseJsonObject(std::string_view text) {
  absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok()) return value.status();
  if (!value->is_object()) return absl::InvalidArgumentError("the body is not a JSON object");
  return std::move(value->get_object());
}

size_t CharacterCount(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

const json::value* Fields::Value(std::string_view name) const {
  const json::value* const value = Member(object_, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::Names(std::string_view name) const { return Member(object_, name) != nullptr; }

void Fields::Fail(std::string_view name, std::string_view text) {
  status_.Update(absl::InvalidArgumentError(fmt::format("{}{} {}", where_, name, text)));
}

std::optional<std::string> Fields::Text(std::string_view name) {
  const json::value* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    Fail(name, "is not a text");
    return std::nullopt;
  }
  std::string text = StdString(value->get_string());
  // A NUL ends texts where they go: URLs, header fields.
  if (!model::IsValidUtf8(text) || text.find('\0') != text.npos) {
    Fail(name, "has invalid characters");
    return std::nullopt;
  }
  return text;
}

std::optional<double> Fields::Number(std::string_view name) {
  const json::value* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<double> number = AnyNumber(*value);
  if (!number.has_value()) Fail(name, "is not a number");
  return number;
}

std::optional<int64_t> Fields::Integer(std::string_view name) {
  const json::value* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<int64_t> number = WholeNumber(*value);
  if (!number.has_value()) Fail(name, "is not a whole number");
  return number;
}

std::optional<bool> Fields::Bool(std::string_view name) {
  const json::value* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  Fail(name, "is not true or false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Fields::Texts(std::string_view name) {
  const json::value* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) {
    Fail(name, "is not an array of texts");
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const json::value& element : value->get_array()) {
    if (!element.is_string() || !model::IsValidUtf8(StdString(element.get_string()))) {
      Fail(name, "is not an array of texts");
      return std::nullopt;
    }
    texts.push_back(StdString(element.get_string()));
  }
  return texts;
}

std::string Fields::RequiredText(std::string_view name, size_t max_characters) {
  std::optional<std::string> text = BoundedText(name, max_characters);
  if (!text.has_value()) {
    Fail(name, "is missing");
    return "";
  }
  if (text->empty()) Fail(name, "is empty");
  return *std::move(text);
}

std::optional<std::string> Fields::BoundedText(std::string_view name, size_t max_characters) {
  std::optional<std::string> text = Text(name);
  if (text.has_value() && CharacterCount(*text) > max_characters) {
    Fail(name, fmt::format("is longer than {} characters", max_characters));
  }
  return text;
}

std::optional<int64_t> Fields::IntegerIn(std::string_view name, int64_t low, int64_t high) {
  const std::optional<int64_t> number = Integer(name);
  if (number.has_value() && (*number < low || *number > high)) {
    Fail(name, fmt::format("is not from {} to {}", low, high));
  }
  return number;
}

std::optional<std::string> Fields::OneOf(std::string_view name,
                                         std::initializer_list<std::string_view> words) {
  std::optional<std::string> text = Text(name);
  if (text.has_value() && std::find(words.begin(), words.end(), *text) == words.end()) {
    Fail(name, fmt::format("is not one of {}", fmt::join(words, ", ")));
  }
  return text;
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* const value = Member(object, name);
  return value == nullptr || !value->is_string() ? "" : StdString(value->get_string());
}

int64_t IntegerOf(const json::object& object, std::string_view name, int64_t otherwise) {
  const json::value* const value = Member(object, name);
  return value == nullptr ? otherwise : WholeNumber(*value).value_or(otherwise);
}

double NumberOf(const json::object& object, std::string_view name, double otherwise) {
  const json::value* const value = Member(object, name);
  return value == nullptr ? otherwise : AnyNumber(*value).value_or(otherwise);
}

bool BoolOf(const json::object& object, std::string_view name) {
  const json::value* const value = Member(object, name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<std::string> TextsOf(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::value* const value = Member(object, name);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& element : value->get_array()) {
    if (element.is_string()) texts.push_back(StdString(element.get_string()));
  }
  return texts;
}

}  // namespace tidegate::control
