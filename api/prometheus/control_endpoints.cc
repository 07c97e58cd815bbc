#include "api/prometheus/control_endpoints.h"

#include <string>

#include "api/prometheus/envelope.h"

namespace tidegate::api {

ApiEndpoint ConstantEndpoint(std::string_view json) {
  return [json = std::string(json)](const ApiRequest&, ResponseWriter& response) {
    Envelope envelope(&response);
    envelope.data().Raw(json);
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
