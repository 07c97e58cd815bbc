#include "api/loki/tail.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "absl/hash/hash.h"
#include "absl/time/clock.h"
#include "api/json/json_writer.h"
#include "api/loki/log_result_json.h"
#include "api/prometheus/result_json.h"

namespace tidegate::api {
namespace {

constexpr uint16_t kInternalError = 1011;
constexpr size_t kMaxDropped = 100;

// Lives only in this process, so any hash will do.
uint64_t Fingerprint(const query::LogStream& stream, const query::LogResultEntry& entry) {
  return absl::HashOf(stream.labels.bytes().size(), std::string(stream.labels.bytes()),
                      entry.timestamp, entry.line, std::string(entry.structured_metadata.bytes()));
}

}  // namespace

Tail::Tail(const TailRequest& request, const TailOptions& options, model::RequestContext context,
           query::LogQueryService* logs, const model::Clock* clock)
    : request_(request),
      options_(options),
      context_(std::move(context)),
      logs_(*logs),
      clock_(*clock) {}

void Tail::Run(WebSocket& socket) {
  do {
    if (const absl::Status status = Poll(socket); !status.ok()) {
      socket.Close(kInternalError, {status.message().data(), status.message().size()});
      return;
    }
  } while (!socket.WaitClosed(options_.poll));
}

absl::StatusOr<Tail::Streams> Tail::Ask(model::TimestampNs begin, model::TimestampNs end,
                                        size_t limit, query::LogDirection direction) const {
  query::LogRangeRequest range;
  range.query = request_.query;
  range.start = begin;
  range.end = end;
  range.step_ns = 1'000'000'000;
  range.limit = limit;
  range.direction = direction;
  model::RequestContext context = context_;
  context.deadline = absl::Now() + options_.timeout;
  absl::StatusOr<query::LogQueryResult> result = logs_.Range(context, range);
  if (!result.ok()) return result.status();
  auto* const streams = std::get_if<query::StreamsResult>(&result->value);
  if (streams == nullptr) {
    return absl::InvalidArgumentError("only log queries can be tailed, this is a metric query");
  }
  return std::move(streams->streams);
}

std::pair<size_t, model::TimestampNs> Tail::KeepNew(Streams* streams) {
  size_t count = 0;
  model::TimestampNs last = 0;
  for (query::LogStream& stream : *streams) {
    std::erase_if(stream.entries, [&](const query::LogResultEntry& entry) {
      ++count;
      last = std::max(last, entry.timestamp);
      return !told_.emplace(Fingerprint(stream, entry), entry.timestamp).second;
    });
  }
  std::erase_if(*streams, [](const query::LogStream& stream) { return stream.entries.empty(); });
  return {count, last};
}

// The newest entries since the start, oldest first.
absl::Status Tail::TellHistory(model::TimestampNs end, Streams* fresh) {
  if (request_.start >= end) return absl::OkStatus();
  absl::StatusOr<Streams> streams =
      Ask(request_.start, end, request_.limit, query::LogDirection::kBackward);
  if (!streams.ok()) return streams.status();
  KeepNew(&*streams);
  for (query::LogStream& stream : *streams) {
    std::reverse(stream.entries.begin(), stream.entries.end());
  }
  *fresh = *std::move(streams);
  return absl::OkStatus();
}

absl::Status Tail::TellNew(model::TimestampNs end, Streams* fresh) {
  model::TimestampNs begin =
      std::max(request_.start, told_until_ - absl::ToInt64Nanoseconds(options_.late));
  for (size_t asked = 0; begin < end && asked < options_.max_per_poll;) {
    absl::StatusOr<Streams> page = Ask(begin, end, options_.page, query::LogDirection::kForward);
    if (!page.ok()) return page.status();
    const auto [count, last] = KeepNew(&*page);
    std::move(page->begin(), page->end(), std::back_inserter(*fresh));
    asked += count;
    if (count < options_.page) break;
    // The last nanosecond may go on; a page that holds nothing else is left behind.
    begin = last > begin ? last : begin + 1;
  }
  return absl::OkStatus();
}

absl::Status Tail::Poll(WebSocket& socket) {
  const model::TimestampNs end = absl::ToUnixNanos(clock_.Now() - request_.delay);
  Streams fresh;
  if (!history_told_) {
    if (absl::Status status = TellHistory(end, &fresh); !status.ok()) return status;
    history_told_ = true;
    // What history left out because of the limit must not come as news.
    told_until_ = end + absl::ToInt64Nanoseconds(options_.late);
    told_until_ = std::max(told_until_, request_.start);
  } else {
    if (absl::Status status = TellNew(end, &fresh); !status.ok()) return status;
    told_until_ = std::max(told_until_, end);
  }
  if (!fresh.empty()) Send(fresh, socket);
  const model::TimestampNs forget = told_until_ - 2 * absl::ToInt64Nanoseconds(options_.late);
  absl::erase_if(told_, [forget](const auto& one) { return one.second < forget; });
  return absl::OkStatus();
}

void Tail::Send(const Streams& streams, WebSocket& socket) {
  if (socket.Send(Frame(streams)) == WebSocket::Sent::kQueued) {
    dropped_.clear();
    return;
  }
  for (const query::LogStream& stream : streams) {
    for (const query::LogResultEntry& entry : stream.entries) {
      if (dropped_.size() == kMaxDropped) return;
      dropped_.emplace_back(stream.labels, entry.timestamp);
    }
  }
}

std::string Tail::Frame(const Streams& streams) const {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  json.Key("streams");
  WriteStreams(streams, request_.categorize, json);
  if (!dropped_.empty()) {
    json.Key("dropped_entries");
    json.BeginArray();
    for (const auto& [labels, timestamp] : dropped_) {
      json.BeginObject();
      json.Key("labels");
      WriteLabels(labels, json);
      json.Key("timestamp");
      json.String(std::to_string(timestamp));
      json.EndObject();
    }
    json.EndArray();
  }
  if (request_.categorize) {
    json.Key("encodingFlags");
    json.BeginArray();
    json.String(kCategorizeLabels);
    json.EndArray();
  }
  json.EndObject();
  json.Flush();
  return sink.text();
}

}  // namespace tidegate::api
