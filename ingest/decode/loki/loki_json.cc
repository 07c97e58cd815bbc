#include "ingest/decode/loki/loki_json.h"

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/loki/push_streams.h"

namespace tidegate::ingest {
namespace {

static_assert(simdjson::SIMDJSON_PADDING <= kReadableBehind);

namespace dom = simdjson::dom;

// Reads one body. The parser owns all strings, so it lives as long as the push.
class Decoder {
 public:
  Decoder(std::string_view body, DecodedPush* push)
      : body_(body), arena_(push->arena), streams_(push), parser_(std::make_shared<dom::parser>()) {
    push->parsed = parser_;
  }

  absl::Status Run(bool legacy);

 private:
  absl::Status ReadStream(dom::element stream);
  absl::Status ReadLegacyStream(dom::element stream);
  absl::Status ReadLabels(dom::element value);
  absl::Status ReadValue(dom::element value);
  absl::Status ReadMetadata(dom::element value);
  absl::Status ReadLegacyEntry(dom::element value);
  bool ScalarText(dom::element value, std::string_view* text);
  absl::Status Fail(std::string_view problem) const;

  const std::string_view body_;
  ByteArena& arena_;
  PushStreams streams_;
  std::shared_ptr<dom::parser> parser_;
  size_t stream_ = 0;
  size_t value_ = 0;
};

absl::Status Decoder::Fail(std::string_view problem) const {
  return absl::InvalidArgumentError(
      fmt::format("streams[{}], value {}: {}", stream_, value_, problem));
}

bool Find(dom::element owner, const char* name, dom::element* member) {
  return owner.at_key(name).get(*member) == simdjson::SUCCESS;
}

bool IsText(dom::element value, std::string_view* text) {
  return value.get_string().get(*text) == simdjson::SUCCESS;
}

// The text of a scalar: a string's content, a number in its shortest form, a keyword.
bool Decoder::ScalarText(dom::element value, std::string_view* text) {
  if (value.is_array() || value.is_object()) return false;
  if (IsText(value, text)) return true;
  double number = 0;
  std::string printed = simdjson::minify(value);
  if (value.is_double() && value.get_double().get(number) == simdjson::SUCCESS) {
    printed = fmt::format("{}", number);
  }
  *text = arena_.Copy(printed);
  return true;
}

absl::Status Decoder::ReadLabels(dom::element value) {
  dom::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    return Fail("\"stream\" must be an object of labels");
  }
  std::vector<model::Label> labels;
  for (const dom::key_value_pair field : object) {
    std::string_view text;
    if (!ScalarText(field.value, &text)) {
      return Fail("\"stream\" must be an object of labels with strings as values");
    }
    labels.push_back({field.key, text});
  }
  streams_.BeginStream(std::move(labels));
  return absl::OkStatus();
}

absl::Status Decoder::ReadMetadata(dom::element value) {
  dom::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    return Fail("structured metadata must be an object");
  }
  for (const dom::key_value_pair field : object) {
    std::string_view text;
    if (!IsText(field.value, &text)) {
      return Fail("structured metadata must have strings as values");
    }
    streams_.AddMetadata(field.key, text);
  }
  return absl::OkStatus();
}

absl::Status Decoder::ReadValue(dom::element value) {
  dom::array parts;
  std::string_view time_text;
  std::string_view line;
  if (value.get_array().get(parts) != simdjson::SUCCESS) {
    return Fail("must be an array of timestamp, line and optional metadata");
  }
  const size_t count = parts.size();
  if (count < 2 || count > 3) return Fail("must have two or three elements");
  auto part = parts.begin();
  if (!IsText(*part, &time_text)) return Fail("the timestamp must be a string of nanoseconds");
  model::TimestampNs timestamp = 0;
  const char* const end = time_text.data() + time_text.size();
  const auto parsed = std::from_chars(time_text.data(), end, timestamp);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    return Fail(fmt::format("{} is no timestamp in nanoseconds", time_text.substr(0, 40)));
  }
  ++part;
  if (!IsText(*part, &line)) return Fail("the line must be a string");
  ++part;
  if (count == 3) {
    if (absl::Status status = ReadMetadata(*part); !status.ok()) return status;
  }
  streams_.AddEntry(timestamp, line);
  return absl::OkStatus();
}

