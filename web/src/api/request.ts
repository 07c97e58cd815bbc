// Requests to this server, the only one the page talks to. The session is an HttpOnly cookie that
// the browser adds; nothing here sees a key, but for login() in session.ts.
import { serverRoot } from "../shell/router";

// What went wrong, in the server's words, and what can be done about it.
export class RequestError extends Error {
  constructor(
    readonly status: number, // 0: there was no answer.
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  // Parameters; with POST they go into the body as a form. A list repeats its name.
  params?: Record<string, string | number | readonly string[] | undefined>;
  json?: unknown;
  headers?: Record<string, string>;
  // Not about the chosen tenant.
  anyTenant?: boolean;
  // Ends the request, and with it the query on the server.
  signal?: AbortSignal;
}

// The tenant that requests are about; "" is the one of the key. Kept for this tab only.
const tenantField = "tidegate-tenant";
let chosenTenant = sessionStorage.getItem(tenantField) ?? "";
export function tenant(): string {
  return chosenTenant;
}
export function setTenant(name: string): void {
  chosenTenant = name;
  sessionStorage.setItem(tenantField, name);
}

// Told when the server wants a key: the shell asks for it and the page tries again.
let onUnauthorized: () => void = () => {};
export function whenUnauthorized(listener: () => void): void {
  onUnauthorized = listener;
}

export function formOf(params: RequestOptions["params"]): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value === undefined) continue;
    if (typeof value === "object") for (const each of value) form.append(name, each);
    else form.append(name, String(value));
  }
  return form;
}

// The address of a path of the server ("api/v1/query"), without a leading slash.
export function serverHref(path: string, params?: RequestOptions["params"]): string {
  const query = formOf(params).toString();
  return serverRoot + path + (query ? `?${query}` : "");
}

function adviceFor(status: number): string {
  switch (status) {
    case 0:
      return "The server does not answer. Is it running, and can this machine reach it?";
    case 401:
      return "Log in with a key of this tenant.";
    case 403:
      return "The key may not do this. Log in with one that has the permission.";
    case 404:
      return "This process does not serve it: ask one with --target=all or gateway.";
    case 422:
      return "Narrow the query down, or raise the limit that is named.";
    case 429:
      return "The tenant's rate is used up. Try again in a moment.";
    case 503:
      return "The server is busy, starting, or a service of it is away. Try again in a moment.";
    default:
      return status >= 500 ? "The server's log says more." : "";
  }
}

// The text of a failure: Prometheus' and Mackerel's JSON, or plain text.
export function failureText(body: string, status: number): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === "object" && "error" in parsed) {
      const { error } = parsed as { error: unknown };
      if (typeof error === "string") return error;
      if (error && typeof error === "object" && "message" in error) return String(error.message);
    }
  } catch {
    // Plain text.
  }
  return body.trim() || `HTTP status ${status}`;
}

// The answer when it is 2xx; RequestError otherwise. An aborted request rejects with AbortError.
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? "GET";
  const headers = new Headers(options.headers);
  if (chosenTenant && !options.anyTenant) headers.set("X-Scope-OrgID", chosenTenant);
  let body: string | undefined;
  if (options.json !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(options.json);
  } else if (method === "POST" && options.params) {
    headers.set("Content-Type", "application/x-www-form-urlencoded");
    body = formOf(options.params).toString();
  }
  const href = body === undefined || options.json !== undefined ? serverHref(path, options.params) : serverHref(path);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = body;
  if (options.signal) init.signal = options.signal;
  let response: Response;
  try {
    response = await fetch(href, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new RequestError(0, "No answer from the server", adviceFor(0));
  }
  if (response.ok) return response;
  if (response.status === 401) onUnauthorized();
  throw new RequestError(
    response.status,
    failureText(await response.text(), response.status),
    adviceFor(response.status),
  );
}

export async function getJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return (await (await send(path, options)).json()) as T;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
