// The durable identity of a series within its tenant.
#ifndef TIDEGATE_MODEL_SERIES_ID_H_
#define TIDEGATE_MODEL_SERIES_ID_H_

#include <compare>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tidegate::model {

// XXH3-128 (seed 0) of the canonical label bytes. Stable across processes, machines and versions;
// 128 bits make a collision between two live series negligible (2^-64 at 2^32 series), so no label
// is compared after a hit. The tenant is not part of the hash: ids are only looked up per tenant.
struct SeriesId {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator<=>(const SeriesId&, const SeriesId&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const SeriesId& id) {
    return H::combine(std::move(h), id.low);
  }
};

SeriesId HashLabelBytes(std::string_view canonical_bytes);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_SERIES_ID_H_
