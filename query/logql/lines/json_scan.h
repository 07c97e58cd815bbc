// Where the values of a JSON text begin and end, without a tree. As tolerant as Loki's parser: what
// no field's value depends on is not checked.
#ifndef TIDEGATE_QUERY_LOGQL_LINES_JSON_SCAN_H_
#define TIDEGATE_QUERY_LOGQL_LINES_JSON_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidegate::logql {

enum class JsonType : uint8_t { kString, kNumber, kBoolean, kNull, kObject, kArray };

// Why a text is no JSON, in the words that Loki's users know from __error_details__.
namespace json_errors {
inline constexpr std::string_view kObject =
    "Value looks like object, but can't find closing '}' symbol";
inline constexpr std::string_view kArray = "Value is array, but can't find closing ']' symbol";
inline constexpr std::string_view kString =
    "Value looks like string, but can't find closing '\"' symbol";
inline constexpr std::string_view kMalformed = "Malformed JSON error";
inline constexpr std::string_view kUnknown = "Unknown value type";
}  // namespace json_errors

// A place in a text. A step that fails returns its error and leaves the place undefined; the empty
// text is success.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  size_t position() const { return position_; }
  bool AtEnd() const { return position_ >= text_.size(); }
  // The next character that is no blank, '\0' at the end. Stays before it.
  char Peek();
  void Advance() { ++position_; }

  // At a '"': the characters up to the closing one, still escaped; moves behind it.
  std::string_view String(std::string_view* out);
  // At a value. Strings come without quotes, objects and arrays with their brackets.
  std::string_view Value(JsonType* type, std::string_view* out);
  // At a key: moves to its value. `out` is the key, still escaped.
  std::string_view Key(std::string_view* out);

 private:
  std::string_view Block(char open, char close, std::string_view* out);
  std::string_view Token(JsonType* type, std::string_view* out);

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_LINES_JSON_SCAN_H_
