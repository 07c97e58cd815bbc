// Metric metadata as documents: metadata/<tenant>/<metric family> (docs/formats/catalogue.md).
#ifndef TIDEGATE_STORAGE_STORE_METADATA_DOCUMENTS_H_
#define TIDEGATE_STORAGE_STORE_METADATA_DOCUMENTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/documents.h"
#include "storage/store.h"

namespace tidegate::storage {

// As Store::PutMetadata; what is stored already is not written again, since senders repeat
// themselves every minute. InvalidArgument for a family without a name.
absl::Status WriteMetadata(Documents* documents, const std::vector<TenantMetadata>& metadata);

// As Store::Metadata. DataLoss when a document is damaged.
absl::StatusOr<std::vector<model::MetricMetadata>> ReadMetadata(Documents* documents,
                                                                std::string_view tenant,
                                                                std::string_view metric_family);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_METADATA_DOCUMENTS_H_
