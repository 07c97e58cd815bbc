// Where outgoing requests of a tenant may go: scrape targets, webhooks, external monitors,
// discovery.
#ifndef TIDEGATE_MODEL_OUTBOUND_RULES_H_
#define TIDEGATE_MODEL_OUTBOUND_RULES_H_

#include <vector>

#include "model/ip_range.h"

namespace tidegate::model {

// Of all ranges that contain an address the one with the longest prefix decides, `deny` at a tie.
// An address in none of them may be reached when `allow` is empty. control/outbound adds what is
// denied by default.
struct OutboundRules {
  std::vector<IpRange> allow;
  std::vector<IpRange> deny;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_OUTBOUND_RULES_H_
