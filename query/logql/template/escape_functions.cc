#include <fmt/format.h>

#include <cctype>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "model/quote.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

// What Go's escapers print their arguments as: one text as it is, others side by side.
std::string Joined(Arguments args) {
  std::string text;
  for (size_t i = 0; i < args.size(); ++i) {
    const auto is_text = [&](size_t at) { return std::holds_alternative<std::string>(args[at]); };
    if (i > 0 && !is_text(i - 1) && !is_text(i)) text += ' ';
    text += Print(args[i]);
  }
  return text;
}

bool IsUnreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_.~").find(c) != std::string_view::npos;
}

absl::StatusOr<Value> UrlEncode(Arguments args) {
  std::string out;
  for (const char c : Joined(args)) {
    if (c == ' ') {
      out += '+';
    } else if (IsUnreserved(c) && static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return Value(std::move(out));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

absl::StatusOr<Value> UrlDecode(Arguments args) {
  const std::string& text = std::get<std::string>(args[0]);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return absl::InvalidArgumentError("invalid URL escape " + model::Quoted(text.substr(i, 3)));
      }
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return Value(std::move(out));
}

absl::StatusOr<Value> Html(Arguments args) {
  std::string out;
  for (const char c : Joined(args)) {
    switch (c) {
      case '\0':
        out += "\xEF\xBF\xBD";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return Value(std::move(out));
}

// Inside of a JavaScript string in HTML.
absl::StatusOr<Value> JavaScript(Arguments args) {
  std::string out;
  for (const char c : Joined(args)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\' || c == '\'' || c == '"') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || c == '<' || c == '>' || c == '&' || c == '=') {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return Value(std::move(out));
}

absl::StatusOr<Value> Base64Encode(Arguments args) {
  std::string out;
  absl::Base64Escape(std::get<std::string>(args[0]), &out);
  return Value(std::move(out));
}

// With or without padding.
absl::StatusOr<Value> Base64Decode(Arguments args) {
  std::string out;
  if (!absl::Base64Unescape(std::get<std::string>(args[0]), &out)) {
    return absl::InvalidArgumentError("illegal base64 data");
  }
  return Value(std::move(out));
}

}  // namespace

absl::Span<const TemplateFunction> EscapeFunctions() {
  constexpr size_t kAny = TemplateFunction::kAny;
  static constexpr TemplateFunction kFunctions[] = {
      {"b64dec", 1, 1, Base64Decode, "s"},
      {"b64enc", 1, 1, Base64Encode, "s"},
      {"html", 0, kAny, Html},
      {"js", 0, kAny, JavaScript},
      {"urldecode", 1, 1, UrlDecode, "s"},
      {"urlencode", 1, 1, UrlEncode, "s"},
      {"urlquery", 0, kAny, UrlEncode},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
