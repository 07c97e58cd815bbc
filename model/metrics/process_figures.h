// What the kernel and the allocator say about this process and its machine.
#ifndef TIDEGATE_MODEL_METRICS_PROCESS_FIGURES_H_
#define TIDEGATE_MODEL_METRICS_PROCESS_FIGURES_H_

#include <cstdint>
#include <string>

namespace tidegate::model {

struct ProcessFigures {
  int threads = 0;
  double cpu_seconds = 0;  // User and system, since the start.
  double start_unix_seconds = 0;
  double uptime_seconds = 0;
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  int open_files = 0;
  uint64_t max_open_files = 0;
  uint64_t heap_used_bytes = 0;       // Handed out by the allocator.
  uint64_t heap_committed_bytes = 0;  // Taken from the kernel by it.
  uint64_t memory_limit_bytes = 0;    // Of the control group or the machine.
  int processors = 0;                 // That this process may run on.
  double load_average = 0;            // Of the machine, one minute.
};

// What cannot be read is 0.
ProcessFigures ReadProcessFigures();

// The fields that /proc/self/stat has, out of its text: threads, cpu_seconds, start_unix_seconds
// (needs the machine's boot time), resident_bytes, virtual_bytes. False if it does not look like
// it.
bool ParseProcStat(const std::string& text, double boot_unix_seconds, ProcessFigures* figures);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METRICS_PROCESS_FIGURES_H_
