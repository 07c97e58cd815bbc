// Turns a file of log lines into Loki pushes (snappy protobuf), for bench/log_server.py: each body
// is its length in four bytes, little-endian, and the bytes. Lines are dealt to the streams in turn
// and get times one after the other, so that the last one is about now.
#include <snappy.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "proto/loki/push.pb.h"

ABSL_FLAG(std::string, lines, "", "file with one log line a line");
ABSL_FLAG(std::string, out, "", "file to write");
ABSL_FLAG(int, streams, 200, "streams that the lines are dealt to");
ABSL_FLAG(int, lines_per_body, 5000, "lines of one push");
ABSL_FLAG(int64_t, max_lines, 0, "stop after so many lines; 0 = all");
ABSL_FLAG(absl::Duration, span, absl::Hours(1), "time that the lines cover");

namespace tidegate::bench {
namespace {

class Bodies {
 public:
  Bodies(std::ofstream out, int streams) : out_(std::move(out)), streams_(streams) {}

  void Add(int64_t timestamp, const std::string& line) {
    const int stream = static_cast<int>(lines_++ % streams_);
    if (open_.size() <= static_cast<size_t>(stream)) {
      open_.push_back(request_.add_streams());
      open_.back()->set_labels(
          fmt::format("{{app=\"app-{}\", namespace=\"ns-{}\", pod=\"pod-{}\"}}", stream % 20,
                      stream % 5, stream));
    }
    lokipb::Entry* const entry = open_[stream]->add_entries();
    entry->mutable_timestamp()->set_seconds(timestamp / 1'000'000'000);
    entry->mutable_timestamp()->set_nanos(static_cast<int32_t>(timestamp % 1'000'000'000));
    entry->set_line(line);
  }
  void Write() {
    if (open_.empty()) return;
    const std::string message = request_.SerializeAsString();
    std::string block;
    snappy::Compress(message.data(), message.size(), &block);
    const auto size = static_cast<uint32_t>(block.size());
    for (int i = 0; i < 4; ++i) out_.put(static_cast<char>(size >> (8 * i)));
    out_.write(block.data(), static_cast<std::streamsize>(block.size()));
    request_.Clear();
    open_.clear();
    // The next body begins with the first stream again.
    lines_ = 0;
  }
  bool ok() const { return out_.good(); }

 private:
  std::ofstream out_;
  const int streams_;
  lokipb::PushRequest request_;
  std::vector<lokipb::Stream*> open_;
  int64_t lines_ = 0;
};

int64_t CountLines(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  int64_t count = 0;
  while (std::getline(in, line)) ++count;
  return count;
}

int Main() {
  const std::string path = absl::GetFlag(FLAGS_lines);
  const int64_t most = absl::GetFlag(FLAGS_max_lines);
  int64_t total = CountLines(path);
  if (most > 0) total = std::min(total, most);
  std::ofstream out(absl::GetFlag(FLAGS_out), std::ios::binary);
  if (total == 0 || !out) {
    fmt::print(stderr, "nothing to read in --lines={} or --out cannot be written\n", path);
    return 1;
  }
  const int64_t span = absl::ToInt64Nanoseconds(absl::GetFlag(FLAGS_span));
  const int64_t step = std::max<int64_t>(1, span / total);
  int64_t timestamp = absl::ToUnixNanos(absl::Now()) - step * total;
  Bodies bodies(std::move(out), absl::GetFlag(FLAGS_streams));
  std::ifstream in(path);
  std::string line;
  uint64_t bytes = 0;
  for (int64_t i = 0; i < total && std::getline(in, line); ++i, timestamp += step) {
    bodies.Add(timestamp, line);
    bytes += line.size();
    if ((i + 1) % absl::GetFlag(FLAGS_lines_per_body) == 0) bodies.Write();
  }
  bodies.Write();
  fmt::print("{{\"lines\": {}, \"bytes\": {}}}\n", total, bytes);
  return bodies.ok() ? 0 : 1;
}

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("writes --lines as Loki pushes to --out");
  absl::ParseCommandLine(argc, argv);
  return tidegate::bench::Main();
}
