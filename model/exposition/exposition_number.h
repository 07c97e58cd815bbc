// Numbers as expositions write them.
#ifndef TIDEGATE_MODEL_EXPOSITION_EXPOSITION_NUMBER_H_
#define TIDEGATE_MODEL_EXPOSITION_EXPOSITION_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace tidegate::model {

// A decimal float, or inf, infinity, nan in any case, with a sign or without: what Go's ParseFloat
// takes, less the hexadecimal and underscored forms that Prometheus refuses
// (prometheus/model/textparse, parseFloat). Every NaN becomes the ordinary one. Nothing when it is
// malformed or too large; what is too small is zero.
std::optional<double> ParseExpositionFloat(std::string_view text);

// A decimal integer with a sign or without.
std::optional<int64_t> ParseExpositionInteger(std::string_view text);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_EXPOSITION_NUMBER_H_
