#include "model/series_id.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tidegate::model {

SeriesId HashLabelBytes(std::string_view canonical_bytes) {
  const XXH128_hash_t hash = XXH3_128bits(canonical_bytes.data(), canonical_bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace tidegate::model
