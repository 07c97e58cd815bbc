// Target groups from files: file_sd.
#ifndef TIDEGATE_CONTROL_DISCOVERY_FILE_DISCOVERY_H_
#define TIDEGATE_CONTROL_DISCOVERY_FILE_DISCOVERY_H_

#include <map>
#include <string>
#include <vector>

#include "model/config/target_groups.h"

namespace tidegate::control {

// Reads files, each again when it has changed. A file that cannot be read or parsed
// keeps the groups of its last good version; one that is gone has none. Owned by one thread.
class FileDiscovery {
 public:
  // The groups of these files now. The last component of a path may have one *.
  // Each group has the label __meta_filepath.
  std::vector<model::TargetGroup> Groups(const std::vector<std::string>& patterns);
  // What went wrong since the last call, once for each version of a file.
  std::vector<std::string> TakeMistakes();

 private:
  struct File {
    std::string state;  // Of the version that was read: changes when the file does.
    std::vector<model::TargetGroup> groups;
  };

  const std::vector<model::TargetGroup>& Read(const std::string& path);

  std::map<std::string, File> files_;
  std::vector<std::string> mistakes_;
};

// The files that a pattern means, sorted.
std::vector<std::string> MatchingFiles(const std::string& pattern);

// Changes whenever the file does: which file it is, its size, its time. Empty when it cannot be
// read.
std::string FileState(const std::string& path);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_DISCOVERY_FILE_DISCOVERY_H_
