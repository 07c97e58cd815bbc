// Small durable documents with transactions: catalogue, metadata, rules, keys, leases.
#ifndef TIDEGATE_STORAGE_DOCUMENTS_H_
#define TIDEGATE_STORAGE_DOCUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::storage {

struct Document {
  std::string key;
  std::string value;
  uint64_t version = 0;  // Grows with every change of this key; 0 = does not exist.
};

// One write of a transaction. With `expected_version` the whole transaction fails with Aborted
// unless the key has exactly that version (0: must not exist).
struct DocumentWrite {
  std::string key;
  std::optional<std::string> value;  // Empty optional = delete.
  std::optional<uint64_t> expected_version;
};

// Thread safe. Keys are `collection/...` paths; a collection belongs to one component. Documents of
// a tenant live under `collection/<tenant>/`.
class Documents {
 public:
  virtual ~Documents() = default;
  // NotFound when there is none.
  virtual absl::StatusOr<Document> Get(std::string_view key) = 0;
  // Ascending by key; at most `limit` (0 = all) whose key starts with `prefix` and is > `after`.
  virtual absl::StatusOr<std::vector<Document>> List(std::string_view prefix,
                                                     std::string_view after, size_t limit) = 0;
  // All or nothing, synced to disk before it returns.
  virtual absl::Status Commit(const std::vector<DocumentWrite>& writes) = 0;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_DOCUMENTS_H_
