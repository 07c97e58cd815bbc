// Log lines as real programs write them.
#ifndef TIDEGATE_BENCH_LOGS_LOG_LINES_H_
#define TIDEGATE_BENCH_LOGS_LOG_LINES_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tidegate::bench {

// Each stream is one program: nginx access, sshd, kernel, a JSON application, a Go service in
// logfmt, a Java service, an HDFS data node or Apache's error log, in turn. Paths, users and codes
// are drawn with a few that come often; times, addresses, ids and durations make that lines do not
// repeat to the letter. The same seed makes the same lines. Owned by one thread.
class LogLines {
 public:
  static constexpr int kFormats = 8;

  LogLines(uint64_t seed, int streams);

  // Appends the next line of a stream, without a newline. Nanoseconds since the Unix epoch.
  void Append(int stream, int64_t time_ns, std::string* out);

 private:
  // What a program keeps from line to line.
  struct Program {
    int pid = 0;
    uint64_t counter = 0;
    std::string host;
  };
  using Writer = void (LogLines::*)(Program& program, int64_t time_ns, std::string* out);

  void Nginx(Program& program, int64_t time_ns, std::string* out);
  void Sshd(Program& program, int64_t time_ns, std::string* out);
  void Kernel(Program& program, int64_t time_ns, std::string* out);
  void Json(Program& program, int64_t time_ns, std::string* out);
  void Logfmt(Program& program, int64_t time_ns, std::string* out);
  void Java(Program& program, int64_t time_ns, std::string* out);
  void Hdfs(Program& program, int64_t time_ns, std::string* out);
  void ApacheError(Program& program, int64_t time_ns, std::string* out);

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  // Small ones come often: the square of an even draw.
  uint64_t Skewed(uint64_t bound);
  std::string Address();
  std::string Hex(int digits);
  double Milliseconds();  // Log-normal, about 12 ms.

  std::mt19937_64 random_;
  std::vector<Program> programs_;
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_LOGS_LOG_LINES_H_
