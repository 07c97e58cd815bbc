#include "storage/page/series_order.h"

namespace tidegate::storage {

int CompareSeriesOrder(model::LabelsView a, model::LabelsView b) {
  if (const int order = a.metric_name().compare(b.metric_name()); order != 0) return order;
  return model::Compare(a, b);
}

}  // namespace tidegate::storage
