#include "control/monitors/evaluation/target_states.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"
#include "model/series_id.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

std::string KeyOf(const std::string& tenant, const TargetId& id) {
  const model::SeriesId digest = model::HashLabelBytes(id.second);
  return fmt::format("monitor_states/{}/{}/{:016x}{:016x}", tenant, id.first, digest.high,
                     digest.low);
}

}  // namespace

absl::StatusOr<TargetStates> LoadTargetStates(storage::Documents* documents,
                                              const std::string& tenant) {
  const auto found = documents->List(fmt::format("monitor_states/{}/", tenant), "", 0);
  if (!found.ok()) return found.status();
  TargetStates states;
  for (const storage::Document& document : *found) {
    const auto object = StoredObject(document);
    if (!object.ok()) return object.status();
    states[{TextOf(*object, "monitor"), TextOf(*object, "target")}] = {
        IntegerOf(*object, "bad"), IntegerOf(*object, "critical"), IntegerOf(*object, "observed"),
        TextOf(*object, "alert")};
  }
  return states;
}

storage::DocumentWrite WritingState(const std::string& tenant, const TargetId& id,
                                    const TargetState& state) {
  if (state.empty()) return {KeyOf(tenant, id), std::nullopt, std::nullopt};
  const json::object stored{{"monitor", id.first},        {"target", id.second},
                            {"bad", state.bad},           {"critical", state.critical},
                            {"observed", state.observed}, {"alert", state.alert}};
  return {KeyOf(tenant, id), JsonText(stored), std::nullopt};
}

}  // namespace tidegate::control
