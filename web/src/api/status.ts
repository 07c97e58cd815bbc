// What the server says about itself.
import { getJson } from "./request";

interface Envelope<T> {
  data: T;
}

export interface BuildInfo {
  version: string;
  revision: string;
}

export async function buildInfo(signal?: AbortSignal): Promise<BuildInfo> {
  return (await getJson<Envelope<BuildInfo>>("api/v1/status/buildinfo", { signal })).data;
}
