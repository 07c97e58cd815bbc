#include "ingest/decode/otlp/otlp_record.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "model/quote.h"

namespace tidegate::ingest {
namespace {

// As Go's encoding/json writes floats: %e outside of [1e-6, 1e21), with a short exponent.
std::string NumberText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  const double size = std::abs(number);
  const bool exponent = size != 0 && (size < 1e-6 || size >= 1e21);
  char text[400];
  const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
  const auto end = std::to_chars(text, text + sizeof(text), number, format).ptr;
  std::string result(text, end);
  // e-09 is written e-9.
  if (const size_t n = result.size();
      exponent && n >= 4 && result[n - 4] == 'e' && result[n - 3] == '-' && result[n - 2] == '0') {
    result.erase(n - 2, 1);
  }
  return result;
}

// Go's json.Marshal escapes what could end a script element, too.
void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  for (size_t i = 0; i < text.size();) {
    const model::CodePoint point = model::DecodeUtf8(text.substr(i));
    const char32_t c = point.value;
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out->append("\\n");
    } else if (c == '\r') {
      out->append("\\r");
    } else if (c == '\t') {
      out->append("\\t");
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
      out->append(fmt::format("\\u{:04x}", static_cast<uint32_t>(c)));
    } else if (!point.valid) {
      out->append("\\ufffd");
    } else {
      out->append(text.substr(i, point.size));
    }
    i += point.size;
  }
  out->push_back('"');
}

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape({bytes.data(), bytes.size()});
}

void AppendJson(const OtlpValue& value, std::string* out) {
  switch (value.kind) {
    case OtlpValue::Kind::kEmpty:
      out->append("null");
      return;
    case OtlpValue::Kind::kString:
      return AppendJsonString(value.text, out);
    case OtlpValue::Kind::kBytes:
      return AppendJsonString(Base64(value.text), out);
    case OtlpValue::Kind::kBool:
    case OtlpValue::Kind::kInt:
    case OtlpValue::Kind::kDouble:
      out->append(OtlpText(value));
      return;
    case OtlpValue::Kind::kArray: {
      out->push_back('[');
      for (size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out->push_back(',');
        AppendJson(value.items[i], out);
      }
      out->push_back(']');
      return;
    }
    case OtlpValue::Kind::kMap: {
      std::map<std::string_view, const OtlpValue*> members;
      for (const OtlpAttribute& member : value.members) members[member.key] = &member.value;
      out->push_back('{');
      for (const auto& [key, member] : members) {
        if (out->back() != '{') out->push_back(',');
        AppendJsonString(key, out);
        out->push_back(':');
        AppendJson(*member, out);
      }
      out->push_back('}');
      return;
    }
  }
}

}  // namespace

std::string OtlpText(const OtlpValue& value) {
  switch (value.kind) {
    case OtlpValue::Kind::kEmpty:
      return "";
    case OtlpValue::Kind::kString:
      return std::string(value.text);
    case OtlpValue::Kind::kBool:
      return value.truth ? "true" : "false";
    case OtlpValue::Kind::kInt:
      return std::to_string(value.integer);
    case OtlpValue::Kind::kDouble:
      return NumberText(value.number);
    case OtlpValue::Kind::kBytes:
      return Base64(value.text);
    case OtlpValue::Kind::kArray:
    case OtlpValue::Kind::kMap:
      break;
  }
  std::string json;
  AppendJson(value, &json);
  return json;
}

}  // namespace tidegate::ingest
