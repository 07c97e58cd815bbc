// The outside of every page value: version, sections compressed one by one, checksum
// (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_PAGE_ENVELOPE_H_
#define TIDEGATE_STORAGE_PAGE_ENVELOPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/page/segment_id.h"

namespace tidegate::storage {

//   u8(version) u8(kind) varint(sections)
//   per section: varint(raw size) varint(stored size)   equal sizes: stored as it is, else zstd
//   the stored sections
//   xxh3-64 of everything before, seeded with the hash of the key; little endian
inline constexpr uint8_t kPageFormatVersion = 1;
inline constexpr size_t kMaxSections = 16;
// Most raw bytes of one section: no damaged size costs more memory.
inline constexpr uint64_t kMaxSectionBytes = uint64_t{1} << 30;

// The value for `key`. The key is part of the checksum, so a page cannot pass for another one.
std::string SealEnvelope(std::string_view key, PageKind kind,
                         std::span<const std::string> sections);

// A page whose checksum holds. Sections are decompressed on demand. The value must outlive it.
class Envelope {
 public:
  // DataLoss: checksum or framing is broken. FailedPrecondition: a newer version.
  static absl::StatusOr<Envelope> Open(std::string_view key, std::string_view value);

  PageKind kind() const { return kind_; }
  size_t size() const { return sections_.size(); }
  // DataLoss when the section does not exist or does not decompress to its size.
  absl::StatusOr<std::string> Section(size_t index) const;

 private:
  struct Stored {
    uint64_t raw_size = 0;
    std::string_view bytes;
  };
  PageKind kind_ = PageKind::kFloat;
  std::vector<Stored> sections_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_ENVELOPE_H_
