// Text as Go prints it, because clients and test suites read Prometheus' texts.
#ifndef TIDEGATE_MODEL_QUOTE_H_
#define TIDEGATE_MODEL_QUOTE_H_

#include <string>
#include <string_view>

namespace tidegate::model {

// Appends `text` in double quotes as Go's strconv.Quote does: \a \b \f \n \r \t \v, \" and \\,
// \xNN for bytes that are not UTF-8, \uNNNN and \UNNNNNNNN for what is not printable.
void AppendQuoted(std::string_view text, std::string* out);
std::string Quoted(std::string_view text);

// One code point at the front of `text`: its value and its size in bytes. Invalid UTF-8 (overlong
// forms, surrogates and cut sequences included) has size 1 and the value 0xFFFD with `valid` false.
struct CodePoint {
  char32_t value = 0;
  int size = 0;
  bool valid = false;
};
CodePoint DecodeUtf8(std::string_view text);

// Appends the UTF-8 form; a value that is no code point becomes U+FFFD.
void AppendUtf8(char32_t value, std::string* out);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_QUOTE_H_
