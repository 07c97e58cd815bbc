// From what a configuration and discovery say about Alertmanagers to the URLs that alerts are
// posted to.
#ifndef TIDEGATE_CONTROL_NOTIFY_ALERTMANAGER_URLS_H_
#define TIDEGATE_CONTROL_NOTIFY_ALERTMANAGER_URLS_H_

#include <string>
#include <vector>

#include "control/ruler.h"
#include "model/config/alerting_config.h"

namespace tidegate::control {

// Each address is relabelled as Prometheus does it: __address__, __scheme__ and __alerts_path__
// make the URL, labels of its group are there too. Dropped ones are shown as they were before. No
// URL is active twice. `mistakes` says which addresses are none. Pure.
AlertmanagerUrls UrlsOfGroup(const model::AlertmanagerGroup& group,
                             const std::vector<model::TargetGroup>& found,
                             std::vector<std::string>* mistakes);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_NOTIFY_ALERTMANAGER_URLS_H_
