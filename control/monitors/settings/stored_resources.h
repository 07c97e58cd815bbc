// JSON objects of tenants in documents.
#ifndef TIDEGATE_CONTROL_MONITORS_SETTINGS_STORED_RESOURCES_H_
#define TIDEGATE_CONTROL_MONITORS_SETTINGS_STORED_RESOURCES_H_

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "control/monitoring.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

// Written with every change of what monitors are evaluated by: its version tells that there is
// something new.
inline constexpr std::string_view kMonitoringChanges = "monitoring_changes";

absl::StatusOr<uint64_t> MonitoringVersion(storage::Documents* documents);

// What lies in a document. DataLoss when it is no object.
absl::StatusOr<boost::json::object> StoredObject(const storage::Document& document);

// COLLECTION/TENANT/ID holds the object in the form of the API, with its id. What differs between
// kinds is in the private methods. Thread safe.
class StoredResources : public Resources {
 public:
  absl::StatusOr<std::string> List(const std::string& tenant) final;
  absl::StatusOr<std::string> Get(const std::string& tenant, const std::string& id) final;
  absl::StatusOr<std::string> Create(const std::string& tenant, std::string_view body) final;
  absl::StatusOr<std::string> Update(const std::string& tenant, const std::string& id,
                                     std::string_view body) final;
  absl::StatusOr<std::string> Delete(const std::string& tenant, const std::string& id) final;

 protected:
  // Everything must outlive it.
  StoredResources(std::string_view collection, storage::Documents* documents,
                  const model::Clock* clock)
      : collection_(collection), documents_(*documents), clock_(*clock) {}

  storage::Documents& documents() { return documents_; }
  const model::Clock& clock() const { return clock_; }
  std::string KeyOf(const std::string& tenant, const std::string& id) const;
  absl::StatusOr<std::vector<boost::json::object>> All(const std::string& tenant);
  // The writes, with the one that says that something has changed.
  absl::Status Commit(std::vector<storage::DocumentWrite> writes);

 private:
  // What is stored for this body, without the id; `previous` is what it replaces. InvalidArgument.
  virtual absl::StatusOr<boost::json::object> Read(const std::string& tenant,
                                                   const boost::json::object& body,
                                                   const boost::json::object* previous) = 0;
  // Further writes of the same transaction.
  virtual absl::Status OnCreate(const std::string& tenant, const boost::json::object& body,
                                const std::string& id, std::vector<storage::DocumentWrite>* writes);
  virtual absl::Status OnDelete(const std::string& tenant, const boost::json::object& object,
                                std::vector<storage::DocumentWrite>* writes);
  // The order of lists; by id unless told otherwise.
  virtual bool Before(const boost::json::object& a, const boost::json::object& b) const;
  // Refuses more of them with FailedPrecondition. 0 = any number.
  virtual size_t MaxCount(const std::string& tenant) const = 0;
  // It did.
  virtual void CountRefusal(const std::string& tenant) { (void)tenant; }
  // "monitor", for texts.
  virtual std::string_view Noun() const = 0;
  // Objects that are there without having been made.
  virtual absl::Status EnsureBorn(const std::string& tenant) {
    (void)tenant;
    return absl::OkStatus();
  }
  // What clients are not shown.
  virtual void Hide(boost::json::object* object) const { (void)object; }

  absl::StatusOr<storage::Document> Find(const std::string& tenant, const std::string& id);
  std::string Shown(boost::json::object object) const;

  const std::string_view collection_;
  storage::Documents& documents_;
  const model::Clock& clock_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_SETTINGS_STORED_RESOURCES_H_
