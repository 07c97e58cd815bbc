// How OTLP metrics become series. Names and meaning of the fields are those of Prometheus' `otlp`
// section (prometheus/config, OTLPConfig); the last two are ours.
#ifndef TIDEGATE_MODEL_OTLP_RULES_H_
#define TIDEGATE_MODEL_OTLP_RULES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace tidegate::model {

enum class OtlpTranslation : uint8_t {
  kUnderscoreEscapingWithSuffixes,
  kUnderscoreEscapingWithoutSuffixes,
  kNoUtf8EscapingWithSuffixes,
  kNoTranslation,
};

struct OtlpMetricRules {
  OtlpTranslation translation_strategy = OtlpTranslation::kUnderscoreEscapingWithSuffixes;
  // Resource attributes that become labels of every series; all others are in target_info.
  std::vector<std::string> promote_resource_attributes;
  // All become labels, but for those in ignore_resource_attributes.
  bool promote_all_resource_attributes = false;
  std::vector<std::string> ignore_resource_attributes;
  // service.name, service.namespace and service.instance.id are in target_info, too.
  bool keep_identifying_resource_attributes = false;
  // Explicit histograms become native ones with custom buckets.
  bool convert_histograms_to_nhcb = false;
  // otel_scope_name, _version, _schema_url and the scope's attributes become labels.
  bool promote_scope_metadata = false;
  // "key" goes before names of labels that begin with one underscore.
  bool label_name_underscore_sanitization = true;
  // Several underscores in names of labels stay as they are.
  bool label_name_preserve_multiple_underscores = true;
  // Series of delta temporality whose totals are kept at a time, a histogram counting more by its
  // buckets; 0 = deltas are refused. 64 bytes and more each.
  uint64_t delta_max_streams = 100'000;
  // A total that was not added to for so long may make room for another.
  absl::Duration delta_max_stale = absl::Minutes(5);

  bool escapes() const {
    return translation_strategy == OtlpTranslation::kUnderscoreEscapingWithSuffixes ||
           translation_strategy == OtlpTranslation::kUnderscoreEscapingWithoutSuffixes;
  }
  bool adds_suffixes() const {
    return translation_strategy == OtlpTranslation::kUnderscoreEscapingWithSuffixes ||
           translation_strategy == OtlpTranslation::kNoUtf8EscapingWithSuffixes;
  }
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_OTLP_RULES_H_
