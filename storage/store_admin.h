// What an administrator does to sealed data: deleting, cleaning up, snapshots.
#ifndef TIDEGATE_STORAGE_STORE_ADMIN_H_
#define TIDEGATE_STORAGE_STORE_ADMIN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/matcher.h"
#include "model/request_context.h"
#include "model/sample.h"

namespace tidegate::storage {

// Samples and exemplars to hide: those in the range (both ends included) of metric series that all
// matchers match.
struct Deletion {
  std::vector<model::CompiledMatcher> matchers;  // At least one.
  model::TimeRange range;
};

// Thread safe. Implemented by the store in this process and by its gRPC client.
//
// A deletion hides what is sealed when it is made, and nothing that is stored later, so that data
// can be pushed again. Whoever wants unsealed data to go too flushes the ingester first.
class StoreAdmin {
 public:
  virtual ~StoreAdmin() = default;
  // Of the context's tenant; all or nothing. Durable when it returns, and hidden from the next
  // request on. Merges leave out what is hidden.
  virtual absl::Status Delete(const model::RequestContext& context,
                              const std::vector<Deletion>& deletions) = 0;
  // Writes every segment anew that holds hidden data, of all tenants. Takes as long as a merge of
  // them.
  virtual absl::Status CleanTombstones(const model::RequestContext& context) = 0;
  // Makes a consistent copy of everything sealed, with hard links where the file system has them,
  // and returns its name: a folder of the snapshot directory that can be used as --storage_dir.
  virtual absl::StatusOr<std::string> Snapshot(const model::RequestContext& context) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_ADMIN_H_
