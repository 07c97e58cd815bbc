#include "control/monitors/checks/percent_metric.h"

#include <algorithm>

namespace tidegate::control {
namespace {

using Parts = std::map<std::string, double>;

std::optional<double> Find(const Parts& parts, const std::string& name) {
  const auto found = parts.find(name);
  return found == parts.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Share(std::optional<double> part, std::optional<double> whole) {
  if (!part.has_value() || !whole.has_value() || *whole <= 0) return std::nullopt;
  return 100 * *part / *whole;
}

std::optional<double> Cpu(const Parts& parts) {
  double all = 0;
  for (const auto& [name, value] : parts) {
    if (name != "cpu.guest.percentage") all += value;
  }
  if (parts.empty()) return std::nullopt;
  const auto idle = Find(parts, "cpu.idle.percentage");
  return idle.has_value() ? Share(all - *idle, all) : std::optional(all);
}

std::optional<double> Memory(const Parts& parts) {
  const auto total = Find(parts, "memory.total");
  auto used = Find(parts, "memory.used");
  if (!used.has_value() && total.has_value()) {
    if (const auto available = Find(parts, "memory.available"); available.has_value()) {
      used = *total - *available;
    } else if (const auto free = Find(parts, "memory.free"); free.has_value()) {
      used = *total - *free - Find(parts, "memory.buffers").value_or(0) -
             Find(parts, "memory.cached").value_or(0);
    }
  }
  return Share(used, total);
}

std::optional<double> Swap(const Parts& parts) {
  const auto total = Find(parts, "memory.swap_total");
  auto used = Find(parts, "memory.swap_used");
  const auto free = Find(parts, "memory.swap_free");
  if (!used.has_value() && total.has_value() && free.has_value()) used = *total - *free;
  return Share(used, total);
}

// Of all X with PREFIX.X.PART and PREFIX.X.WHOLE.
std::optional<double> Worst(const Parts& parts, const std::string& part, const std::string& whole,
                            bool above) {
  std::optional<double> worst;
  for (const auto& [name, value] : parts) {
    if (!name.ends_with(part)) continue;
    const auto share = Share(value, Find(parts, name.substr(0, name.size() - part.size()) + whole));
    if (!share.has_value()) continue;
    if (!worst.has_value() || (above ? *share > *worst : *share < *worst)) worst = share;
  }
  return worst;
}

}  // namespace

std::string PartsPattern(std::string_view percent_metric) {
  if (percent_metric == "cpu%") {
    return "cpu\\.(user|nice|system|idle|iowait|irq|softirq|steal|guest)\\.percentage";
  }
  if (percent_metric == "memory%") return "memory\\.(total|used|available|free|buffers|cached)";
  if (percent_metric == "swap%") return "memory\\.swap_(total|used|free)";
  if (percent_metric == "disk%") return "filesystem\\.[^.]+\\.(size|used)";
  if (percent_metric == "container-cpu%") return "container\\.cpu\\.[^.]+\\.(usage|limit)";
  return "container\\.memory\\.[^.]+\\.(usage|limit)";
}

std::optional<double> PercentOf(std::string_view percent_metric, const Parts& parts, bool above) {
  if (percent_metric == "cpu%") return Cpu(parts);
  if (percent_metric == "memory%") return Memory(parts);
  if (percent_metric == "swap%") return Swap(parts);
  if (percent_metric == "disk%") return Worst(parts, ".used", ".size", above);
  return Worst(parts, ".usage", ".limit", above);
}

}  // namespace tidegate::control
