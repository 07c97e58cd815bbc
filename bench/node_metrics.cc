#include "bench/node_metrics.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "fmt/format.h"

namespace tidegate::bench {
namespace {

using Names = std::initializer_list<const char*>;
using LabelPairs = std::vector<std::pair<std::string, std::string>>;

constexpr Scale kOne = {1, 1};
constexpr Scale kHundredths = {1, 100};
constexpr Scale kThousandths = {1, 1000};
constexpr Scale kNanoseconds = {1, 1e9};
constexpr Scale kSectors = {512, 1};
constexpr Scale kPages = {4096, 1};

class Metrics {
 public:
  // `name` once, or once for each of `values` of the label `label`.
  void Add(const std::string& name, Motion motion, Scale scale, double first, double change,
           const std::string& label = "", Names values = {""}) {
    for (const char* value : values) {
      LabelPairs labels = {{"__name__", name}};
      if (!label.empty()) labels.emplace_back(label, value);
      AddSeries(std::move(labels), motion, scale, first, change);
    }
  }

  // Series that stay as they are, one for each name and value.
  void AddConstants(const std::string& prefix, Names names, double value,
                    const std::string& label = "", Names values = {""}) {
    for (const char* name : names) {
      Add(prefix + name, Motion::kConstant, kOne, value, 0, label, values);
    }
  }

  void AddSeries(LabelPairs labels, Motion motion, Scale scale, double first, double change) {
    all_.push_back({std::move(labels), motion, scale, first, change, nullptr});
  }

  std::vector<SeriesTemplate> Take() { return std::move(all_); }

