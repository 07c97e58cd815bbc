// Reads the stream of an open chunk back into columns.
#ifndef TIDEGATE_STORAGE_CHUNK_CHUNK_DECODER_H_
#define TIDEGATE_STORAGE_CHUNK_CHUNK_DECODER_H_

#include <string_view>
#include <vector>

#include "model/sample.h"
#include "storage/chunk/open_chunk.h"

namespace tidegate::storage::chunk {

// Appends the samples of a chunk to the two columns, ascending. `chunk` is a copy of the state and
// `stream` what its CopyStream appended at that moment, so both can be taken under a lock and
// decoded outside. Any bytes are safe; foreign ones give foreign samples, always chunk.count()
// many.
void DecodeChunk(const OpenChunk& chunk, std::string_view stream,
                 std::vector<model::TimestampMs>* timestamps, std::vector<double>* values);

}  // namespace tidegate::storage::chunk

#endif  // TIDEGATE_STORAGE_CHUNK_CHUNK_DECODER_H_
