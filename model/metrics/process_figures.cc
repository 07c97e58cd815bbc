#include "model/metrics/process_figures.h"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "model/memory_limit.h"

namespace tidegate::model {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double UnixNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// By the wall clock as it is now: a clock that was set since moves it.
double BootUnixSeconds() {
  const double since_boot = std::atof(ReadAll("/proc/uptime").c_str());
  return UnixNow() - since_boot;
}

int OpenFiles() {
  std::error_code error;
  std::filesystem::directory_iterator folder("/proc/self/fd", error);
  if (error) return 0;
  const auto files = std::distance(begin(folder), end(folder));
  return static_cast<int>(files) - 1;  // One of them is this look.
}

int Processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace

bool ParseProcStat(const std::string& text, double boot_unix_seconds, ProcessFigures* figures) {
  // The name, in parentheses, may hold anything; fields are numbered from 1, the state is 3.
  const size_t name_end = text.rfind(')');
  if (name_end == text.npos) return false;
  std::istringstream rest(text.substr(name_end + 1));
  std::vector<std::string> fields(3);
  for (std::string field; rest >> field;) fields.push_back(field);
  if (fields.size() < 25) return false;
  const auto number = [&fields](size_t index) {
    return std::strtod(fields[index].c_str(), nullptr);
  };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  figures->cpu_seconds = (number(14) + number(15)) / ticks;
  figures->threads = static_cast<int>(number(20));
  figures->start_unix_seconds = boot_unix_seconds + number(22) / ticks;
  figures->virtual_bytes = static_cast<uint64_t>(number(23));
  figures->resident_bytes =
      static_cast<uint64_t>(number(24)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return true;
}

ProcessFigures ReadProcessFigures() {
  ProcessFigures figures;
  if (ParseProcStat(ReadAll("/proc/self/stat"), BootUnixSeconds(), &figures)) {
    figures.uptime_seconds = std::max(0.0, UnixNow() - figures.start_unix_seconds);
  }
  figures.open_files = OpenFiles();
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) figures.max_open_files = files.rlim_cur;
  const struct mallinfo2 heap = mallinfo2();
  figures.heap_used_bytes = heap.uordblks + heap.hblkhd;
  figures.heap_committed_bytes = heap.arena + heap.hblkhd;
  figures.memory_limit_bytes = ProcessMemoryLimit();
  figures.processors = Processors();
  (void)getloadavg(&figures.load_average, 1);
  return figures;
}

}  // namespace tidegate::model
