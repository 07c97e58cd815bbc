#include "model/metrics/decaying_reservoir.h"

#include <algorithm>
#include <cmath>

namespace tidegate::model {
namespace {

struct Weighted {
  double value;
  double weight;  // All together 1.
};

// SplitMix64: good enough to sample with, and eight bytes instead of a Mersenne twister's 2,500.
uint64_t NextRandom(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// In (0, 1].
double NextUniform(uint64_t* state) {
  return static_cast<double>((NextRandom(state) >> 11) + 1) * 0x1p-53;
}

// The least value that, with all below it, has this share of the weight.
double Quantile(const std::vector<Weighted>& sorted, double share) {
  constexpr double kRounding = 1e-9;  // Of the sum of a thousand weights.
  double sum = 0;
  for (const Weighted& entry : sorted) {
    sum += entry.weight;
    if (sum >= share - kRounding) return entry.value;
  }
  return sorted.back().value;
}

}  // namespace

void DecayingReservoir::Update(double value, absl::Duration now) {
  const auto lower = [](const Entry& a, const Entry& b) { return a.log_priority > b.log_priority; };
  absl::MutexLock lock(&mutex_);
  ++count_;
  // Whole seconds, so that values of one burst weigh the same. Logarithms do not overflow, however
  // long the process runs.
  const double age = std::floor(absl::ToDoubleSeconds(now - start_));
  Entry entry{0, kAlpha * age, value};
  entry.log_priority = entry.log_weight - std::log(NextUniform(&random_state_));
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end(), lower);
  if (heap_.size() <= kSize) return;
  std::pop_heap(heap_.begin(), heap_.end(), lower);
  log_threshold_ = std::max(log_threshold_, heap_.back().log_priority);
  heap_.pop_back();
}

ValueFigures DecayingReservoir::Figures() const {
  ValueFigures figures;
  std::vector<Weighted> sorted;
  {
    absl::MutexLock lock(&mutex_);
    figures.count = count_;
    sorted.reserve(heap_.size());
    // A kept value also stands for those like it that were left out.
    for (const Entry& entry : heap_) {
      sorted.push_back({entry.value, std::max(entry.log_weight, log_threshold_)});
    }
  }
  if (sorted.empty()) return figures;
  std::sort(sorted.begin(), sorted.end(),
            [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  double newest = sorted.front().weight;
  for (const Weighted& entry : sorted) newest = std::max(newest, entry.weight);
  double sum = 0;
  for (Weighted& entry : sorted) sum += entry.weight = std::exp(entry.weight - newest);
  for (Weighted& entry : sorted) {
    entry.weight /= sum;
    figures.mean += entry.weight * entry.value;
  }
  double variance = 0;
  for (const Weighted& entry : sorted) {
    variance += entry.weight * (entry.value - figures.mean) * (entry.value - figures.mean);
  }
  figures.stddev = std::sqrt(variance);
  figures.min = sorted.front().value;
  figures.max = sorted.back().value;
  figures.p50 = Quantile(sorted, 0.5);
  figures.p75 = Quantile(sorted, 0.75);
  figures.p95 = Quantile(sorted, 0.95);
  figures.p98 = Quantile(sorted, 0.98);
  figures.p99 = Quantile(sorted, 0.99);
  figures.p999 = Quantile(sorted, 0.999);
  return figures;
}

}  // namespace tidegate::model
