#include "api/prometheus/request_record.h"

#include <string>
#include <string_view>

namespace tidegate::api {

QueryRecord RecordOf(const ApiRequest& request) {
  const std::string_view target = request.http.target;
  const std::string_view peer = request.http.peer;
  QueryRecord record;
  record.tenant = request.tenant.name;
  record.client_ip = std::string(peer.substr(0, peer.rfind(':')));
  record.method = std::string(MethodName(request.http.method));
  record.request_id = request.context.request_id;
  record.path = std::string(target.substr(0, target.find('?')));
  return record;
}

}  // namespace tidegate::api
