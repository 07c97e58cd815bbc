#include "control/monitors/json/json_text.h"

#include <charconv>
#include <cmath>

namespace tidegate::control {
namespace {

namespace json = boost::json;

void AppendNumber(double number, std::string* out) {
  if (!std::isfinite(number)) {
    *out += "null";
    return;
  }
  const double size = std::abs(number);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof(text), number,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  out->append(text, end);
}

void Append(const json::value& value, std::string* out) {
  if (value.is_double()) {
    AppendNumber(value.get_double(), out);
  } else if (value.is_object()) {
    *out += '{';
    bool first = true;
    for (const auto& [name, member] : value.get_object()) {
      if (!first) *out += ',';
      first = false;
      *out += json::serialize(json::string(name));
      *out += ':';
      Append(member, out);
    }
    *out += '}';
  } else if (value.is_array()) {
    *out += '[';
    bool first = true;
    for (const json::value& element : value.get_array()) {
      if (!first) *out += ',';
      first = false;
      Append(element, out);
    }
    *out += ']';
  } else {
    *out += json::serialize(value);
  }
}

}  // namespace

std::string JsonText(const json::value& value) {
  std::string text;
  Append(value, &text);
  return text;
}

}  // namespace tidegate::control
