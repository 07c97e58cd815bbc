// What a target is asked for, and what it says that it answered with.
#ifndef TIDEGATE_CONTROL_SCRAPE_CONTENT_TYPE_H_
#define TIDEGATE_CONTROL_SCRAPE_CONTENT_TYPE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "control/scrape/scrape_config.h"

namespace tidegate::control {

// The Accept field for these formats, most wanted first, as Prometheus 3 writes it.
std::string AcceptField(const std::vector<ScrapeProtocol>& protocols);

// The format of an answer. InvalidArgument with Prometheus' texts when the type is missing or is
// none of an exposition, and there is no fallback.
absl::StatusOr<ScrapeProtocol> ProtocolOf(std::string_view content_type,
                                          std::optional<ScrapeProtocol> fallback);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_CONTENT_TYPE_H_
