// Writes generated log lines to the standard output, those of the streams in turn.
#include <cstdio>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/time.h"
#include "bench/logs/log_lines.h"

ABSL_FLAG(int64_t, lines, 1'000'000, "lines to write");
ABSL_FLAG(int, streams, 200, "programs that write in turn");
ABSL_FLAG(uint64_t, seed, 1, "the same seed makes the same lines");
ABSL_FLAG(int64_t, start, 1'767'225'600, "time of the first line, seconds since the Unix epoch");
ABSL_FLAG(absl::Duration, span, absl::Hours(1), "time that the lines cover");

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("writes log lines as real programs write them");
  absl::ParseCommandLine(argc, argv);
  const int64_t count = absl::GetFlag(FLAGS_lines);
  const int streams = absl::GetFlag(FLAGS_streams);
  if (count < 1 || streams < 1) {
    std::fputs("--lines and --streams must be positive\n", stderr);
    return 1;
  }
  const int64_t start = absl::GetFlag(FLAGS_start) * 1'000'000'000;
  const int64_t step = absl::ToInt64Nanoseconds(absl::GetFlag(FLAGS_span)) / count;
  tidegate::bench::LogLines lines(absl::GetFlag(FLAGS_seed), streams);
  std::string line;
  for (int64_t i = 0; i < count; ++i) {
    line.clear();
    lines.Append(static_cast<int>(i % streams), start + i * step, &line);
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return 1;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
