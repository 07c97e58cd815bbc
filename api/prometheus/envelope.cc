#include "api/prometheus/envelope.h"

#include <utility>

namespace tidegate::api {
namespace {

void WriteTexts(std::string_view key, const std::vector<std::string>& texts, JsonWriter& json) {
  if (texts.empty()) return;
  json.Key(key);
  json.BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

}  // namespace

Envelope::Envelope(ResponseWriter* response, std::function<void()> before_piece)
    : response_(response), sink_(response, std::move(before_piece)), json_(&sink_) {
  HttpResponse head;
  head.content_type = std::string(kApplicationJson);
  response_->Begin(std::move(head));
  json_.BeginObject();
  json_.Key("status");
  json_.String("success");
  json_.Key("data");
}

void Envelope::Finish(const std::vector<std::string>& warnings,
                      const std::vector<std::string>& infos) {
  WriteTexts("warnings", warnings, json_);
  WriteTexts("infos", infos, json_);
  json_.EndObject();
  if (json_.Flush()) response_->End();
}

}  // namespace tidegate::api
