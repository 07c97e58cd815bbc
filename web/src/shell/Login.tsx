import { useRef, useState } from "preact/hooks";
import { RequestError } from "../api/request";
import { logIn } from "../api/session";

// Asks for a key and opens a session with it. The key is in the field until it was sent.
export function Login(props: { done: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? "";
    if (!key) return;
    setBusy(true);
    setError("");
    try {
      await logIn(key);
      props.done();
    } catch (failure) {
      setError(failure instanceof RequestError && failure.status === 401 ? "This key is not known here." : (failure as Error).message);
      setBusy(false);
      field.current?.select();
    }
  };
  return (
    <form class="login panel" onSubmit={submit}>
      <h1>Log in</h1>
      <p class="soft">
        With a key that has the permission <code>read</code>. An administrator makes one with <code>tidegate key</code>.
      </p>
      <label>
        Key
        <input
          ref={field}
          type="password"
          name="key"
          autocomplete="current-password"
          spellcheck={false}
          aria-invalid={error !== ""}
          aria-describedby="login-error"
          autofocus
        />
      </label>
      <div id="login-error" role="alert" class="error">
        {error}
      </div>
      <button class="primary" disabled={busy}>
        {busy ? "Logging in…" : "Log in"}
      </button>
    </form>
  );
}
