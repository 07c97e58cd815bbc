#include "control/notify/alert_body.h"

#include <boost/json.hpp>
#include <string_view>

namespace tidegate::control {
namespace {

namespace json = boost::json;

json::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

json::object AlertObject(const OutgoingAlert& alert) {
  json::object labels;
  for (const model::Label& label : alert.labels) labels[View(label.name)] = View(label.value);
  json::object annotations;
  for (const auto& [name, value] : alert.annotations) annotations[View(name)] = View(value);
  return {{"labels", std::move(labels)},
          {"annotations", std::move(annotations)},
          {"startsAt", TimeText(alert.starts_at)},
          {"endsAt", TimeText(alert.ends_at)},
          {"generatorURL", alert.generator_url}};
}

}  // namespace

std::string AlertBody(absl::Span<const OutgoingAlert> alerts) {
  json::array list;
  for (const OutgoingAlert& alert : alerts) list.push_back(AlertObject(alert));
  return json::serialize(list);
}

}  // namespace tidegate::control
