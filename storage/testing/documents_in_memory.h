// Documents without a store, for tests.
#ifndef TIDEGATE_STORAGE_TESTING_DOCUMENTS_IN_MEMORY_H_
#define TIDEGATE_STORAGE_TESTING_DOCUMENTS_IN_MEMORY_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/documents.h"

namespace tidegate::storage {

// Behaves as the store's do, and fails when it is told to. Thread safe.
class DocumentsInMemory final : public Documents {
 public:
  // All further calls, until it is ok again.
  void Fail(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }

  absl::StatusOr<Document> Get(std::string_view key) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    const auto found = documents_.find(std::string(key));
    if (found == documents_.end()) return absl::NotFoundError("no such document");
    return found->second;
  }

  absl::StatusOr<std::vector<Document>> List(std::string_view prefix, std::string_view after,
                                             size_t limit) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    std::vector<Document> found;
    for (const auto& [key, document] : documents_) {
      if (!key.starts_with(prefix) || key <= after) continue;
      found.push_back(document);
      if (found.size() == limit) break;
    }
    return found;
  }

  absl::Status Commit(const std::vector<DocumentWrite>& writes) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    for (const DocumentWrite& write : writes) {
      const auto found = documents_.find(write.key);
      const uint64_t version = found == documents_.end() ? 0 : found->second.version;
      if (write.expected_version.has_value() && *write.expected_version != version) {
        return absl::AbortedError("another version");
      }
    }
    for (const DocumentWrite& write : writes) {
      if (write.value.has_value()) {
        documents_[write.key] = {write.key, *write.value, ++last_version_};
      } else {
        documents_.erase(write.key);
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_version_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Document> documents_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_TESTING_DOCUMENTS_IN_MEMORY_H_
