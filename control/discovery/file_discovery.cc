#include "control/discovery/file_discovery.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace tidegate::control {

std::string FileState(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return "";
  return fmt::format("{} {} {} {}.{}", file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

std::vector<std::string> MatchingFiles(const std::string& pattern) {
  const size_t star = pattern.find('*');
  if (star == pattern.npos) return {pattern};
  const size_t slash = pattern.rfind('/');
  const std::string directory = slash == pattern.npos ? "." : pattern.substr(0, slash);
  const std::string name = slash == pattern.npos ? pattern : pattern.substr(slash + 1);
  const std::string front = name.substr(0, name.find('*'));
  const std::string back = name.substr(name.find('*') + 1);
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string one = entry.path().filename().string();
    if (one.size() >= front.size() + back.size() && one.starts_with(front) && one.ends_with(back)) {
      files.push_back(directory + "/" + one);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<model::TargetGroup> FileDiscovery::Groups(const std::vector<std::string>& patterns) {
  std::vector<model::TargetGroup> all;
  for (const std::string& pattern : patterns) {
    for (const std::string& path : MatchingFiles(pattern)) {
      const std::vector<model::TargetGroup>& groups = Read(path);
      all.insert(all.end(), groups.begin(), groups.end());
    }
  }
  return all;
}

const std::vector<model::TargetGroup>& FileDiscovery::Read(const std::string& path) {
  File& file = files_[path];
  const std::string state = FileState(path);
  if (state == file.state) return file.groups;
  file.state = state;
  if (state.empty()) {
    file.groups.clear();
    return file.groups;
  }
  std::ifstream stream(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  absl::StatusOr<std::vector<model::TargetGroup>> groups = model::ParseTargetGroups(text, path);
  if (!groups.ok()) {
    mistakes_.push_back(fmt::format("{}: {}", path, std::string(groups.status().message())));
    return file.groups;
  }
  for (model::TargetGroup& group : *groups) group.labels.emplace_back("__meta_filepath", path);
  file.groups = *std::move(groups);
  return file.groups;
}

std::vector<std::string> FileDiscovery::TakeMistakes() { return std::exchange(mistakes_, {}); }

}  // namespace tidegate::control
