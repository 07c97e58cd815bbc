// How much memory this process may use.
#ifndef TIDEGATE_MODEL_MEMORY_LIMIT_H_
#define TIDEGATE_MODEL_MEMORY_LIMIT_H_

#include <cstdint>
#include <string>

namespace tidegate::model {

// Bytes: the limit of the control group, version 2 or 1, or the machine's memory, whichever is
// less.
uint64_t ProcessMemoryLimit();

// The same, from a file system that is mounted at `root` and a machine with so much memory.
uint64_t MemoryLimitUnder(const std::string& root, uint64_t machine_bytes);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_MEMORY_LIMIT_H_
