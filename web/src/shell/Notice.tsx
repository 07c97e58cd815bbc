// What a page has to say: failures with what to do about them, warnings, emptiness, waiting.
import type { ComponentChildren } from "preact";
import { RequestError } from "../api/request";

export function Notice(props: { kind?: "info" | "warn" | "bad"; children: ComponentChildren }) {
  const kind = props.kind ?? "info";
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <div>{props.children}</div>
    </div>
  );
}

// A failed request: the server's own words, what to do, and again.
export function Failure(props: { error: Error | undefined; retry?: () => void }) {
  if (!props.error) return null;
  const advice = props.error instanceof RequestError ? props.error.advice : "";
  return (
    <div class="notice bad" role="alert">
      <div>
        <strong>{props.error.message}</strong>
        {advice && <div class="soft">{advice}</div>}
      </div>
      {props.retry && <button onClick={props.retry}>Try again</button>}
    </div>
  );
}

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{props.title}</strong>
      {props.children && <p>{props.children}</p>}
    </div>
  );
}

export function Waiting(props: { active: boolean }) {
  return props.active ? (
    <div class="waiting" role="progressbar" aria-label="Loading" />
  ) : (
    <div style={{ height: "2px" }} />
  );
}
