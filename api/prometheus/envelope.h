// The envelope around every successful answer, written while its data is produced.
#ifndef TIDEGATE_API_PROMETHEUS_ENVELOPE_H_
#define TIDEGATE_API_PROMETHEUS_ENVELOPE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/http/http_response.h"
#include "api/json/json_writer.h"

namespace tidegate::api {

inline constexpr std::string_view kTruncatedWarning = "results truncated due to limit";

// {"status":"success","data":...,"warnings":[...],"infos":[...]}; empty lists are left out. Write
// exactly one value to data(), then Finish. Large data streams out in bounded memory. Owned by one
// thread.
class Envelope {
 public:
  // The writer must outlive it.
  explicit Envelope(ResponseWriter* response);

  JsonWriter& data() { return json_; }
  // An answer whose client has gone stays unfinished.
  void Finish(const std::vector<std::string>& warnings = {},
              const std::vector<std::string>& infos = {});

 private:
  class StreamSink : public JsonSink {
   public:
    explicit StreamSink(ResponseWriter* response) : response_(response) {}
    bool Consume(std::string_view piece) override { return response_->Write(piece); }

   private:
    ResponseWriter* const response_;
  };

  ResponseWriter* const response_;
  StreamSink sink_;
  JsonWriter json_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_ENVELOPE_H_
