#include "api/federate/exposition_writer.h"

#include <charconv>
#include <cmath>
#include <string>

namespace tidegate::api {
namespace {

constexpr std::string_view kInstance = "instance";

bool IsNameCharacter(char c, bool first, bool colon) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return letter || (colon && c == ':') || (!first && c >= '0' && c <= '9');
}

bool IsClassicName(std::string_view name, bool colon) {
  for (size_t i = 0; i < name.size(); ++i) {
    if (!IsNameCharacter(name[i], i == 0, colon)) return false;
  }
  return !name.empty();
}

void AppendEscaped(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c == '\n') {
      out->append("\\n");
      continue;
    }
    if (c == '\\' || c == '"') out->push_back('\\');
    out->push_back(c);
  }
}

// One underscore for each character, which may have several bytes.
void AppendUnderscored(std::string_view name, bool colon, std::string* out) {
  for (size_t i = 0; i < name.size(); ++i) {
    const bool continues = (static_cast<uint8_t>(name[i]) & 0xC0) == 0x80;
    if (continues) continue;
    out->push_back(IsNameCharacter(name[i], i == 0, colon) ? name[i] : '_');
  }
}

// True when the name was written in quotes.
bool AppendName(std::string_view name, bool colon, NameEscaping escaping, std::string* out) {
  if (IsClassicName(name, colon)) {
    out->append(name);
    return false;
  }
  if (escaping == NameEscaping::kUnderscores) {
    AppendUnderscored(name, colon, out);
    return false;
  }
  out->push_back('"');
  AppendEscaped(name, out);
  out->push_back('"');
  return true;
}

// Go's FormatFloat(value, 'g', -1, 64): the shortest digits, in exponent form below 1e-4 and from
// 1e+06 on.
void AppendValue(double value, std::string* out) {
  if (std::isnan(value)) return void(out->append("NaN"));
  if (std::isinf(value)) return void(out->append(value > 0 ? "+Inf" : "-Inf"));
  char digits[64];
  const auto scientific =
      std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::scientific);
  const std::string_view text(digits, static_cast<size_t>(scientific.ptr - digits));
  int exponent = 0;
  const char* const begin = text.data() + text.rfind('e') + 1;
  std::from_chars(*begin == '+' ? begin + 1 : begin, scientific.ptr, exponent);
  if (value != 0 && (exponent < -4 || exponent >= 6)) return void(out->append(text));
  const auto fixed =
      std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::fixed);
  out->append(digits, fixed.ptr);
}

void AppendLabel(std::string_view name, std::string_view value, NameEscaping escaping,
                 std::string_view* separator, std::string* out) {
  out->append(*separator);
  AppendName(name, /*colon=*/false, escaping, out);
  out->append("=\"");
  AppendEscaped(value, out);
  out->push_back('"');
  *separator = ",";
}

}  // namespace

std::string EscapedName(std::string_view name, bool colon, NameEscaping escaping) {
  if (escaping == NameEscaping::kAllowUtf8 || IsClassicName(name, colon)) return std::string(name);
  std::string escaped;
  AppendUnderscored(name, colon, &escaped);
  return escaped;
}

void AppendUntypedHeader(std::string_view name, NameEscaping escaping, std::string* out) {
  out->append("# TYPE ");
  AppendName(name, /*colon=*/true, escaping, out);
  out->append(" untyped\n");
}

void AppendSample(model::LabelsView labels, double value, model::TimestampMs timestamp,
                  NameEscaping escaping, std::string* out) {
  std::string name;
  std::string_view separator = "{";
  if (AppendName(labels.metric_name(), /*colon=*/true, escaping, &name)) {
    out->append("{").append(name);  // A quoted name stands among the labels.
    separator = ",";
  } else {
    out->append(name);
  }
  for (const model::Label& label : labels) {
    if (label.name == model::kMetricNameLabel) continue;
    AppendLabel(label.name, label.value, escaping, &separator, out);
  }
  if (!labels.Has(kInstance)) AppendLabel(kInstance, "", escaping, &separator, out);
  out->append("} ");
  AppendValue(value, out);
  out->append(" ").append(std::to_string(timestamp)).append("\n");
}

}  // namespace tidegate::api
