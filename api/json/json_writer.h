// Writes JSON into a sink, piece by piece: a large answer is never in memory as a whole.
#ifndef TIDEGATE_API_JSON_JSON_WRITER_H_
#define TIDEGATE_API_JSON_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/sample.h"

namespace tidegate::api {

// Takes finished pieces of text.
class JsonSink {
 public:
  virtual ~JsonSink() = default;
  // False when nobody wants the rest.
  virtual bool Consume(std::string_view piece) = 0;
};

// Collects everything in a string.
class StringSink : public JsonSink {
 public:
  bool Consume(std::string_view piece) override {
    text_.append(piece);
    return true;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Sets commas and escapes; that objects and arrays are balanced and keys alternate with values is
// the caller's business. Once the sink has refused a piece everything else is dropped: long loops
// look at ok(). Owned by one thread.
class JsonWriter {
 public:
  explicit JsonWriter(JsonSink* sink);

  void BeginObject() { Open('{'); }
  void EndObject() { Shut('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Shut(']'); }
  void Key(std::string_view key);

  // Control characters, quotes and backslashes are escaped; bytes that are not UTF-8 become \ufffd.
  void String(std::string_view text);
  void Integer(int64_t value);
  void Unsigned(uint64_t value);
  void Double(double value);  // A JSON number; NaN and infinities become null.
  void Bool(bool value);
  // Text that is JSON already.
  void Raw(std::string_view json);

  // A sample value: a quoted float (number_text.h).
  void SampleValue(double value);
  void Timestamp(model::TimestampMs timestamp);
  // [timestamp,"value"]
  void Point(model::TimestampMs timestamp, double value);

  // Hands everything to the sink. False when the sink has had enough.
  bool Flush();
  bool ok() const { return ok_; }

 private:
  void Open(char bracket);
  void Shut(char bracket);
  // Puts a comma where one belongs; room for it is always there.
  void BeforeValue();
  // Makes room for `bytes`, at most the buffer's size.
  void Reserve(size_t bytes);
  void Append(std::string_view text);
  void Escaped(std::string_view text);

  JsonSink* const sink_;
  std::unique_ptr<char[]> buffer_;
  char* at_;
  char* const end_;
  bool comma_ = false;
  bool ok_ = true;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_JSON_JSON_WRITER_H_
