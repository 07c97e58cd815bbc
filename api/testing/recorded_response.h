// A response writer for tests of handlers: joins what is written.
#ifndef TIDEGATE_API_TESTING_RECORDED_RESPONSE_H_
#define TIDEGATE_API_TESTING_RECORDED_RESPONSE_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "api/http/http_response.h"

namespace tidegate::api {

class RecordedResponse : public ResponseWriter {
 public:
  void AddHeader(std::string name, std::string value) override {
    headers[std::move(name)] = std::move(value);
  }
  void Send(HttpResponse response) override {
    Begin(std::move(response));
    End();
  }
  void Begin(HttpResponse head) override {
    status = head.status;
    content_type = head.content_type;
    body = head.body;
    for (auto& [name, value] : head.headers) headers[name] = value;
  }
  bool Write(std::string_view piece) override {
    body.append(piece);
    return true;
  }
  void End() override { ++answers; }

  int status = 0;
  std::string content_type;
  std::string body;
  std::map<std::string, std::string> headers;
  int answers = 0;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_RECORDED_RESPONSE_H_
