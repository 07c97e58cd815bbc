// Where pools of targets come from.
#ifndef TIDEGATE_CONTROL_SCRAPE_POOL_SOURCE_H_
#define TIDEGATE_CONTROL_SCRAPE_POOL_SOURCE_H_

#include <memory>
#include <vector>

#include "control/scrape/target.h"

namespace tidegate::control {

// Owned by one thread.
class PoolSource {
 public:
  virtual ~PoolSource() = default;
  // Looks whether something has changed; true when it has. What cannot be read stays as it was.
  virtual bool Refresh() = 0;
  virtual const std::vector<std::shared_ptr<const Pool>>& pools() const = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_POOL_SOURCE_H_