// Calls `element_fn` for each element; nothing when the member is missing or null.
template <typename ElementFn>
absl::Status ForEach(dom::element owner, const char* name, const absl::Status& no_array,
                     ElementFn element_fn) {
  dom::element member;
  dom::array array;
  if (!Find(owner, name, &member) || member.is_null()) return absl::OkStatus();
  if (member.get_array().get(array) != simdjson::SUCCESS) return no_array;
  for (const dom::element element : array) {
    if (absl::Status status = element_fn(element); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Decoder::ReadStream(dom::element stream) {
  dom::element labels;
  if (Find(stream, "stream", &labels)) {
    if (absl::Status status = ReadLabels(labels); !status.ok()) return status;
  } else {
    streams_.BeginStream(std::vector<model::Label>());
  }
  const absl::Status status =
      ForEach(stream, "values", Fail("\"values\" must be an array"), [this](dom::element value) {
        absl::Status read = ReadValue(value);
        ++value_;
        return read;
      });
  if (status.ok()) streams_.EndStream();
  return status;
}

absl::Status Decoder::ReadLegacyEntry(dom::element value) {
  dom::element member;
  std::string_view time_text;
  std::string_view line;
  if (!value.is_object()) return Fail("must be an object");
  if (!Find(value, "ts", &member) || !IsText(member, &time_text)) {
    return Fail("\"ts\" must be a time of RFC 3339");
  }
  if (Find(value, "line", &member) && !IsText(member, &line)) {
    return Fail("\"line\" must be a string");
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, {time_text.data(), time_text.size()}, &time, &error)) {
    return Fail(fmt::format("{} is no time of RFC 3339", time_text.substr(0, 40)));
  }
  streams_.AddEntry(absl::ToUnixNanos(time), line);
  return absl::OkStatus();
}

absl::Status Decoder::ReadLegacyStream(dom::element stream) {
  dom::element member;
  std::string_view labels;
  if (!Find(stream, "labels", &member) || !IsText(member, &labels)) {
    return Fail("\"labels\" must be a string");
  }
  streams_.BeginStream(labels);
  const absl::Status status =
      ForEach(stream, "entries", Fail("\"entries\" must be an array"), [this](dom::element value) {
        absl::Status read = ReadLegacyEntry(value);
        ++value_;
        return read;
      });
  if (status.ok()) streams_.EndStream();
  return status;
}

absl::Status Decoder::Run(bool legacy) {
  dom::element document;
  const simdjson::error_code error =
      parser_->parse(body_.data(), body_.size(), /*realloc_if_needed=*/false).get(document);
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        fmt::format("the body is no JSON: {}", simdjson::error_message(error)));
  }
  if (!document.is_object()) {
    return absl::InvalidArgumentError("the body must be a JSON object with \"streams\"");
  }
  return ForEach(document, "streams",
                 absl::InvalidArgumentError("\"streams\" must be an array of objects"),
                 [this, legacy](dom::element stream) {
                   value_ = 0;
                   if (!stream.is_object()) return Fail("must be an object");
                   absl::Status read = legacy ? ReadLegacyStream(stream) : ReadStream(stream);
                   ++stream_;
                   return read;
                 });
}

}  // namespace

absl::Status DecodeLokiJson(std::string_view body, DecodedPush* push) {
  return Decoder(body, push).Run(/*legacy=*/false);
}

absl::Status DecodeLegacyLokiJson(std::string_view body, DecodedPush* push) {
  return Decoder(body, push).Run(/*legacy=*/true);
}

}  // namespace tidegate::ingest
