// `tidegate import`: what another system has written, sent to a running server.
#ifndef TIDEGATE_IMPORT_COMMAND_MAIN_H_
#define TIDEGATE_IMPORT_COMMAND_MAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tidegate {

struct ImportCommandOptions {
  std::string server = "http://127.0.0.1:9009";
  std::string ca_file;                  // Empty: the system's certificates.
  std::string tenant;                   // Sent as X-Scope-OrgID; empty: not sent.
  std::string secret;                   // Of a key with the permission write; empty: none.
  size_t push_bytes = size_t{1} << 20;  // Of a push, before compression.
};

// Sends the blocks of Prometheus' TSDB in a data directory, a snapshot or a single block's
// directory, and shows progress on standard error. Sending everything again is no harm. The last
// line, on standard output, counts what was sent. InvalidArgument: the server refuses; Unavailable:
// it does not answer, after retries.
absl::Status ImportPrometheus(const ImportCommandOptions& options, const std::string& directory);

}  // namespace tidegate

#endif  // TIDEGATE_IMPORT_COMMAND_MAIN_H_
