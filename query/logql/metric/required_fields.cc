#include "query/logql/metric/required_fields.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/logql/template/template.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kExtractedSuffix = "_extracted";

// Names that stages read, in any order.
class Collector {
 public:
  absl::Status Visit(const Stage& stage) {
    if (const auto* filter = std::get_if<LabelFilterPtr>(&stage)) {
      Visit(**filter);
    } else if (const auto* format = std::get_if<LineFormat>(&stage)) {
      return VisitTemplate(format->format);
    } else if (const auto* label_format = std::get_if<LabelFormat>(&stage)) {
      for (const LabelFormat::Assignment& one : label_format->assignments) {
        if (one.is_rename) {
          Add(one.value);
        } else if (absl::Status status = VisitTemplate(one.value); !status.ok()) {
          return status;
        }
      }
    }
    // drop and keep look at values only of labels that somebody behind them names.
    return absl::OkStatus();
  }

  void Visit(const LabelFilter& filter) {
    if (const auto* matcher = std::get_if<model::Matcher>(&filter.test)) {
      Add(matcher->name);
    } else if (const auto* comparison = std::get_if<LabelComparison>(&filter.test)) {
      Add(comparison->label);
    } else if (const auto* ip = std::get_if<LabelIpFilter>(&filter.test)) {
      Add(ip->label);
    } else {
      const auto& pair = std::get<LabelFilterPair>(filter.test);
      Visit(*pair.left);
      Visit(*pair.right);
    }
  }

  void Add(const std::string& name) {
    names_.push_back(name);
    if (!name.ends_with(kExtractedSuffix)) return;
    names_.push_back(name.substr(0, name.size() - kExtractedSuffix.size()));
  }

  WantedFields Take() { return reads_all_ ? WantedFields() : WantedFields(std::move(names_)); }

 private:
  absl::Status VisitTemplate(const std::string& text) {
    const absl::StatusOr<Template> compiled = Template::Compile("line", text);
    if (!compiled.ok()) return compiled.status();
    const auto names = compiled->LabelNames();
    reads_all_ |= !names.has_value();
    for (const std::string& name : names.value_or(std::vector<std::string>())) Add(name);
    return absl::OkStatus();
  }

  std::vector<std::string> names_;
  bool reads_all_ = false;
};

}  // namespace

absl::StatusOr<WantedFields> RequiredFields(const RangeAggregation& aggregation,
                                            const std::optional<Grouping>& grouping) {
  if (!grouping.has_value() || grouping->without) return WantedFields();
  Collector collector;
  for (const Stage& stage : aggregation.range.log.stages) {
    if (absl::Status status = collector.Visit(stage); !status.ok()) return status;
  }
  for (const std::string& name : grouping->labels) collector.Add(name);
  if (const auto& unwrap = aggregation.range.unwrap) {
    collector.Add(unwrap->label);
    for (const LabelFilterPtr& filter : unwrap->filters) collector.Visit(*filter);
  }
  return collector.Take();
}

}  // namespace tidegate::logql
