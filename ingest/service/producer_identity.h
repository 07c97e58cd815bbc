// The name under which one life of an ingester hands over to the store (docs/adr/0007).
#ifndef TIDEGATE_INGEST_SERVICE_PRODUCER_IDENTITY_H_
#define TIDEGATE_INGEST_SERVICE_PRODUCER_IDENTITY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::ingest {

// Every start draws a new id and registers it with the store in the place of the last one. So an
// ingester that was started from a copy of the directory, or that still runs beside one, finds its
// id unknown and goes on under one of its own: none of both loses what it holds.
//
// DIRECTORY/producer_id: ids of sixteen hex digits, each followed by a space, the newest first,
// then sixteen digits of the checksum (XXH3-64) of all before, and a newline. More than one id
// means that a start was cut short and the store may know either.
//
// Used by one thread at a time.
class ProducerIdentity {
 public:
  // `new_id_fn` draws ids that differ from those of all other ingesters of the store.
  ProducerIdentity(std::string directory, std::function<uint64_t()> new_id_fn)
      : directory_(std::move(directory)), new_id_fn_(std::move(new_id_fn)) {}

  // Reads the file and draws this life's id. A damaged file is logged and counts as none.
  // Unavailable when it cannot be read. Called once, before the rest.
  absl::Status Load();

  // Registers this life's id in the place of the last one's and returns the log position up to
  // which the store has what this directory logged; zero in a new directory. NotFound when the
  // store does not know the last one: then only Renew helps. The store's errors; ResourceExhausted
  // also when the file cannot be written on a full disk. Repeatable.
  absl::StatusOr<storage::LogPosition> Register(const model::RequestContext& context,
                                                storage::Store* store);
  // Draws another id and registers it without a predecessor: the store takes whatever it hands
  // over.
  absl::Status Renew(const model::RequestContext& context, storage::Store* store);

  // Of this life.
  uint64_t id() const { return id_; }
  // False when there was no file, or a damaged one.
  bool has_predecessor() const { return !predecessors_.empty(); }

 private:
  const std::string directory_;
  const std::function<uint64_t()> new_id_fn_;
  uint64_t id_ = 0;
  std::vector<uint64_t> predecessors_;  // Newest first.
};

// For ProducerIdentity and its tests. The ids of the file: NotFound when there is none, DataLoss
// when it is damaged, Unavailable when it cannot be read.
absl::StatusOr<std::vector<uint64_t>> ReadProducerIds(const std::string& directory);
// Replaces the file atomically and durably (new file, sync, rename, sync of the directory).
absl::Status WriteProducerIds(const std::string& directory, const std::vector<uint64_t>& ids);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PRODUCER_IDENTITY_H_
