// Who has used how much of the processors lately, and who has used more than the others.
#ifndef TIDEGATE_QUERY_SERVICE_TENANT_USE_H_
#define TIDEGATE_QUERY_SERVICE_TENANT_USE_H_

#include <cstddef>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace tidegate::query {

// Use is processor time; what was used a second ago counts a third. A tenant asks while it has
// queries at work and for 200 ms afterwards, because clients pause between queries; ten seconds
// later it is forgotten. No call looks at all tenants: each costs a logarithm of their number, and
// at most a constant number of forgotten ones. Owned by one thread at a time; times of all calls
// should not go backwards.
class TenantUse {
 public:
  class Tenant;  // Stays where it is from Enter to the last Leave of that name.

  // A query of the tenant begins, and ends.
  Tenant* Enter(const std::string& name, absl::Time now);
  void Leave(Tenant* tenant, absl::Time now);

  void Charge(Tenant* tenant, absl::Duration cpu, absl::Time now);

  // Whether the tenant used more than half of an even share of so many processors, and more than
  // twice what another one used that asks.
  bool IsExcessive(const Tenant& tenant, unsigned processors, absl::Time now);

  static bool UsedLess(const Tenant& a, const Tenant& b);

  // Those that are remembered.
  size_t size() const { return tenants_.size(); }

 private:
  using Key = std::pair<double, const std::string*>;

  void Forget(absl::Time now);
  // A use that all tenants' can be compared with at any time.
  double Level(double seconds, absl::Time now) const;
  double SecondsAt(const Tenant& tenant, absl::Time now) const;
  double SinceOrigin(absl::Time now) const;

  std::map<std::string, Tenant> tenants_;
  std::set<Key> asking_;        // By level.
  std::list<Tenant*> resting_;  // No query at work, still asking; the oldest first.
  std::list<Tenant*> gone_;     // Not asking; the oldest first.
  absl::Time origin_ = absl::InfinitePast();
};

class TenantUse::Tenant {
 private:
  friend class TenantUse;

  const std::string* name = nullptr;
  // The logarithm of the seconds used, plus the time until which they have decayed. Decay lowers
  // everybody's seconds by the same factor, so that it leaves this as it is.
  double level = 0;
  int queries = 0;
  absl::Time rests_since;
  std::list<Tenant*>* list = nullptr;  // The one that holds it while it has no queries.
  std::list<Tenant*>::iterator place;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_TENANT_USE_H_
