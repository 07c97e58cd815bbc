// Follows a log query: what comes in goes out over a WebSocket.
#ifndef TIDEGATE_API_LOKI_TAIL_H_
#define TIDEGATE_API_LOKI_TAIL_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "api/http/web_socket.h"
#include "model/clock.h"
#include "model/request_context.h"
#include "query/log_query_service.h"

namespace tidegate::api {

struct TailRequest {
  std::string query;
  model::TimestampNs start = 0;  // History from here on, at most `limit` entries of it.
  size_t limit = 100;
  absl::Duration delay;  // How far behind the clock entries are told, for those that come late.
  bool categorize = false;
};

struct TailOptions {
  absl::Duration poll = absl::Milliseconds(500);
  // How long after its time an entry may come in and still be told.
  absl::Duration late = absl::Seconds(5);
  size_t page = 2000;           // Entries of one question.
  size_t max_per_poll = 20000;  // More are skipped.
  absl::Duration timeout = absl::Seconds(30);
};

// Asks again and again for what is new. Owned by one thread; what is passed in must outlive it.
//
// An entry that comes in up to `late` after its time is told once; of a stream that is read again,
// what was told is remembered. A client that is too slow misses frames, and is told with the next
// one of what.
class Tail {
 public:
  Tail(const TailRequest& request, const TailOptions& options, model::RequestContext context,
       query::LogQueryService* logs, const model::Clock* clock);

  // Until the client has gone. A failure closes with 1011 and its text.
  void Run(WebSocket& socket);

  // One look for what is new; public for tests. Sends at most one frame.
  absl::Status Poll(WebSocket& socket);

 private:
  using Streams = std::vector<query::LogStream>;

  absl::StatusOr<Streams> Ask(model::TimestampNs begin, model::TimestampNs end, size_t limit,
                              query::LogDirection direction) const;
  // Leaves only what was not told before. Returns how many entries there were and the last time.
  std::pair<size_t, model::TimestampNs> KeepNew(Streams* streams);
  absl::Status TellHistory(model::TimestampNs end, Streams* fresh);
  absl::Status TellNew(model::TimestampNs end, Streams* fresh);
  void Send(const Streams& streams, WebSocket& socket);
  std::string Frame(const Streams& streams) const;

  const TailRequest request_;
  const TailOptions options_;
  const model::RequestContext context_;
  query::LogQueryService& logs_;
  const model::Clock& clock_;
  bool history_told_ = false;
  model::TimestampNs told_until_ = 0;
  // Fingerprints of what was told lately, and its times.
  absl::flat_hash_map<uint64_t, model::TimestampNs> told_;
  std::vector<std::pair<model::Labels, model::TimestampNs>> dropped_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_LOKI_TAIL_H_
