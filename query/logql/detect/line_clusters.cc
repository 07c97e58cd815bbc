#include "query/logql/detect/line_clusters.h"

#include <algorithm>

namespace tidegate::logql {
namespace {

constexpr std::string_view kCapture = "<_>";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '.' || c == '_' ||
         c == '-' || c == '/' || (c & 0x80) != 0;
}

}  // namespace

void LineClusters::Split(std::string_view line) {
  scratch_.between.clear();
  scratch_.words.clear();
  scratch_.cut = false;
  key_.clear();
  const auto take = [&line](bool words) {
    size_t size = 0;
    while (size < line.size() && IsWord(line[size]) == words) ++size;
    const std::string_view taken = line.substr(0, size);
    line.remove_prefix(size);
    return taken;
  };
  while (true) {
    scratch_.between.emplace_back(take(false));
    key_ += scratch_.between.back();
    if (line.empty()) return;
    if (scratch_.words.size() == kMaxWords) {
      scratch_.cut = true;
      key_ += '\2';
      return;
    }
    const std::string_view word = take(true);
    const bool variable = std::any_of(word.begin(), word.end(), IsDigit);
    scratch_.words.emplace_back(variable ? std::string_view() : word);
    key_ += variable ? '\1' : '\0';
  }
}

// Makes the words that differ variable, unless more than half of those that are not do.
bool LineClusters::Absorb(const Cluster& line, Cluster* cluster) {
  size_t fixed = 0;
  size_t same = 0;
  for (size_t i = 0; i < line.words.size(); ++i) {
    if (line.words[i].empty()) continue;
    ++fixed;
    same += line.words[i] == cluster->words[i];
  }
  if (2 * same < fixed) return false;
  for (size_t i = 0; i < line.words.size(); ++i) {
    if (line.words[i] != cluster->words[i]) cluster->words[i].clear();
  }
  return true;
}

std::optional<size_t> LineClusters::Add(std::string_view line) {
  if (line.empty()) return std::nullopt;
  Split(line);
  const auto known = by_key_.find(key_);
  if (known != by_key_.end()) {
    for (const size_t cluster : known->second) {
      if (Absorb(scratch_, &clusters_[cluster])) return cluster;
    }
  }
  if (clusters_.size() == kMaxClusters) return std::nullopt;
  by_key_[key_].push_back(clusters_.size());
  clusters_.push_back(scratch_);
  return clusters_.size() - 1;
}

std::string LineClusters::Pattern(size_t cluster) const {
  const Cluster& one = clusters_[cluster];
  std::string pattern = one.between[0];
  for (size_t i = 0; i < one.words.size(); ++i) {
    pattern += one.words[i].empty() ? kCapture : std::string_view(one.words[i]);
    pattern += one.between[i + 1];
  }
  if (one.cut) pattern += kCapture;
  return pattern;
}

}  // namespace tidegate::logql
