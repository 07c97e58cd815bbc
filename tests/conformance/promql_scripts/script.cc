#include "tests/conformance/promql_scripts/script.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "query/promql/syntax/lex/duration_text.h"
#include "query/promql/syntax/lex/number_text.h"
#include "query/promql/syntax/lex/quoting.h"

namespace tidegate::conformance {
namespace {

std::string_view Trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// A duration, possibly negative, or plain seconds.
absl::StatusOr<int64_t> ParseTime(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  absl::StatusOr<int64_t> ms = promql::ParseDurationMs(text);
  if (!ms.ok()) {
    absl::StatusOr<double> seconds = promql::ParseNumber(text);
    if (!seconds.ok()) return ms.status();
    ms = static_cast<int64_t>(*seconds * 1000);
  }
  return negative ? -*ms : *ms;
}

class Parser {
 public:
  explicit Parser(std::string_view text) {
    size_t begin = 0;
    while (begin <= text.size()) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      std::string_view line = Trim(text.substr(begin, end - begin));
      if (line.starts_with('#')) line = {};  // A comment ends the block.
      lines_.push_back(line);
      begin = end + 1;
    }
  }

  absl::StatusOr<std::vector<Command>> Run() {
    std::vector<Command> commands;
    while (next_ < lines_.size()) {
      const std::string_view line = lines_[next_++];
      if (line.empty()) continue;
      absl::StatusOr<Command> command = ParseCommand(line);
      if (!command.ok()) {
        return absl::InvalidArgumentError(
            fmt::format("line {}: {}", next_, std::string(command.status().message())));
      }
      commands.push_back(*std::move(command));
    }
    return commands;
  }

 private:
  absl::StatusOr<Command> ParseCommand(std::string_view line) {
    if (line == "clear") return Command(ClearCommand());
    if (line.starts_with("load")) return ParseLoad(line);
    if (line.starts_with("eval")) return ParseEval(line);
    return absl::InvalidArgumentError(fmt::format("unknown command: {}", line));
  }

  absl::StatusOr<Command> ParseLoad(std::string_view line) {
    LoadCommand load;
    const size_t space = line.find_first_of(" \t");
    const std::string_view word = line.substr(0, space);
    load.with_custom_bucket_histograms = word == "load_with_nhcb";
    if (space == std::string_view::npos) return absl::InvalidArgumentError("load without a step");
    absl::StatusOr<int64_t> step = ParseTime(Trim(line.substr(space)));
    if (!step.ok()) return step.status();
    load.step_ms = *step;
    while (next_ < lines_.size() && !lines_[next_].empty()) {
      absl::StatusOr<promql::SeriesDescription> series =
          promql::ParseSeriesDescription(lines_[next_++]);
      if (!series.ok()) return series.status();
      load.series.push_back(*std::move(series));
    }
    return Command(std::move(load));
  }

  absl::StatusOr<Command> ParseEval(std::string_view line) {
    static const re2::RE2 kInstant(
        R"(eval(?:_(fail|warn|ordered|info))?\s+instant\s+at\s+(\S+)\s+(.+))");
    static const re2::RE2 kRange(
        R"(eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+))");
    EvalCommand eval;
    eval.line = static_cast<int>(next_);
    const re2::StringPiece text(line.data(), line.size());
    std::string mode;
    std::string from;
    std::string to;
    std::string step;
    if (re2::RE2::FullMatch(text, kInstant, &mode, &from, &eval.query)) {
      to = from;
    } else if (re2::RE2::FullMatch(text, kRange, &mode, &from, &to, &step, &eval.query)) {
      eval.instant = false;
    } else {
      return absl::InvalidArgumentError(fmt::format("malformed eval: {}", line));
    }
    absl::StatusOr<EvalGrid> grid = ParseGrid(from, to, eval.instant ? "1ms" : step);
    if (!grid.ok()) return grid.status();
    eval.grid = *grid;
    ApplyMode(mode, &eval);
    while (next_ < lines_.size() && !lines_[next_].empty()) {
      absl::Status status = ParseExpectation(lines_[next_++], &eval);
      if (!status.ok()) return status;
    }
    return Command(std::move(eval));
  }

