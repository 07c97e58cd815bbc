// The ingester's durable identity, under which the store remembers what it was handed.
#ifndef TIDEGATE_INGEST_SERVICE_PRODUCER_ID_H_
#define TIDEGATE_INGEST_SERVICE_PRODUCER_ID_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::ingest {

// Reads DIRECTORY/producer_id: sixteen hex digits, a space, and sixteen of their checksum
// (XXH3-64). NotFound when there is none, DataLoss when it is damaged, Unavailable when it cannot
// be read.
absl::StatusOr<uint64_t> ReadProducerId(const std::string& directory);

// Replaces the file atomically and durably (new file, sync, rename, sync of the directory).
absl::Status WriteProducerId(const std::string& directory, uint64_t id);

// The id that is there, or `fresh`, written down, when there is none or it is damaged. A new id is
// harmless: the log is replayed from its beginning and what the store has already is found equal.
absl::StatusOr<uint64_t> LoadOrCreateProducerId(const std::string& directory, uint64_t fresh);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PRODUCER_ID_H_
