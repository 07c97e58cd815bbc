#include "control/rules/schedule/rule_progress.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace tidegate::control {
namespace {

constexpr char kKey[] = "rule_progress/done_until";

}  // namespace

RuleBacklog BacklogAt(absl::Time now, absl::Time done_until, absl::Duration written_every,
                      absl::Duration catch_up) {
  if (now - done_until <= catch_up) return {done_until, now};
  return {done_until, std::min(now, done_until + written_every)};
}

absl::StatusOr<std::optional<absl::Time>> ReadRuleProgress(storage::Documents* documents) {
  const absl::StatusOr<storage::Document> document = documents->Get(kKey);
  if (absl::IsNotFound(document.status())) return std::nullopt;
  if (!document.ok()) return document.status();
  const std::string& text = document->value;
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc() || end != text.data() + text.size()) {
    return absl::DataLossError("the progress of rules cannot be read");
  }
  return absl::FromUnixMillis(ms);
}

storage::DocumentWrite WritingRuleProgress(absl::Time done_until) {
  return {kKey, std::to_string(absl::ToUnixMillis(done_until)), std::nullopt};
}

}  // namespace tidegate::control
