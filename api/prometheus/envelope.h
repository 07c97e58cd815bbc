// The envelope around every successful answer, written while its data is produced.
#ifndef TIDEGATE_API_PROMETHEUS_ENVELOPE_H_
#define TIDEGATE_API_PROMETHEUS_ENVELOPE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
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
  // The writer must outlive it. `before_piece` is called before each piece of a stream.
  explicit Envelope(ResponseWriter* response, std::function<void()> before_piece = nullptr);

  JsonWriter& data() { return json_; }
  // An answer whose client has gone stays unfinished.
  void Finish(const std::vector<std::string>& warnings = {},
              const std::vector<std::string>& infos = {});

 private:
  class StreamSink : public JsonSink {
   public:
    StreamSink(ResponseWriter* response, std::function<void()> before_piece)
        : response_(response), before_piece_(std::move(before_piece)) {}
    bool Consume(std::string_view piece) override {
      if (before_piece_) before_piece_();
      return response_->Write(piece);
    }

   private:
    ResponseWriter* const response_;
    const std::function<void()> before_piece_;
  };

  ResponseWriter* const response_;
  StreamSink sink_;
  JsonWriter json_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_PROMETHEUS_ENVELOPE_H_
