// What is known about the series of one target between two scrapes.
#ifndef TIDEGATE_CONTROL_SCRAPE_SERIES_CACHE_H_
#define TIDEGATE_CONTROL_SCRAPE_SERIES_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/series_id.h"

namespace tidegate::control {

// From the bytes that a target writes for a series to the canonical label bytes that it has here,
// so that a known series costs one comparison of hashes: targets write their series in the same
// order each time. The texts themselves are not kept, only their 128-bit hashes.
//
// A scrape looks series up, marks those it has a sample for, and ends. Series that were there at
// the end of the last scrape and are not at the end of this one are reported as gone, once. Owned
// by one thread.
class SeriesCache {
 public:
  // Of label bytes, valid during the call.
  using Gone = std::function<void(std::string_view label_bytes)>;

  // The number of a known series, valid until the scrape ends.
  std::optional<uint32_t> Find(std::string_view text);
  // Makes a text known. Empty label bytes: a series that relabelling drops.
  uint32_t Add(std::string_view text, std::string_view label_bytes);
  std::string_view LabelBytes(uint32_t series) const {
    return std::string_view(bytes_).substr(series_[series].begin, series_[series].size);
  }
  // Notes a sample. False when the series has one in this scrape already. `lasting`: report it when
  // it is gone.
  bool Mark(uint32_t series, bool lasting);

  // Remembers the text of the last exemplar of a series. False when it is the one before.
  bool NoteExemplar(uint32_t series, std::string_view text);

  // Ends a scrape with samples: what was not marked is forgotten.
  void End(const Gone& gone);
  // Ends a scrape that failed or was empty: everything that was there is reported. Texts stay
  // known, because the next one will have them again; not for ever, when each has others.
  void EndWithout(const Gone& gone);

  // The same series written by other rules: nothing is known any more, but what was there and does
  // not come back in the next scrape is reported at its end.
  void ForgetTexts();

  size_t size() const { return series_.size(); }

 private:
  struct Series {
    model::SeriesId text;
    uint64_t exemplar = 0;  // Hash of the last one's text; 0 = none.
    uint32_t begin = 0;     // Into bytes_.
    uint32_t size = 0;
    uint32_t marked = 0;  // The scrape of the last sample.
    bool lasting = false;
    bool alive = false;  // Had a sample in the last scrape, and is to be reported when gone.
  };

  void ReportGone(const Gone& gone);
  void ReportOrphans(const Gone& gone);
  void DropUnmarked();

  uint32_t scrape_ = 1;
  size_t expected_ = 0;  // Where the next text is looked for first.
  size_t last_size_ = 0;
  std::string bytes_;
  std::vector<Series> series_;
  absl::flat_hash_map<model::SeriesId, uint32_t> by_text_;
  // Alive before ForgetTexts, by the hash of their label bytes.
  absl::flat_hash_map<model::SeriesId, std::string> orphans_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SERIES_CACHE_H_
