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
#include "storage/log_source.h"

namespace tidegate::storage {

// Samples and exemplars to hide: those in the range (both ends included) of metric series that all
// matchers match.
struct Deletion {
  std::vector<model::CompiledMatcher> matchers;  // At least one.
  model::TimeRange range;
};

// Log entries to hide: those in the range (both ends included) of streams that all matchers match,
// in whose line all tests hold.
struct LogDeletion {
  std::vector<model::CompiledMatcher> matchers;  // At least one.
  model::TimeRange range;
  std::vector<LineTest> tests;  // None = every line.
  std::string query;            // As it was asked for; told by LogDeletions.
  model::TimestampMs created_at = 0;
  model::TimestampMs final_at = 0;  // Until then it can be cancelled, and nothing is removed.
};

// A deletion of log entries as the store remembers it.
struct LogDeletionRecord {
  std::string id;
  std::string query;
  model::TimeRange range;
  model::TimestampMs created_at = 0;
  model::TimestampMs final_at = 0;

  friend bool operator==(const LogDeletionRecord&, const LogDeletionRecord&) = default;
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
  // The same for log entries; returns the id of the deletion. InvalidArgument when a test does not
  // compile.
  virtual absl::StatusOr<std::string> DeleteLogs(const model::RequestContext& context,
                                                 const LogDeletion& deletion) = 0;
  // Of the context's tenant, oldest first. One that hides nothing any more is remembered for 30
  // days.
  virtual absl::StatusOr<std::vector<LogDeletionRecord>> LogDeletions(
      const model::RequestContext& context) = 0;
  // What it hid is there again. NotFound: the tenant has no such deletion; FailedPrecondition: it
  // is final.
  virtual absl::Status CancelLogDeletion(const model::RequestContext& context,
                                         const std::string& id) = 0;
  // Writes every segment anew that holds hidden data, of all tenants, but for what can still be
  // cancelled. Takes as long as a merge of them.
  virtual absl::Status CleanTombstones(const model::RequestContext& context) = 0;
  // Makes a consistent copy of everything sealed, with hard links where the file system has them,
  // and returns its name: a folder of the snapshot directory that can be used as --storage_dir.
  virtual absl::StatusOr<std::string> Snapshot(const model::RequestContext& context) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_ADMIN_H_
