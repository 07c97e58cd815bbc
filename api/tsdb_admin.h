// What the admin/tsdb endpoints call.
#ifndef TIDEGATE_API_TSDB_ADMIN_H_
#define TIDEGATE_API_TSDB_ADMIN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "model/request_context.h"
#include "model/sample.h"

namespace tidegate::api {

// Thread safe.
struct TsdbAdmin {
  using Selections = std::vector<std::vector<model::CompiledMatcher>>;

  // Hides everything that is stored so far, unsealed data included, in the range (both ends).
  std::function<absl::Status(const model::RequestContext&, const Selections&, model::TimeRange)>
      delete_series;
  std::function<absl::Status(const model::RequestContext&)> clean_tombstones;
  // The name of the new snapshot; with `skip_head` without what is not sealed yet.
  std::function<absl::StatusOr<std::string>(const model::RequestContext&, bool skip_head)> snapshot;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TSDB_ADMIN_H_
