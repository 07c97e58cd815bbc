// Numbers as people read them: Prometheus' humanize functions.
#ifndef TIDEGATE_QUERY_RULES_HUMANIZE_H_
#define TIDEGATE_QUERY_RULES_HUMANIZE_H_

#include <string>

namespace tidegate::query {

// 1234567 = "1.235M", 0.0123 = "12.3m".
std::string Humanize(double value);
// 2048 = "2ki".
std::string Humanize1024(double value);
// Of seconds: 3661 = "1h 1m 1s", 0.0123 = "12.3ms".
std::string HumanizeDuration(double seconds);
// 0.1234 = "12.34%".
std::string HumanizePercentage(double ratio);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_RULES_HUMANIZE_H_
