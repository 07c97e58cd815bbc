#include "api/prometheus/tsdb_admin_endpoints.h"

#include <utility>

#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

void SendNoContent(ResponseWriter& response) {
  HttpResponse nothing;
  nothing.status = 204;
  response.Send(std::move(nothing));
}

// The words that Go's strconv.ParseBool takes.
absl::StatusOr<bool> BoolParameter(const Parameters& parameters, std::string_view name) {
  const std::string_view text = parameters.Get(name);
  for (std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (std::string_view no : {"", "0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return InvalidParameter(name, absl::InvalidArgumentError("unable to parse boolean"));
}

absl::Status DeleteSeries(const TsdbAdmin& admin, const ApiRequest& request,
                          ResponseWriter& response) {
  const std::vector<std::string> matches = request.parameters.All("match[]");
  if (matches.empty()) return absl::InvalidArgumentError("no match[] parameter provided");
  TsdbAdmin::Selections selections;
  for (const std::string& match : matches) {
    auto matchers = query::ParseSelector(match);
    if (!matchers.ok()) return InvalidParameter("match[]", matchers.status());
    selections.push_back(*std::move(matchers));
  }
  const auto range = RangeParameters(request.parameters);
  if (!range.ok()) return range.status();
  absl::Status status = admin.delete_series(request.context, selections, *range);
  if (status.ok()) SendNoContent(response);
  return status;
}

absl::Status Snapshot(const TsdbAdmin& admin, const ApiRequest& request, ResponseWriter& response) {
  const auto skip_head = BoolParameter(request.parameters, "skip_head");
  if (!skip_head.ok()) return skip_head.status();
  const auto name = admin.snapshot(request.context, *skip_head);
  if (!name.ok()) return name.status();
  Envelope envelope(&response);
  envelope.data().BeginObject();
  envelope.data().Key("name");
  envelope.data().String(*name);
  envelope.data().EndObject();
  envelope.Finish();
  return absl::OkStatus();
}

}  // namespace

ApiEndpoint DeleteSeriesEndpoint(const TsdbAdmin& admin) {
  return [admin](const ApiRequest& request, ResponseWriter& response) {
    return DeleteSeries(admin, request, response);
  };
}

ApiEndpoint CleanTombstonesEndpoint(const TsdbAdmin& admin) {
  return [admin](const ApiRequest& request, ResponseWriter& response) {
    absl::Status status = admin.clean_tombstones(request.context);
    if (status.ok()) SendNoContent(response);
    return status;
  };
}

ApiEndpoint SnapshotEndpoint(const TsdbAdmin& admin) {
  return [admin](const ApiRequest& request, ResponseWriter& response) {
    return Snapshot(admin, request, response);
  };
}

}  // namespace tidegate::api
