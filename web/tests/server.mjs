// A server under test: $TIDEGATE on free ports and a temporary directory.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.env.TIDEGATE ?? "../out/tidegate");

// Repeats `check` until it returns something true, and returns that. What it throws counts as not
// yet; the last of it is thrown when the time is over.
export async function until(check, what, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  let last;
  while (Date.now() < end) {
    try {
      const found = await check();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`did not happen in time: ${what}`, { cause: last });
}

export class Server {
  // `files`: name -> text, written beside the data; a config.yaml among them becomes --config.
  static async start({ files = {}, flags = [] } = {}) {
    const server = new Server();
    server.directory = await mkdtemp(join(tmpdir(), "tidegate-web-"));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(server.directory, name), text);
    }
    const config = "config.yaml" in files ? [`--config=${join(server.directory, "config.yaml")}`] : [];
    // It must not outlive the test, however that ends.
    server.process = spawn(
      "setpriv",
      [
        "--pdeathsig=KILL",
        binary,
        "--http_address=127.0.0.1:0",
        "--grpc_address=127.0.0.1:0",
        `--storage_dir=${join(server.directory, "data")}`,
        ...config,
        ...flags,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    server.log = "";
    server.process.stderr.on("data", (data) => (server.log += data));
    server.process.stdout.on("data", (data) => (server.log += data));
    server.process.on("error", (error) => (server.log += error));
    const port = await until(() => {
      if (server.process.exitCode !== null) throw new Error(server.log);
      return /HTTP on [^ ]*:(\d+)/.exec(server.log)?.[1];
    }, "the server's start");
    server.origin = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${server.origin}/-/ready`)).ok, "readiness");
    return server;
  }

  async stop() {
    this.process.kill("SIGKILL");
    await new Promise((done) => (this.process.exitCode === null && this.process.signalCode === null ? this.process.once("exit", done) : done()));
    await rm(this.directory, { recursive: true, force: true });
  }

  // The answer, which has to be 2xx.
  async ask(path, init = {}) {
    const response = await fetch(this.origin + path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async data(path) {
    return (await (await this.ask(path)).json()).data;
  }

  // Prometheus' text format, with timestamps in milliseconds where it matters.
  async importText(text, headers = {}) {
    await this.ask("/api/v1/import/prometheus", { method: "POST", body: text, headers });
  }

  // `entries`: [milliseconds, line, metadata?] of one stream.
  async pushLogs(stream, entries, headers = {}) {
    const values = entries.map(([at, line, metadata]) => [`${at}000000`, line, ...(metadata ? [metadata] : [])]);
    await this.ask("/loki/api/v1/push", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ streams: [{ stream, values }] }),
    });
  }

  // A rule group in YAML, in a namespace of the ruler API.
  async addRules(namespace, group) {
    await this.ask(`/prometheus/config/v1/rules/${namespace}`, { method: "POST", body: group });
  }
}
