#include "bench/logs/log_lines.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>

#include "absl/time/time.h"

namespace tidegate::bench {
namespace {

constexpr std::string_view kPaths[] = {
    "/",      "/api/v1/orders", "/api/v1/users/", "/static/app.js", "/healthz", "/api/v1/cart",
    "/login", "/search?q=",     "/img/logo.png",  "/metrics"};
constexpr std::string_view kAgents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "curl/7.88.1", "kube-probe/1.29", "Go-http-client/2.0"};
constexpr int kCodes[] = {200, 200, 200, 304, 404, 200, 302, 500, 499, 502};
constexpr std::string_view kUsers[] = {"root",   "admin", "git",   "ubuntu",
                                       "oracle", "test",  "deploy"};
constexpr std::string_view kModules[] = {"payment", "inventory", "session", "mailer", "search"};
constexpr std::string_view kMessages[] = {
    "request done",    "cache miss, reading through", "connection to the database was reset",
    "retry scheduled", "message published",           "error: upstream timed out"};
constexpr std::string_view kClasses[] = {
    "c.e.shop.OrderService", "c.e.shop.PaymentClient", "o.s.web.servlet.DispatcherServlet",
    "c.z.hikari.pool.HikariPool", "o.a.kafka.clients.NetworkClient"};

template <size_t N>
std::string_view Pick(const std::string_view (&texts)[N], uint64_t number) {
  return texts[number % N];
}

std::string Time(const char* format, int64_t time_ns) {
  return absl::FormatTime(format, absl::FromUnixNanos(time_ns), absl::UTCTimeZone());
}

template <typename... Args>
void Write(std::string* out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(*out), format, std::forward<Args>(args)...);
}

}  // namespace

