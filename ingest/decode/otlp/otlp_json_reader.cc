#include "ingest/decode/otlp/otlp_json_reader.h"

#include <string>

#include "absl/strings/escaping.h"

namespace tidegate::ingest::otlp_json {

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("malformed export request: {}", what));
}

bool Find(dom::element owner, const char* name, const char* original, dom::element* member) {
  if (!owner.is_object()) return false;
  if (owner.at_key(name).get(*member) != simdjson::SUCCESS &&
      owner.at_key(original).get(*member) != simdjson::SUCCESS) {
    return false;
  }
  return !member->is_null();
}

absl::Status ReadText(dom::element owner, const char* name, const char* original,
                      std::string_view* text) {
  dom::element member;
  if (!Find(owner, name, original, &member)) return absl::OkStatus();
  if (member.get_string().get(*text) == simdjson::SUCCESS) return absl::OkStatus();
  return Wrong(fmt::format("{} must be a string", name));
}

bool DoubleOf(dom::element element, double* number) {
  if (element.get_double().get(*number) == simdjson::SUCCESS) return true;
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return false;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

absl::Status ReadHex(dom::element owner, const char* name, const char* original, ByteArena* arena,
                     std::string_view* bytes) {
  std::string_view text;
  if (absl::Status status = ReadText(owner, name, original, &text); !status.ok()) return status;
  const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
  if (!hex || text.size() % 2 != 0) return Wrong(fmt::format("{} must be hexadecimal", name));
  *bytes = arena->Copy(absl::HexStringToBytes({text.data(), text.size()}));
  return absl::OkStatus();
}

namespace {

absl::Status ReadPairs(dom::array pairs, int depth, ByteArena* arena,
                       std::vector<OtlpAttribute>* attributes) {
  for (const dom::element pair : pairs) {
    OtlpAttribute attribute;
    dom::element value;
    absl::Status status = ReadText(pair, "key", "key", &attribute.key);
    if (status.ok() && Find(pair, "value", "value", &value)) {
      status = ReadValue(value, depth, arena, &attribute.value);
    }
    if (!status.ok()) return status;
    attributes->push_back(std::move(attribute));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadAttributes(dom::element owner, const char* name, const char* original,
                            ByteArena* arena, std::vector<OtlpAttribute>* attributes) {
  dom::element member;
  dom::array pairs;
  if (!Find(owner, name, original, &member)) return absl::OkStatus();
  if (member.get_array().get(pairs) != simdjson::SUCCESS) {
    return Wrong(fmt::format("{} must be an array", name));
  }
  return ReadPairs(pairs, 0, arena, attributes);
}

absl::Status ReadValue(dom::element element, int depth, ByteArena* arena, OtlpValue* value) {
  using Kind = OtlpValue::Kind;
  if (depth == kMaxOtlpDepth) {
    return Wrong(fmt::format("attributes nest deeper than {} levels", kMaxOtlpDepth));
  }
  dom::element member;
  if (Find(element, "stringValue", "string_value", &member)) {
    value->kind = Kind::kString;
    return ReadText(element, "stringValue", "string_value", &value->text);
  }
  if (Find(element, "boolValue", "bool_value", &member)) {
    value->kind = Kind::kBool;
    if (member.get_bool().get(value->truth) == simdjson::SUCCESS) return absl::OkStatus();
    return Wrong("boolValue must be true or false");
  }
  if (Find(element, "intValue", "int_value", &member)) {
    value->kind = Kind::kInt;
    return ReadNumber(element, "intValue", "int_value", &value->integer);
  }
  if (Find(element, "doubleValue", "double_value", &member)) {
    value->kind = Kind::kDouble;
    if (DoubleOf(member, &value->number)) return absl::OkStatus();
    return Wrong("doubleValue must be a number");
  }
  if (Find(element, "bytesValue", "bytes_value", &member)) {
    value->kind = Kind::kBytes;
    std::string_view text;
    std::string bytes;
    if (member.get_string().get(text) != simdjson::SUCCESS ||
        !absl::Base64Unescape({text.data(), text.size()}, &bytes)) {
      return Wrong("bytesValue must be base64");
    }
    value->text = arena->Copy(bytes);
    return absl::OkStatus();
  }
  if (Find(element, "arrayValue", "array_value", &member)) {
    value->kind = Kind::kArray;
    return ForEach(member, "values", "values", [&](dom::element item) {
      return ReadValue(item, depth + 1, arena, &value->items.emplace_back());
    });
  }
  if (Find(element, "kvlistValue", "kvlist_value", &member)) {
    value->kind = Kind::kMap;
    dom::element values;
    dom::array pairs;
    if (!Find(member, "values", "values", &values)) return absl::OkStatus();
    if (values.get_array().get(pairs) != simdjson::SUCCESS) return Wrong("values must be an array");
    return ReadPairs(pairs, depth + 1, arena, &value->members);
  }
  return absl::OkStatus();
}

absl::Status ReadScope(dom::element owner, ByteArena* arena, OtlpScope* scope) {
  dom::element member;
  if (!Find(owner, "scope", "scope", &member)) return absl::OkStatus();
  absl::Status status = ReadText(member, "name", "name", &scope->name);
  status.Update(ReadText(member, "version", "version", &scope->version));
  status.Update(ReadNumber(member, "droppedAttributesCount", "dropped_attributes_count",
                           &scope->dropped_attributes));
  if (!status.ok()) return status;
  return ReadAttributes(member, "attributes", "attributes", arena, &scope->attributes);
}

}  // namespace tidegate::ingest::otlp_json
