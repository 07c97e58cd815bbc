#include "query/promql/syntax/series/start_offsets.h"

#include <algorithm>
#include <string>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/lex/duration_text.h"
#include "query/promql/syntax/lex/number_text.h"
#include "query/promql/syntax/series/series_limits.h"

namespace tidegate::promql {
namespace {

using Offsets = std::vector<std::optional<int64_t>>;

absl::Status BadWord(std::string_view word) {
  return absl::InvalidArgumentError(
      fmt::format("invalid start timestamp offset {}", model::Quoted(word)));
}

// Removes a sign from the front of `*text`: -1 or 1.
int64_t TakeSign(std::string_view* text) {
  if (text->empty() || (text->front() != '-' && text->front() != '+')) return 1;
  const int64_t sign = text->front() == '-' ? -1 : 1;
  text->remove_prefix(1);
  return sign;
}

// Reads [sign]duration from the front of `*text`, up to the next sign or the end.
std::optional<int64_t> TakeDuration(std::string_view* text) {
  const int64_t sign = TakeSign(text);
  const size_t end = std::min(text->find_first_of("+-"), text->size());
  const absl::StatusOr<int64_t> ms = ParseDurationMs(text->substr(0, end));
  text->remove_prefix(end);
  if (!ms.ok()) return std::nullopt;
  return sign * *ms;
}

// Appends what one word stands for.
absl::Status AppendWord(std::string_view word, Offsets* out) {
  std::string_view rest = word;
  uint64_t times = 0;
  const bool repeated = rest.find('x') != std::string_view::npos;
  if (repeated) {
    const size_t x = rest.find('x');
    const absl::StatusOr<uint64_t> count = ParseCount(rest.substr(x + 1));
    if (!count.ok() || *count >= kMaxSeriesValues - out->size()) return BadWord(word);
    times = *count;
    rest = rest.substr(0, x);
  }
  if (rest == "_") {
    out->resize(out->size() + (repeated ? times : 1));
    return absl::OkStatus();
  }
  const std::optional<int64_t> first = TakeDuration(&rest);
  if (!first.has_value()) return BadWord(word);
  std::optional<int64_t> step = 0;
  if (!rest.empty()) step = TakeDuration(&rest);
  if (!step.has_value() || !rest.empty()) return BadWord(word);
  // A million times 292 years still fits.
  int64_t offset = *first;
  for (uint64_t i = 0; i <= times; ++i, offset += *step) out->push_back(offset);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Offsets> ParseStartOffsets(std::string_view text) {
  Offsets offsets;
  while (true) {
    const auto* begin = std::find_if_not(text.begin(), text.end(), IsSpace);
    if (begin == text.end()) return offsets;
    const auto* end = std::find_if(begin, text.end(), IsSpace);
    const absl::Status status =
        AppendWord(std::string_view(begin, static_cast<size_t>(end - begin)), &offsets);
    if (!status.ok()) return status;
    text.remove_prefix(static_cast<size_t>(end - text.begin()));
  }
}

}  // namespace tidegate::promql
