// Why a scrape failed.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPE_FAULT_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPE_FAULT_H_

#include <string>

#include "control/targets.h"

namespace tidegate::control {

// kNone: it did not.
struct ScrapeFault {
  ScrapeResult result = ScrapeResult::kSuccess;
  std::string text;

  bool ok() const { return result == ScrapeResult::kSuccess; }
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPE_FAULT_H_
