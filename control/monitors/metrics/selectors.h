// Series of posted values as PromQL selectors.
#ifndef TIDEGATE_CONTROL_MONITORS_METRICS_SELECTORS_H_
#define TIDEGATE_CONTROL_MONITORS_METRICS_SELECTORS_H_

#include <string>
#include <string_view>
#include <vector>

namespace tidegate::control {

// A regular expression that matches exactly these texts.
std::string AnyOf(const std::vector<std::string>& texts);

// A regular expression for a metric's name in which * and # stand for one part between dots.
std::string WildcardPattern(std::string_view metric);
bool HasWildcard(std::string_view metric);

// {__name__="METRIC",LABEL="VALUE"}, with =~ where the metric has a wildcard.
std::string SelectorOf(std::string_view metric, std::string_view label, std::string_view value);
// The same of any of these values.
std::string SelectorOfAny(std::string_view metric, std::string_view label,
                          const std::vector<std::string>& values);
// The same of all that have the label.
std::string SelectorOfAll(std::string_view metric, std::string_view label);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_METRICS_SELECTORS_H_
