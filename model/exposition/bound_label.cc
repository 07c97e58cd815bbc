#include "model/exposition/bound_label.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "model/exposition/exposition_number.h"

namespace tidegate::model {

std::string OpenMetricsFloat(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  char buffer[32];
  const auto end =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific).ptr;
  const std::string_view scientific(buffer, static_cast<size_t>(end - buffer));
  const size_t at = scientific.find('e');
  const int exponent = std::atoi(std::string(scientific.substr(at + 1)).c_str());
  // Go's 'g' with the shortest digits: an exponent below -4 and from 6 on.
  if (exponent < -4 || exponent >= 6) return std::string(scientific);
  const auto fixed =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed).ptr;
  const std::string plain(buffer, fixed);
  return plain.find('.') == plain.npos ? plain + ".0" : plain;
}

void NormalizeBound(MetricType type, LabelPairs* labels) {
  std::string_view wanted;
  if (type == MetricType::kHistogram) wanted = "le";
  if (type == MetricType::kSummary) wanted = "quantile";
  if (wanted.empty()) return;
  for (auto& [name, value] : *labels) {
    if (name != wanted) continue;
    if (const std::optional<double> bound = ParseExpositionFloat(value)) {
      value = OpenMetricsFloat(*bound);
    }
  }
}

}  // namespace tidegate::model