  static absl::StatusOr<EvalGrid> ParseGrid(std::string_view from, std::string_view to,
                                            std::string_view step) {
    absl::StatusOr<int64_t> start = ParseTime(from);
    if (!start.ok()) return start.status();
    absl::StatusOr<int64_t> end = ParseTime(to);
    if (!end.ok()) return end.status();
    absl::StatusOr<int64_t> step_ms = ParseTime(step);
    if (!step_ms.ok()) return step_ms.status();
    return EvalGrid{*start, *end, *step_ms};
  }

  static void ApplyMode(std::string_view mode, EvalCommand* eval) {
    if (mode == "fail") eval->fails = true;
    if (mode == "ordered") eval->ordered = true;
    if (mode == "warn") eval->warnings.some.emplace_back();
    if (mode == "info") eval->infos.some.emplace_back();
  }

  static absl::Status ParseExpectation(std::string_view line, EvalCommand* eval) {
    if (line.starts_with("expect ")) return ParseExpect(Trim(line.substr(7)), eval);
    if (line.starts_with("expected_fail_message")) {
      eval->failure.text = std::string(Trim(line.substr(21)));
      return absl::OkStatus();
    }
    if (line.starts_with("expected_fail_regexp")) {
      eval->failure.pattern = std::string(Trim(line.substr(20)));
      return absl::OkStatus();
    }
    if (absl::StatusOr<double> number = ParseScalar(line); number.ok()) {
      eval->scalar = *number;
      return absl::OkStatus();
    }
    absl::StatusOr<promql::SeriesDescription> series = promql::ParseSeriesDescription(line);
    if (!series.ok()) return series.status();
    eval->series.push_back(*std::move(series));
    return absl::OkStatus();
  }

  static absl::StatusOr<double> ParseScalar(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    absl::StatusOr<double> number = promql::ParseNumber(text);
    if (!number.ok()) return number;
    return negative ? -*number : *number;
  }

  static TextExpectation ParseText(std::string_view text) {
    TextExpectation expectation;
    if (text.starts_with("msg:")) expectation.text = std::string(Trim(text.substr(4)));
    if (text.starts_with("regex:")) expectation.pattern = std::string(Trim(text.substr(6)));
    return expectation;
  }

  static absl::Status ParseExpect(std::string_view text, EvalCommand* eval) {
    static const re2::RE2 kRangeVector(R"(range vector from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+))");
    std::string from;
    std::string to;
    std::string step;
    if (re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kRangeVector, &from, &to,
                            &step)) {
      absl::StatusOr<EvalGrid> grid = ParseGrid(from, to, step);
      if (!grid.ok()) return grid.status();
      eval->range_vector = *grid;
      return absl::OkStatus();
    }
    const size_t space = text.find_first_of(" \t");
    const std::string_view word = text.substr(0, space);
    const std::string_view rest =
        space == std::string_view::npos ? std::string_view() : Trim(text.substr(space));
    if (word == "ordered") {
      eval->ordered = true;
    } else if (word == "fail") {
      eval->fails = true;
      eval->failure = ParseText(rest);
    } else if (word == "warn") {
      eval->warnings.some.push_back(ParseText(rest));
    } else if (word == "info") {
      eval->infos.some.push_back(ParseText(rest));
    } else if (word == "no_warn") {
      eval->warnings.none = true;
    } else if (word == "no_info") {
      eval->infos.none = true;
    } else if (word == "string") {
      const std::optional<std::string> value = promql::Unquote(rest);
      if (!value.has_value()) return absl::InvalidArgumentError("malformed string");
      eval->text = *value;
    } else {
      return absl::InvalidArgumentError(fmt::format("unknown expectation: {}", text));
    }
    return absl::OkStatus();
  }

  std::vector<std::string_view> lines_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<Command>> ParseScript(std::string_view text) {
  return Parser(text).Run();
}

}  // namespace tidegate::conformance
