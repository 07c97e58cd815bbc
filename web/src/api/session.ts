// Who is logged in. The key is sent once and kept nowhere: the session is a cookie that scripts do not see.
import { getJson, send } from "./request";

export type Permission = "read" | "write" | "admin";

export interface Session {
  authentication: boolean; // Whether keys are needed at all.
  authenticated: boolean; // Whether it may read.
  trust_org_id: boolean; // Whether any tenant may be named.
  tenant?: string;
  key?: string;
  permissions?: Permission[];
  read_tenants?: string[];
}

const path = "ui/session";

export function session(signal?: AbortSignal): Promise<Session> {
  return getJson<Session>(path, { anyTenant: true, ...(signal && { signal }) });
}

export async function logIn(key: string): Promise<void> {
  await send(path, { method: "POST", anyTenant: true, headers: { "X-Api-Key": key } });
}

export async function logOut(): Promise<void> {
  await send(path, { method: "DELETE", anyTenant: true });
}

export function mayRead(session: Session): boolean {
  return !session.authentication || session.authenticated;
}

// Whether the tenant that was chosen in this tab can still be looked at.
export function mayChoose(session: Session, name: string): boolean {
  return name === "" || session.trust_org_id || choosableTenants(session).includes(name);
}

// Tenants that the page offers to look at, the session's own first; none when there is no choice.
export function choosableTenants(session: Session): string[] {
  if (!session.authenticated || !session.tenant || !session.read_tenants?.length) return [];
  const others = session.read_tenants.filter((name) => name !== session.tenant);
  return [session.tenant, ...others, [session.tenant, ...others].join("|")];
}
