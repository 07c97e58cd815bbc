#include "api/prometheus/multipart_form.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace tidegate::api {
namespace {

// RFC 2046 section 5.1.1.
constexpr size_t kMaxBoundary = 70;
// Go's bound on the parts of a form.
constexpr size_t kMaxParts = 1000;

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("error parsing form values: multipart: {}", what));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes a quoted string, whose quote was taken, up to its end.
std::optional<std::string> TakeQuoted(std::string_view* text) {
  std::string value;
  while (!text->empty()) {
    const char c = text->front();
    text->remove_prefix(1);
    if (c == '"') return value;
    if (c == '\\' && !text->empty() && (text->front() == '"' || text->front() == '\\')) {
      value += text->front();
      text->remove_prefix(1);
    } else {
      value += c;
    }
  }
  return std::nullopt;
}

// The parameter of a field like `form-data; name="a"; filename="b"`; nothing when it has none.
std::optional<std::string> ParameterOf(std::string_view field, std::string_view wanted) {
  size_t at = field.find(';');
  while (at != field.npos) {
    field.remove_prefix(at + 1);
    const size_t equals = field.find('=');
    if (equals == field.npos) return std::nullopt;
    const std::string_view name = Trim(field.substr(0, equals));
    field = Trim(field.substr(equals + 1));
    std::optional<std::string> value;
    if (field.starts_with('"')) {
      field.remove_prefix(1);
      value = TakeQuoted(&field);
      if (!value) return std::nullopt;
    } else {
      value = std::string(Trim(field.substr(0, field.find(';'))));
    }
    if (EqualsIgnoreCase(name, wanted)) return value;
    at = field.find(';');
  }
  return std::nullopt;
}

// Lines end with CRLF, or as Go takes it, with LF.
std::string_view TakeLine(std::string_view* text) {
  const size_t end = text->find('\n');
  std::string_view line = text->substr(0, end);
  text->remove_prefix(end == text->npos ? text->size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Reads the fields of a part up to the empty line behind them.
absl::Status AddPart(std::string_view part, Parameters* out) {
  std::string disposition;
  bool ended = false;
  while (!part.empty() && !ended) {
    const std::string_view line = TakeLine(&part);
    ended = line.empty();
    const size_t colon = line.find(':');
    if (!ended && colon == line.npos) return Malformed("a part's field has no colon");
    const std::string_view name = line.substr(0, colon);
    if (EqualsIgnoreCase(name, "Content-Transfer-Encoding") &&
        EqualsIgnoreCase(Trim(line.substr(colon + 1)), "quoted-printable")) {
      return Malformed("quoted-printable is not supported");
    }
    if (EqualsIgnoreCase(name, "Content-Disposition")) disposition = line.substr(colon + 1);
  }
  if (!ended) return Malformed("a part has no end of its fields");
  std::optional<std::string> name = ParameterOf(disposition, "name");
  if (!name || name->empty() || ParameterOf(disposition, "filename")) return absl::OkStatus();
  out->Add(*std::move(name), std::string(part));
  return absl::OkStatus();
}

}  // namespace

absl::Status DecodeMultipartForm(std::string_view content_type, std::string_view body,
                                 Parameters* out) {
  const std::optional<std::string> boundary = ParameterOf(content_type, "boundary");
  if (!boundary || boundary->empty()) return Malformed("no boundary in Content-Type");
  if (boundary->size() > kMaxBoundary) return Malformed("the boundary is too long");
  const std::string delimiter = "--" + *boundary;
  // What stands before the first delimiter is no part.
  size_t at = body.starts_with(delimiter) ? 0 : body.find("\n" + delimiter);
  if (at == body.npos) return Malformed("the form does not begin with its boundary");
  body.remove_prefix(body.find(delimiter, at) + delimiter.size());
  for (size_t parts = 0; !body.starts_with("--"); ++parts) {
    if (parts == kMaxParts) return Malformed("too many parts");
    if (!Trim(TakeLine(&body)).empty()) return Malformed("text behind a boundary");
    const size_t end = body.find("\n" + delimiter);
    if (end == body.npos) return Malformed("the form does not end with its boundary");
    std::string_view part = body.substr(0, end);
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (const absl::Status status = AddPart(part, out); !status.ok()) return status;
    body.remove_prefix(end + 1 + delimiter.size());
  }
  return absl::OkStatus();
}

}  // namespace tidegate::api
