#include "model/metrics/process_metrics.h"

#include <sys/statvfs.h>

#include <algorithm>

#include "model/metrics/process_figures.h"

namespace tidegate::model {
namespace {

prometheus::Gauge& Gauge(MetricsRegistry* registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add({});
}

}  // namespace

void AddProcessMetrics(MetricsRegistry* registry) {
  auto& cpu = prometheus::BuildCounter()
                  .Name("process_cpu_seconds_total")
                  .Help("User and system CPU time of this process.")
                  .Register(*registry)
                  .Add({});
  auto& resident = Gauge(registry, "process_resident_memory_bytes", "Memory in RAM.");
  auto& virtual_memory = Gauge(registry, "process_virtual_memory_bytes", "Address space.");
  auto& heap = Gauge(registry, "process_heap_bytes", "Handed out by the allocator.");
  auto& start = Gauge(registry, "process_start_time_seconds", "Start, in Unix time.");
  auto& files = Gauge(registry, "process_open_fds", "Open file descriptors.");
  auto& max_files = Gauge(registry, "process_max_fds", "Limit on open file descriptors.");
  auto& threads = Gauge(registry, "process_threads", "Threads of this process.");
  registry->OnCollect([&] {
    const ProcessFigures figures = ReadProcessFigures();
    cpu.Increment(std::max(0.0, figures.cpu_seconds - cpu.Value()));
    resident.Set(static_cast<double>(figures.resident_bytes));
    virtual_memory.Set(static_cast<double>(figures.virtual_bytes));
    heap.Set(static_cast<double>(figures.heap_used_bytes));
    start.Set(figures.start_unix_seconds);
    files.Set(figures.open_files);
    max_files.Set(static_cast<double>(figures.max_open_files));
    threads.Set(figures.threads);
  });
}

void AddDiskMetrics(const std::string& directory, MetricsRegistry* registry) {
  auto& free = Gauge(registry, "tidegate_storage_free_bytes",
                     "Free on the file system of the storage directory.");
  auto& size = Gauge(registry, "tidegate_storage_size_bytes",
                     "Size of the file system of the storage directory.");
  registry->OnCollect([directory, &free, &size] {
    struct statvfs disk {};
    if (statvfs(directory.c_str(), &disk) != 0) return;
    free.Set(static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize));
    size.Set(static_cast<double>(disk.f_blocks) * static_cast<double>(disk.f_frsize));
  });
}

}  // namespace tidegate::model
