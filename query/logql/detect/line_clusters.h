// Lines of one kind, and what they have in common: "took <_> ms".
#ifndef TIDEGATE_QUERY_LOGQL_DETECT_LINE_CLUSTERS_H_
#define TIDEGATE_QUERY_LOGQL_DETECT_LINE_CLUSTERS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace tidegate::logql {

// A line is words (letters, digits, . _ - /) and what stands between them. Lines belong together
// when they have the same text between their words and at least half of their words in common;
// words with a digit are variable from the start, others once they differ. (The idea of Drain, He
// et al. 2017, with a key in the place of its tree.) Owned by one thread; bounded: at most
// kMaxClusters, of which each has at most kMaxWords words.
class LineClusters {
 public:
  static constexpr size_t kMaxClusters = 1000;
  static constexpr size_t kMaxWords = 128;

  // The cluster that the line belongs to; nothing for a new kind of line when there are
  // kMaxClusters, and for an empty line.
  std::optional<size_t> Add(std::string_view line);

  size_t size() const { return clusters_.size(); }
  // A pattern that `|>` takes; a long line's end is a capture.
  std::string Pattern(size_t cluster) const;

 private:
  struct Cluster {
    std::vector<std::string> between;  // One more than words: before, between and behind them.
    std::vector<std::string> words;    // Empty: variable.
    bool cut = false;                  // Only the beginning of the lines.
  };
  // Splits the line into scratch_; its key is the text between words and which of them vary.
  void Split(std::string_view line);
  static bool Absorb(const Cluster& line, Cluster* cluster);

  Cluster scratch_;
  std::string key_;
  std::vector<Cluster> clusters_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_key_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_DETECT_LINE_CLUSTERS_H_
