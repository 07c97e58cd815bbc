#include "proto/wire/matchers.h"

namespace tidegate::wire {

void ToWire(model::TimeRange range, v1::TimeRange* out) {
  out->set_min(range.min);
  out->set_max(range.max);
}

model::TimeRange FromWire(const v1::TimeRange& range) { return {range.min(), range.max()}; }

void ToWire(const std::vector<model::CompiledMatcher>& matchers,
            google::protobuf::RepeatedPtrField<v1::Matcher>* out) {
  for (const model::CompiledMatcher& compiled : matchers) {
    const model::Matcher& matcher = compiled.matcher();
    v1::Matcher* message = out->Add();
    message->set_type(static_cast<v1::Matcher::Type>(matcher.type));
    message->set_name(matcher.name);
    message->set_value(matcher.value);
  }
}

absl::StatusOr<std::vector<model::CompiledMatcher>> FromWire(
    const google::protobuf::RepeatedPtrField<v1::Matcher>& matchers) {
  std::vector<model::Matcher> plain;
  plain.reserve(matchers.size());
  for (const v1::Matcher& message : matchers) {
    if (!v1::Matcher::Type_IsValid(message.type())) {
      return absl::InvalidArgumentError("a matcher of an unknown type");
    }
    plain.push_back(
        {static_cast<model::MatchType>(message.type()), message.name(), message.value()});
  }
  return model::CompileMatchers(plain);
}

}  // namespace tidegate::wire