LogLines::LogLines(uint64_t seed, int streams) : random_(seed) {
  for (int i = 0; i < streams; ++i) {
    programs_.push_back({.pid = static_cast<int>(200 + Below(30'000)),
                         .counter = Below(1'000'000),
                         .host = fmt::format("node-{:02}", i % 24)});
  }
}

void LogLines::Append(int stream, int64_t time_ns, std::string* out) {
  static constexpr Writer kWriters[kFormats] = {
      &LogLines::Nginx,  &LogLines::Sshd, &LogLines::Kernel, &LogLines::Json,
      &LogLines::Logfmt, &LogLines::Java, &LogLines::Hdfs,   &LogLines::ApacheError};
  Program& program = programs_[static_cast<size_t>(stream)];
  ++program.counter;
  (this->*kWriters[stream % kFormats])(program, time_ns, out);
}

uint64_t LogLines::Skewed(uint64_t bound) {
  const double even = std::uniform_real_distribution<double>()(random_);
  return static_cast<uint64_t>(even * even * static_cast<double>(bound));
}

std::string LogLines::Address() {
  return fmt::format("10.{}.{}.{}", Skewed(8), Skewed(250), 1 + Below(250));
}

std::string LogLines::Hex(int digits) {
  return fmt::format("{:016x}{:016x}", random_(), random_()).substr(0, static_cast<size_t>(digits));
}

double LogLines::Milliseconds() {
  return std::exp(std::normal_distribution<double>(2.5, 1.0)(random_));
}

void LogLines::Nginx(Program&, int64_t time_ns, std::string* out) {
  const uint64_t path = Skewed(10);
  Write(out, "{} - - [{}] \"{} {}{} HTTP/1.1\" {} {} \"-\" \"{}\" {:.3f}", Address(),
        Time("%d/%b/%Y:%H:%M:%S %z", time_ns), Below(8) == 0 ? "POST" : "GET", Pick(kPaths, path),
        path == 2 || path == 7 ? std::to_string(Skewed(50'000)) : "", kCodes[Skewed(10)],
        Skewed(60'000), Pick(kAgents, Skewed(5)), Milliseconds() / 1000);
}

void LogLines::Sshd(Program& program, int64_t time_ns, std::string* out) {
  const int pid = program.pid + static_cast<int>(program.counter / 3 % 30'000);
  Write(out, "{} {} sshd[{}]: ", Time("%b %e %H:%M:%S", time_ns), program.host, pid);
  const std::string_view user = Pick(kUsers, Skewed(7));
  switch (Below(4)) {
    case 0:
      Write(out, "Failed password for invalid user {} from {} port {} ssh2", user, Address(),
            1024 + Below(60'000));
      break;
    case 1:
      Write(out, "Accepted publickey for {} from {} port {} ssh2: ED25519 SHA256:{}", user,
            Address(), 1024 + Below(60'000), Hex(32));
      break;
    case 2:
      Write(out, "pam_unix(sshd:session): session opened for user {}(uid={}) by (uid=0)", user,
            1000 + Skewed(50));
      break;
    default:
      Write(out, "Received disconnect from {} port {}:11: disconnected by user", Address(),
            1024 + Below(60'000));
  }
}

void LogLines::Kernel(Program& program, int64_t time_ns, std::string* out) {
  Write(out, "{} {} kernel: [{:12.6f}] ", Time("%b %e %H:%M:%S", time_ns), program.host,
        static_cast<double>(time_ns % 1'000'000'000'000'000) / 1e9);
  switch (Skewed(4)) {
    case 0:
      Write(out,
            "[UFW BLOCK] IN=eth0 OUT= MAC={} SRC={} DST=10.0.0.{} LEN={} TTL={} ID={} PROTO=TCP",
            Hex(12), Address(), Below(250), 40 + Skewed(1400), 32 + Below(200), Below(65'536));
      break;
    case 1:
      Write(out, "audit: type=1400 audit({}): apparmor=\"ALLOWED\" operation=\"open\" pid={}",
            Time("%s.123", time_ns), Below(32'768));
      break;
    case 2:
      Write(out, "eth0: renamed from veth{}", Hex(7));
      break;
    default:
      Write(out, "oom-kill:constraint=CONSTRAINT_MEMCG,task=java,pid={},uid={}", Below(32'768),
            1000 + Skewed(20));
  }
}

void LogLines::Json(Program& program, int64_t time_ns, std::string* out) {
  Write(out,
        "{{\"ts\":\"{}\",\"level\":\"{}\",\"module\":\"{}\",\"msg\":\"{}\",\"trace_id\":\"{}\","
        "\"user_id\":{},\"duration_ms\":{:.2f},\"seq\":{}}}",
        Time("%Y-%m-%dT%H:%M:%E6SZ", time_ns), Below(20) == 0 ? "error" : "info",
        Pick(kModules, Skewed(5)), Pick(kMessages, Skewed(6)), Hex(32), Skewed(200'000),
        Milliseconds(), program.counter);
}

void LogLines::Logfmt(Program&, int64_t time_ns, std::string* out) {
  Write(out,
        "ts={} caller={}.go:{} level={} component={} msg=\"{}\" bytes={} took={:.3f}ms tenant=t{}",
        Time("%Y-%m-%dT%H:%M:%E9SZ", time_ns), Pick(kModules, Below(5)), 20 + Skewed(30) * 7,
        Below(12) == 0 ? "warn" : "info", Pick(kModules, Skewed(5)), Pick(kMessages, Skewed(6)),
        Skewed(1 << 20), Milliseconds(), Skewed(40));
}

void LogLines::Java(Program& program, int64_t time_ns, std::string* out) {
  const bool failed = Below(25) == 0;
  Write(out, "{} {:5} {} --- [exec-{}] {} : ", Time("%Y-%m-%d %H:%M:%E3S", time_ns),
        failed ? "ERROR" : "INFO", program.pid, 1 + Skewed(32), Pick(kClasses, Skewed(5)));
  if (failed) {
    Write(out, "java.net.SocketTimeoutException: Read timed out after {} ms calling {}:{}",
          Below(30'000), Address(), 8000 + Below(100));
  } else {
    Write(out, "Order {} of customer {} moved to state {} in {} ms", program.counter,
          Skewed(90'000), Pick(kModules, Skewed(5)), static_cast<int>(Milliseconds()));
  }
}

void LogLines::Hdfs(Program& program, int64_t time_ns, std::string* out) {
  const uint64_t block = random_() >> 1;
  Write(out, "{} {} INFO dfs.", Time("%y%m%d %H%M%S", time_ns), program.pid);
  switch (Below(3)) {
    case 0:
      Write(out, "DataNode$DataXceiver: Receiving block blk_{} src: /{}:{} dest: /{}:50010", block,
            Address(), 1024 + Below(60'000), Address());
      break;
    case 1:
      Write(out, "DataNode$PacketResponder: PacketResponder {} for block blk_{} terminating",
            Below(3), block);
      break;
    default:
      Write(out,
            "FSNamesystem: BLOCK* NameSystem.addStoredBlock: {}:50010 is added to blk_{} size {}",
            Address(), block, Below(4) == 0 ? Below(67'108'864) : 67'108'864);
  }
}

void LogLines::ApacheError(Program& program, int64_t time_ns, std::string* out) {
  Write(
      out,
      "[{}] [{}:error] [pid {}:tid {}] [client {}:{}] AH{:05}: File does not exist: /var/www/{}{}",
      Time("%a %b %d %H:%M:%E6S %Y", time_ns), Pick(kModules, Skewed(5)), program.pid,
      140'000'000'000'000 + Below(64) * 8192, Address(), 1024 + Below(60'000), 128 + Skewed(6),
      Pick(kUsers, Skewed(7)), Pick(kPaths, Skewed(10)));
}

}  // namespace tidegate::bench
