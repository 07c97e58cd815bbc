// A sink that lets others have the processor in between.
#ifndef TIDEGATE_QUERY_SERVICE_PACED_SINK_H_
#define TIDEGATE_QUERY_SERVICE_PACED_SINK_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "query/vector/pacer.h"
#include "storage/series_source.h"

namespace tidegate::query {

// Steps aside before each item. Pacer and sink must outlive it.
template <typename Item>
class PacedSink final : public storage::Sink<Item> {
 public:
  PacedSink(Pacer& pacer, storage::Sink<Item>& sink) : pacer_(pacer), sink_(sink) {}
  absl::Status Add(Item item) override {
    pacer_.Pass();
    return sink_.Add(std::move(item));
  }
  absl::Status Hold(int64_t bytes) override { return sink_.Hold(bytes); }

 private:
  Pacer& pacer_;
  storage::Sink<Item>& sink_;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_PACED_SINK_H_
