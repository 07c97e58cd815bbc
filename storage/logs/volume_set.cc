#include "storage/logs/volume_set.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tidegate::storage {
namespace {

std::vector<std::string> Limited(const std::set<std::string, std::less<>>& found, size_t limit) {
  std::vector<std::string> result(found.begin(), found.end());
  if (limit != 0 && result.size() > limit) result.resize(limit);
  return result;
}

}  // namespace

std::vector<std::vector<model::CompiledMatcher>> SelectionsOf(const StreamQuery& query) {
  if (!query.selections.empty()) return query.selections;
  return {{}};
}

void VolumeSet::Add(const model::Labels& stream, const StreamVolume& volume) {
  if (volume.entries == 0) return;
  const auto [at, is_new] = streams_.try_emplace(stream);
  Entry& known = at->second;
  if (is_new) {
    known.selection = selection_;
    known.volume.stream = stream;
  }
  if (known.selection != selection_) return;
  known.volume.entries += volume.entries;
  known.volume.bytes += volume.bytes;
  known.volume.chunks += volume.chunks;
}

std::vector<StreamVolume> VolumeSet::Take() {
  std::vector<StreamVolume> volumes;
  for (auto& [labels, entry] : streams_) {
    if (limit_ != 0 && volumes.size() == limit_) break;
    volumes.push_back(std::move(entry.volume));
  }
  streams_.clear();
  return volumes;
}

std::vector<std::string> LabelNamesOf(const std::vector<StreamVolume>& streams, size_t limit) {
  std::set<std::string, std::less<>> names;
  for (const StreamVolume& volume : streams) {
    for (const model::Label& label : volume.stream) {
      if (!names.contains(label.name)) names.emplace(label.name);
    }
  }
  return Limited(names, limit);
}

std::vector<std::string> LabelValuesOf(const std::vector<StreamVolume>& streams,
                                       const std::string& name, size_t limit) {
  std::set<std::string, std::less<>> values;
  for (const StreamVolume& volume : streams) {
    const std::string_view value = volume.stream.Get(name);
    if (!value.empty() && !values.contains(value)) values.emplace(value);
  }
  return Limited(values, limit);
}

}  // namespace tidegate::storage
