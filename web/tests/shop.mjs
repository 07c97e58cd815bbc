// Data of a small shop for tests of the explore pages: six hours of metrics and an hour of logs up to `now`, always the
// same, so that tests can say what must be drawn.

/** Repeatable noise in [0, 1): the same for the same arguments. */
function noise(a, b) {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43758.5453;
  return x - Math.floor(x);
}

function counters(now, hours, step) {
  const lines = [];
  const start = now - hours * 3600_000;
  const times = [];
  for (let t = start; t <= now; t += step) times.push(t);
  let id = 0;
  for (const instance of ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"]) {
    for (const method of ["GET", "POST"]) {
      for (const code of ["200", "404", "500"]) {
        id++;
        let total = 1000 * id;
        const base = { 200: 40, 404: 3, 500: 0.4 }[code] * (method === "GET" ? 1 : 0.3);
        const values = times.map((t, i) => {
          const day = 1 + 0.5 * Math.sin(t / 3600_000);
          total += Math.round((base * day * (0.7 + 0.6 * noise(id, i)) * step) / 1000);
          return total;
        });
        lines.push({
          metric: { __name__: "http_requests_total", job: "shop", instance, method, code },
          values,
          timestamps: times,
        });
      }
    }
    const used = times.map((t, i) => Math.round(4e8 + 1.5e8 * Math.sin(t / 1800_000 + id) + 2e7 * noise(id, i)));
    lines.push({
      metric: { __name__: "process_resident_memory_bytes", job: "shop", instance },
      values: used,
      timestamps: times,
    });
    lines.push({ metric: { __name__: "up", job: "shop", instance }, values: times.map(() => 1), timestamps: times });
    const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, Infinity];
    const sums = bounds.map(() => []);
    const running = bounds.map(() => 0);
    times.forEach((t, i) => {
      const centre = 4 + 2 * Math.sin(t / 2400_000);
      let cumulative = 0;
      bounds.forEach((_, b) => {
        cumulative += Math.round(200 * Math.exp(-((b - centre) ** 2) / 3) * (0.8 + 0.4 * noise(b + id, i)));
        running[b] += cumulative;
        sums[b].push(running[b]);
      });
    });
    bounds.forEach((bound, b) =>
      lines.push({
        metric: {
          __name__: "rpc_duration_seconds_bucket",
          job: "shop",
          instance,
          le: bound === Infinity ? "+Inf" : String(bound),
        },
        values: sums[b],
        timestamps: times,
      }),
    );
    id += 100;
  }
  return lines.map((line) => JSON.stringify(line)).join("\n") + "\n";
}

const families = `# HELP http_requests_total Requests that the shop answered, by method and status code.
# TYPE http_requests_total counter
# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
# HELP rpc_duration_seconds Time that calls took.
# TYPE rpc_duration_seconds histogram
# HELP up Whether the target could be scraped.
# TYPE up gauge
`;

function histograms(now, hours, step) {
  const start = now - hours * 3600_000;
  const points = [];
  const counts = new Array(24).fill(0);
  let sum = 0;
  for (let t = start, i = 0; t <= now; t += step, i++) {
    const centre = 12 + 5 * Math.sin(t / 3000_000);
    counts.forEach((_, b) => {
      const add = Math.round(60 * Math.exp(-((b - centre) ** 2) / 6) * (0.7 + 0.6 * noise(b, i)));
      counts[b] += add;
      sum += add * 2 ** ((b - 20) / 2);
    });
    const point = {
      timeUnixNano: `${t}000000`,
      startTimeUnixNano: `${start - step}000000`,
      scale: 1,
      zeroCount: "0",
      count: String(counts.reduce((a, b) => a + b, 0)),
      sum,
      positive: { offset: -20, bucketCounts: counts.map(String) },
    };
    if (i % 16 === 0) {
      point.exemplars = [
        {
          timeUnixNano: `${t}000000`,
          asDouble: 2 ** ((centre - 20) / 2),
          traceId: (0x4bf92f35 + i).toString(16).padStart(32, "a"),
          spanId: "00f067aa0ba902b7",
        },
      ];
    }
    points.push(point);
  }
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: {
          attributes: [
            { key: "service.name", value: { stringValue: "shop" } },
            { key: "service.instance.id", value: { stringValue: "10.0.0.1:8080" } },
          ],
        },
        scopeMetrics: [
          {
            metrics: [
              {
                name: "checkout.duration",
                unit: "s",
                description: "Time that a checkout took.",
                exponentialHistogram: { aggregationTemporality: 2, dataPoints: points },
              },
            ],
          },
        ],
      },
    ],
  });
}

const levels = ["info", "info", "info", "info", "debug", "info", "warn", "info", "error", "info"];

/** Lines of one stream in each format that people have: logfmt, JSON, and an access log. */
function logs(now, count, spread) {
  const streams = [
    { stream: { app: "checkout", env: "prod", host: "node-1" }, values: [] },
    { stream: { app: "checkout", env: "prod", host: "node-2" }, values: [] },
    { stream: { app: "catalogue", env: "prod", host: "node-1" }, values: [] },
    { stream: { app: "proxy", env: "prod", host: "node-3" }, values: [] },
  ];
  for (let i = 0; i < count; i++) {
    const t = now - Math.round(((count - i) * spread) / count);
    const level = levels[Math.floor(noise(i, 1) * levels.length)];
    const order = 1000 + i;
    const took = Math.round(noise(i, 2) * 900);
    const nanos = `${t}${String(i % 1000000).padStart(6, "0")}`;
    const trace = { trace_id: (0x1000000 + i * 7919).toString(16).padStart(32, "0") };
    const which = i % 4;
    if (which < 2) {
      const message = {
        error: "payment failed: card declined",
        warn: "slow answer from bank",
        debug: "cart loaded",
        info: "order paid",
      }[level];
      streams[which].values.push([
        nanos,
        `level=${level} msg="${message}" order=${order} took=${took}ms user=u${i % 97}`,
        trace,
      ]);
    } else if (which === 2) {
      streams[2].values.push([
        nanos,
        JSON.stringify({
          level,
          msg: "lookup",
          sku: `A-${i % 331}`,
          took_ms: took,
          cache: { hit: i % 3 > 0, shard: i % 5 },
        }),
        trace,
      ]);
    } else {
      const code = level === "error" ? 502 : level === "warn" ? 404 : 200;
      streams[3].values.push([
        nanos,
        `10.1.${i % 7}.${i % 251} - - "GET /item/${i % 331} HTTP/1.1" ${code} ${took * 13} "Mozilla/5.0"`,
      ]);
    }
  }
  return streams;
}

// Fills a server (see server.mjs). `lines`: how many log lines, over the hour before `now`.
export async function openShop(server, { now, hours = 6, lines = 2000 }) {
  const json = { "Content-Type": "application/json" };
  await server.ask("/api/v1/import", { method: "POST", body: counters(now, hours, 15_000) });
  await server.importText(families);
  await server.ask("/otlp/v1/metrics", { method: "POST", headers: json, body: histograms(now, hours, 30_000) });
  for (const { stream, values } of logs(now, lines, 3600_000)) {
    for (let from = 0; from < values.length; from += 2000) {
      const body = JSON.stringify({ streams: [{ stream, values: values.slice(from, from + 2000) }] });
      await server.ask("/loki/api/v1/push", { method: "POST", headers: json, body });
    }
  }
}
