#include "query/vector/statistics.h"

#include <algorithm>
#include <cmath>

namespace tidegate::query {

void RunningMean::Add(double value) {
  ++count_;
  if (count_ == 1) {
    sum_.sum = value;
    return;
  }
  if (!incremental_) {
    KahanSum next = sum_;
    next.Add(value);
    if (!std::isinf(next.sum)) {
      sum_ = next;
      return;
    }
    incremental_ = true;
    sum_.sum /= count_ - 1;
    sum_.compensation /= count_ - 1;
  }
  const double share = (count_ - 1) / count_;
  sum_.sum *= share;
  sum_.compensation *= share;
  sum_.Add(value / count_);
}

double RunningMean::Mean() const {
  if (incremental_) return sum_.Total();
  return sum_.sum / count_ + sum_.compensation / count_;
}

double Quantile(double q, std::vector<double>* values) {
  std::sort(values->begin(), values->end(), [](double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && !std::isnan(b);
    return a < b;
  });
  return QuantileOfSorted(q, *values);
}

double Variance(std::span<const double> values) {
  double count = 0;
  KahanSum mean;
  KahanSum squares;
  for (const double value : values) {
    ++count;
    const double delta = value - mean.Total();
    mean.Add(delta / count);
    squares.Add(delta * (value - mean.Total()));
  }
  return squares.Total() / count;
}

}  // namespace tidegate::query