 private:
  std::vector<SeriesTemplate> all_;
};

void AddCpu(Metrics* out) {
  for (int cpu = 0; cpu < 4; ++cpu) {
    const auto add = [&](const char* mode, Motion motion, double first, double change) {
      LabelPairs labels = {
          {"__name__", "node_cpu_seconds_total"}, {"cpu", fmt::format("{}", cpu)}, {"mode", mode}};
      out->AddSeries(std::move(labels), motion, kHundredths, first, change);
    };
    add("idle", Motion::kCounter, 93634, 80);
    add("iowait", Motion::kRareCounter, 258, 0.5);
    add("irq", Motion::kConstant, 0, 0);
    add("nice", Motion::kConstant, 273.13, 0);
    add("softirq", Motion::kRareCounter, 53, 0.1);
    add("steal", Motion::kRareCounter, 382, 0.1);
    add("system", Motion::kCounter, 13562, 5);
    add("user", Motion::kCounter, 27662, 12);
  }
  const Names cpus = {"0", "1", "2", "3"};
  out->AddConstants("node_cpu_", {"guest_seconds_total", "online", "core_throttles_total"}, 0,
                    "cpu", cpus);
  out->AddConstants("node_softnet_", {"dropped_total", "times_squeezed_total"}, 1, "cpu", cpus);
  out->Add("node_schedstat_running_seconds_total", Motion::kCounter, kNanoseconds, 5e11, 2e8, "cpu",
           cpus);
  out->Add("node_schedstat_timeslices_total", Motion::kCounter, kOne, 871033, 300, "cpu", cpus);
  out->Add("node_hwmon_temp_celsius", Motion::kRareGauge, kOne, 45, 3, "chip", cpus);
  out->Add("node_softnet_processed_total", Motion::kCounter, kOne, 41051, 90, "cpu", cpus);
}

void AddMemory(Metrics* out) {
  const auto moving = [&](const char* name, Motion motion, double pages, double change) {
    out->Add(fmt::format("node_memory_{}_bytes", name), motion, kPages, pages, change);
  };
  for (const char* name : {"Active", "Active_anon", "Active_file", "AnonPages", "Cached",
                           "Committed_AS", "Inactive", "Inactive_anon", "Mapped", "Slab"}) {
    moving(name, Motion::kGauge, 300000, 300);
  }
  moving("MemFree", Motion::kGauge, 4264000, 2000);
  moving("MemAvailable", Motion::kGauge, 5688000, 2000);
  for (const char* name : {"Buffers", "Dirty", "KernelStack", "PageTables", "SReclaimable",
                           "SUnreclaim", "Shmem", "Writeback"}) {
    moving(name, Motion::kRareGauge, 13000, 40);
  }
  moving("MemTotal", Motion::kConstant, 25274793984, 0);
  out->AddConstants(
      "node_memory_",
      {"AnonHugePages_bytes",  "Balloon_bytes",      "Bounce_bytes",        "CommitLimit_bytes",
       "DirectMap1G_bytes",    "DirectMap2M_bytes",  "FileHugePages_bytes", "HugePages_Free",
       "HugePages_Rsvd",       "HugePages_Surp",     "HugePages_Total",     "Hugepagesize_bytes",
       "Hugetlb_bytes",        "Mlocked_bytes",      "NFS_Unstable_bytes",  "Percpu_bytes",
       "ShmemPmdMapped_bytes", "SwapCached_bytes",   "SwapFree_bytes",      "SwapTotal_bytes",
       "Unevictable_bytes",    "VmallocTotal_bytes", "VmallocUsed_bytes",   "Zswap_bytes"},
      2097152);
}

void AddDisks(Metrics* out) {
  const Names busy = {"sda"};
  const Names idle = {"sdb", "sdc"};
  const auto both = [&](const char* name, Motion motion, Scale scale, double change) {
    const std::string full = fmt::format("node_disk_{}", name);
    out->Add(full, motion, scale, 149113, change, "device", busy);
    out->Add(full, Motion::kConstant, kOne, 0, 0, "device", idle);
  };
  both("read_bytes_total", Motion::kCounter, kSectors, 300);
  both("written_bytes_total", Motion::kCounter, kSectors, 900);
  both("reads_completed_total", Motion::kCounter, kOne, 20);
  both("writes_completed_total", Motion::kCounter, kOne, 60);
  both("writes_merged_total", Motion::kCounter, kOne, 25);
  both("reads_merged_total", Motion::kRareCounter, kOne, 3);
  both("io_time_seconds_total", Motion::kCounter, kThousandths, 40);
  both("io_time_weighted_seconds_total", Motion::kCounter, kThousandths, 90);
  both("read_time_seconds_total", Motion::kCounter, kThousandths, 20);
  both("write_time_seconds_total", Motion::kCounter, kThousandths, 70);
  both("io_now", Motion::kRareGauge, kOne, 1);
  both("discards_completed_total", Motion::kConstant, kOne, 0);
  both("flush_requests_total", Motion::kRareCounter, kOne, 2);
  const Names mounts = {"/", "/boot", "/var"};
  out->Add("node_filesystem_avail_bytes", Motion::kGauge, kPages, 18147000, 60, "mountpoint",
           mounts);
  out->Add("node_filesystem_files_free", Motion::kRareGauge, kOne, 16167131, 9, "mountpoint",
           mounts);
  out->AddConstants("node_filesystem_", {"device_error", "files", "readonly", "size_bytes"},
                    270553174016, "mountpoint", mounts);
}

void AddNetwork(Metrics* out) {
  const Names devices = {"eth0", "eth1", "lo"};
  for (const char* name : {"receive", "transmit"}) {
    const std::string prefix = fmt::format("node_network_{}_", name);
    out->Add(prefix + "bytes_total", Motion::kCounter, kOne, 355748769, 90000, "device", {"eth0"});
    out->Add(prefix + "packets_total", Motion::kCounter, kOne, 81610, 120, "device", {"eth0"});
    out->AddConstants(prefix, {"bytes_total", "packets_total"}, 0, "device", {"eth1", "lo"});
    out->AddConstants(prefix, {"errs_total", "drop_total", "fifo_total", "compressed_total"}, 0,
                      "device", devices);
  }
  out->AddConstants(
      "node_network_",
      {"address_assign_type", "carrier", "carrier_changes_total", "carrier_down_changes_total",
       "carrier_up_changes_total", "device_id", "dormant", "flags", "iface_id", "iface_link",
       "iface_link_mode", "mtu_bytes", "net_dev_group", "protocol_type", "receive_frame_total",
       "receive_multicast_total", "transmit_queue_length", "up"},
      1, "device", devices);
  for (const char* name : {"IpExt_InOctets", "IpExt_OutOctets", "Tcp_InSegs", "Tcp_OutSegs"}) {
    out->Add(fmt::format("node_netstat_{}", name), Motion::kCounter, kOne, 75878, 150);
  }
  for (const char* name : {"Tcp_ActiveOpens", "Tcp_OutRsts", "Tcp_PassiveOpens", "Tcp_RetransSegs",
                           "Udp_InDatagrams", "Udp_OutDatagrams"}) {
    out->Add(fmt::format("node_netstat_{}", name), Motion::kRareCounter, kOne, 2857, 2);
  }
  out->AddConstants("node_nf_conntrack_stat_",
                    {"drop", "early_drop", "found", "ignore", "insert", "insert_failed", "invalid"},
                    0);
  out->AddConstants("node_", {"udp_queues"}, 0, "queue", {"rx", "tx"});
  out->AddConstants("node_", {"arp_entries"}, 2, "device", devices);
  out->AddConstants("node_netstat_",
                    {"Icmp6_InErrors", "Icmp_InErrors", "Ip_Forwarding", "TcpExt_ListenDrops",
                     "TcpExt_SyncookiesSent", "Tcp_InErrs", "Udp6_InErrors", "Udp_NoPorts"},
                    0);
  for (const char* name : {"TCP_alloc", "TCP_inuse", "TCP_tw", "sockets_used"}) {
    out->Add(fmt::format("node_sockstat_{}", name), Motion::kRareGauge, kOne, 1915, 5);
  }
  out->AddConstants("node_sockstat_",
                    {"FRAG6_inuse", "FRAG_inuse", "RAW6_inuse", "RAW_inuse", "TCP6_inuse",
                     "TCP_mem", "TCP_orphan", "UDP6_inuse", "UDP_inuse", "UDP_mem"},
                    0);
}

void AddSystem(Metrics* out) {
  for (const char* name : {"node_load1", "node_load5", "node_load15"}) {
    out->Add(name, Motion::kGauge, kHundredths, 231, 20);
  }
  out->Add("node_time_seconds", Motion::kClock, kOne, 0, 0);
  for (const char* name : {"node_context_switches_total", "node_intr_total", "node_vmstat_pgfault",
                           "node_vmstat_pgpgin", "node_vmstat_pgpgout"}) {
    out->Add(name, Motion::kCounter, kOne, 3985919, 2500);
  }
  out->Add("node_forks_total", Motion::kCounter, kOne, 38130, 4);
  out->Add("node_procs_running", Motion::kGauge, kOne, 5, 2);
  out->Add("node_filefd_allocated", Motion::kRareGauge, kOne, 3124, 30);
  out->Add("node_pressure_cpu_waiting_seconds_total", Motion::kCounter, {1, 1e6}, 428417773, 40000);
  out->Add("node_pressure_io_waiting_seconds_total", Motion::kRareCounter, {1, 1e6}, 12349727, 900);
  out->AddConstants("node_",
                    {"boot_time_seconds", "entropy_available_bits", "filefd_maximum",
                     "nf_conntrack_entries", "nf_conntrack_entries_limit", "procs_blocked",
                     "selinux_enabled", "textfile_scrape_error", "time_zone_offset_seconds",
                     "vmstat_oom_kill", "vmstat_pgmajfault", "vmstat_pswpin", "vmstat_pswpout"},
                    256);
  out->AddConstants(
      "node_timex_",
      {"estimated_error_seconds", "frequency_adjustment_ratio", "loop_time_constant",
       "maxerror_seconds", "offset_seconds", "pps_calibration_total", "pps_error_total",
       "pps_frequency_hertz", "pps_jitter_seconds", "status", "sync_status", "tai_offset_seconds"},
      16);
}

void AddExporter(Metrics* out) {
  const Names collectors = {
      "arp",       "bcache",  "bonding", "btrfs",    "conntrack", "cpu",        "cpufreq",
      "diskstats", "dmi",     "edac",    "entropy",  "filefd",    "filesystem", "hwmon",
      "ipvs",      "loadavg", "mdadm",   "meminfo",  "netclass",  "netdev",     "netstat",
      "nfs",       "nvme",    "os",      "pressure", "rapl",      "schedstat",  "sockstat",
      "softnet",   "stat",    "systemd", "textfile", "time",      "timex",      "udp_queues",
      "uname",     "vmstat",  "xfs",     "zfs"};
  out->Add("node_scrape_collector_duration_seconds", Motion::kDuration, kNanoseconds, 60000, 0,
           "collector", collectors);
  out->AddConstants("node_scrape_collector_", {"success"}, 1, "collector", collectors);
  for (const char* name : {"alloc_bytes", "heap_alloc_bytes", "heap_inuse_bytes", "heap_objects"}) {
    out->Add(fmt::format("go_memstats_{}", name), Motion::kGauge, {8, 1}, 170550, 20000);
  }
  for (const char* name : {"alloc_bytes_total", "frees_total", "mallocs_total"}) {
    out->Add(fmt::format("go_memstats_{}", name), Motion::kCounter, {8, 1}, 78921226, 30000);
  }
  out->AddConstants("go_memstats_",
                    {"buck_hash_sys_bytes", "gc_sys_bytes", "heap_sys_bytes", "lookups_total",
                     "mcache_inuse_bytes", "mcache_sys_bytes", "mspan_sys_bytes", "other_sys_bytes",
                     "stack_inuse_bytes", "sys_bytes"},
                    15600);
  out->Add("process_cpu_seconds_total", Motion::kCounter, kHundredths, 704, 0.5);
  out->Add("process_resident_memory_bytes", Motion::kRareGauge, kPages, 5416, 20);
  out->Add("go_gc_duration_seconds", Motion::kRareGauge, kNanoseconds, 35806, 9000, "quantile",
           {"0", "0.25", "0.5", "0.75", "1"});
  out->Add("go_goroutines", Motion::kRareGauge, kOne, 8, 2);
  out->AddConstants("go_", {"info", "threads"}, 8);
  out->AddConstants("promhttp_metric_handler_", {"requests_total"}, 3, "code",
                    {"200", "500", "503"});
  out->AddConstants("process_", {"max_fds", "start_time_seconds", "virtual_memory_bytes"}, 20000);
  out->AddConstants("", {"up"}, 1);
}

}  // namespace

std::vector<SeriesTemplate> ServiceMetrics() {
  Metrics metrics;
  const std::string name = "http_request_duration_seconds";
  metrics.Add(name + "_bucket", Motion::kFirstBucket, kOne, 0, 2, "le", {"0.005"});
  metrics.Add(name + "_bucket", Motion::kBucket, kOne, 0, 1, "le",
              {"0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"});
  metrics.Add(name + "_count", Motion::kHistogramCount, kOne, 0, 0);
  metrics.Add(name + "_sum", Motion::kCounter, kNanoseconds, 0, 1.3e9);
  return metrics.Take();
}

std::vector<SeriesTemplate> NodeMetrics() {
  Metrics metrics;
  AddCpu(&metrics);
  AddMemory(&metrics);
  AddDisks(&metrics);
  AddNetwork(&metrics);
  AddSystem(&metrics);
  AddExporter(&metrics);
  return metrics.Take();
}

}  // namespace tidegate::bench
