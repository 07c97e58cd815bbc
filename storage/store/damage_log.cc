#include "storage/store/damage_log.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "storage/page/segment_id.h"

namespace tidegate::storage {

std::string DescribePage(std::string_view key) {
  const auto parsed = ParsePageKey(key);
  if (!parsed.ok()) return "a page with an unknown key";
  if (parsed->kind == PageKind::kMetricIndex || parsed->kind == PageKind::kStreamIndex) {
    return ToString(parsed->id) + ", index";
  }
  return fmt::format("{}, page {}", ToString(parsed->id), parsed->ordinal);
}

void DamageLog::Note(std::string_view key, const absl::Status& status) {
  {
    std::lock_guard lock(mutex_);
    if (!known_.insert(std::string(key)).second) return;
  }
  spdlog::error("damaged page left out: {}: {}", DescribePage(key), status.ToString());
}

void DamageLog::NoteFile(const StorageDamage& damage) {
  {
    std::lock_guard lock(mutex_);
    ++files_;
  }
  spdlog::error("damage: {}: {}", damage.where, damage.reason);
}

uint64_t DamageLog::damaged_files() const {
  std::lock_guard lock(mutex_);
  return files_;
}

uint64_t DamageLog::damaged_pages() const {
  std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace tidegate::storage
