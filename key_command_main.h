// `tidegate key`: keys for a configuration file, and those of a running server.
#ifndef TIDEGATE_KEY_COMMAND_MAIN_H_
#define TIDEGATE_KEY_COMMAND_MAIN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tidegate {

struct KeyCommandOptions {
  std::string server;   // URL; empty: nothing but `create`, which prints an entry for the file.
  std::string ca_file;  // Authorities of the server; empty = the system's.
  std::string secret;   // Of a key with the permission admin; empty without authentication.
  std::string tenant;
  // Of the key that `create` makes, each separated by commas.
  std::string permissions;
  std::string allow_ips;     // Ranges of addresses; empty = from anywhere.
  std::string read_tenants;  // What it may query beside its own tenant.
};

// `create ID`, `list`, `revoke ID`. Writes the result to the standard output, remarks to the
// standard error. InvalidArgument for a command that there is not, Unavailable when the server does
// not answer; the server's own words otherwise.
absl::Status RunKeyCommand(const KeyCommandOptions& options, const std::vector<std::string>& words);

}  // namespace tidegate

#endif  // TIDEGATE_KEY_COMMAND_MAIN_H_
