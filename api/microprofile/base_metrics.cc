#include "api/microprofile/base_metrics.h"

#include <algorithm>
#include <cmath>

namespace tidegate::api {
namespace {

Metric CounterOf(double value, const char* description) {
  return {Counter{value}, "none", description, {}};
}

Metric GaugeOf(double value, const char* unit, const char* description) {
  return {Gauge{value}, unit, description, {}};
}

}  // namespace

ScopeMetrics BaseMetrics::Read(const model::ProcessFigures& figures) {
  absl::MutexLock lock(&mutex_);
  most_threads_ = std::max(most_threads_, figures.threads);
  ScopeMetrics metrics;
  metrics["thread.count"] = CounterOf(figures.threads, "Threads of this process, all kinds.");
  metrics["thread.max.count"] =
      CounterOf(most_threads_, "The most threads that a reading of these metrics has seen.");
  metrics["thread.daemon.count"] =
      CounterOf(std::max(0, figures.threads - 1),
                "Threads that do not keep the process alive: all but the first.");
  metrics["memory.usedHeap"] = GaugeOf(static_cast<double>(figures.heap_used_bytes), "bytes",
                                       "Memory that the allocator has handed out.");
  metrics["memory.committedHeap"] = GaugeOf(static_cast<double>(figures.heap_committed_bytes),
                                            "bytes", "Memory that the allocator holds.");
  metrics["memory.maxHeap"] = GaugeOf(static_cast<double>(figures.memory_limit_bytes), "bytes",
                                      "Limit of the control group, or the machine's memory.");
  metrics["cpu.availableProcessors"] =
      GaugeOf(figures.processors, "none", "Processors that this process may run on.");
  metrics["cpu.systemLoadAverage"] =
      GaugeOf(figures.load_average, "none", "Load average of the machine over one minute.");
  metrics["cpu.processCpuLoad"] =
      GaugeOf(Load(figures), "percent",
              "Share of all its processors that this process used since the last reading, 0 to 1.");
  const double uptime = std::round(figures.uptime_seconds * 1000);
  metrics["jvm.uptime"] = GaugeOf(uptime, "milliseconds", "Time since the start of this process.");
  metrics["process.uptime"] =
      GaugeOf(uptime, "milliseconds", "Time since the start of this process.");
  return metrics;
}

double BaseMetrics::Load(const model::ProcessFigures& figures) {
  constexpr double kShortest = 0.1;  // Seconds; the kernel counts in hundredths.
  const double passed = figures.uptime_seconds - last_uptime_seconds_;
  if (passed < kShortest || figures.processors < 1) return last_load_;
  const double used = figures.cpu_seconds - last_cpu_seconds_;
  last_load_ = std::clamp(used / passed / figures.processors, 0.0, 1.0);
  last_cpu_seconds_ = figures.cpu_seconds;
  last_uptime_seconds_ = figures.uptime_seconds;
  return last_load_;
}

}  // namespace tidegate::api
