// Makes a database writable again after a write failed. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_RECOVERY_H_
#define TIDEGATE_STORAGE_ROCKS_RECOVERY_H_

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "storage/rocks/database.h"

namespace tidegate::storage {

inline constexpr absl::Duration kFirstReopenDelay = absl::Milliseconds(50);
inline constexpr absl::Duration kLongestReopenDelay = absl::Seconds(10);

// A thread that waits for Database::failed. Then, with a growing delay: as soon as the disk takes a
// file of the reserve's size, the database is closed and opened in place, which costs milliseconds.
// Readers wait meanwhile; writers are told Unavailable until it is done. While the disk takes
// nothing the database stays open and is read. Thread safe.
class Recovery {
 public:
  // `refresh_fn` runs after every opening, with the gate held for writing.
  Recovery(std::shared_ptr<Database> database, std::function<absl::Status()> refresh_fn);
  // Stops; the database stays as it is.
  ~Recovery();
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

 private:
  void Loop();
  void Recover();
  // False when it is time to stop.
  bool Sleep(absl::Duration delay);
  absl::Status Probe() const;
  absl::Status Reopen();

  const std::shared_ptr<Database> database_;
  const std::function<absl::Status()> refresh_fn_;
  bool stop_ = false;  // Guarded by the database's failure_mutex.
  std::thread thread_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_RECOVERY_H_
