// The frame around every page: navigation, theme, keyboard help, login, and the page itself.
import type { ComponentType } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { choosableTenants, logOut, mayChoose, mayRead, session as loadSession, type Session } from "../api/session";
import { setTenant, tenant, whenUnauthorized } from "../api/request";
import icon from "./icon.svg";
import { Login } from "./Login";
import { Failure, Waiting } from "./Notice";
import { aliases, pages, startPage, type PageEntry } from "./pages";
import { go, pageHref, usePlace } from "./router";
import { knownShortcuts, useShortcut } from "./shortcuts";
import { setTheme, theme, themes } from "./theme";

const loaded = new Map<string, ComponentType>();

function usePage(entry: PageEntry | undefined) {
  const [, draw] = useState(0);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    setError(undefined);
    if (!entry || loaded.has(entry.path)) return;
    entry.load().then(
      (module) => {
        loaded.set(entry.path, module.default);
        draw((count) => count + 1);
      },
      () => setError(new Error("This part of the page could not be loaded. The server may have been updated: reload.")),
    );
  }, [entry]);
  return { component: entry && loaded.get(entry.path), error };
}

function NavLink(props: { page: PageEntry; current: boolean }) {
  useShortcut(`g ${props.page.key}`, `Go to ${props.page.title}`, useCallback(() => go(pageHref(props.page.path)), [props.page]));
  return (
    <a href={pageHref(props.page.path)} aria-current={props.current ? "page" : undefined}>
      {props.page.title}
    </a>
  );
}

function Navigation(props: { current: PageEntry | undefined }) {
  return (
    <nav class="nav" aria-label="Pages">
      {pages.map((page, index) => [
        index > 0 && page.group !== pages[index - 1]!.group && <span class="gap" />,
        <NavLink key={page.path} page={page} current={page === props.current} />,
      ])}
    </nav>
  );
}

function ThemeChoice() {
  const [choice, setChoice] = useState(theme());
  const next = themes[(themes.indexOf(choice) + 1) % themes.length]!;
  const change = () => {
    setTheme(next);
    setChoice(next);
  };
  const signs = { system: "◐", light: "○", dark: "●" };
  return (
    <button class="quiet" onClick={change} title={`Colours: ${choice}. Change to ${next}`} aria-label={`Colours: ${choice}`}>
      {signs[choice]}
    </button>
  );
}

function KeyboardHelp(props: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={props.close} aria-labelledby="keys-title">
      <h1 id="keys-title">Keyboard</h1>
      <table>
        <tbody>
          {knownShortcuts().map((shortcut) => (
            <tr key={shortcut.keys}>
              <td>
                {shortcut.keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{shortcut.does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}

// Whose data is shown, where there is a choice: tenants that the key may read, or any where the server trusts the
// name. Everything is loaded anew for another tenant.
function TenantChoice(props: { session: Session; onChange: () => void }) {
  const { session } = props;
  const names = choosableTenants(session);
  const choose = (name: string) => {
    setTenant(name === session.tenant ? "" : name);
    props.onChange();
  };
  if (names.length) {
    return (
      <select aria-label="Tenant" value={tenant() || session.tenant} onChange={(event) => choose(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    );
  }
  if (session.trust_org_id && !session.authentication) {
    return (
      <input
        class="tenant"
        aria-label="Tenant"
        placeholder="Tenant: default"
        value={tenant()}
        onChange={(event) => choose(event.currentTarget.value.trim())}
      />
    );
  }
  return session.tenant ? <span class="soft">{session.tenant}</span> : null;
}

function LogOut(props: { session: Session; done: () => void }) {
  if (!props.session.key) return null;
  const leave = async () => {
    setTenant("");
    await logOut().catch(() => undefined); // The session ends by itself where it cannot be ended.
    props.done();
  };
  return (
    <button class="quiet" onClick={leave} title={`Logged in with the key ${props.session.key}`}>
      Log out
    </button>
  );
}

// Asks who is logged in, again after every login and whenever the server wants a key.
function useSession() {
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<Error>();
  const ask = useCallback(() => {
    loadSession().then((found) => {
      if (!mayChoose(found, tenant())) setTenant("");
      setError(undefined);
      setSession(found);
    }, setError);
  }, []);
  useEffect(() => {
    whenUnauthorized(ask);
    ask();
  }, []);
  return { session, error, ask };
}

export function Frame() {
  const { session, error: sessionError, ask } = useSession();
  const [visit, setVisit] = useState(0); // Another one loads every page anew.
  const begin = () => {
    setVisit((count) => count + 1);
    ask();
  };
  const { page: path, params } = usePlace();
  const alias = aliases[path];
  const entry = path === "" ? startPage : pages.find((page) => page.path === path);
  const { component: Page, error } = usePage(entry);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  useShortcut("?", "Show this list", useCallback(() => setHelp(true), []));

  useEffect(() => {
    if (alias) go(alias(params), { replace: true });
  }, [alias]);
  useEffect(() => {
    document.title = entry ? `${entry.title} · Tidegate` : "Tidegate";
  }, [entry]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the page
      </a>
      <header class="bar">
        <a class="brand" href={pageHref(startPage.path)}>
          <img src={icon} alt="" />
          <span>Tidegate</span>
        </a>
        <Navigation current={entry} />
        <div class="tools">
          {session && <TenantChoice session={session} onChange={() => setVisit((count) => count + 1)} />}
          {session && <LogOut session={session} done={begin} />}
          <ThemeChoice />
          <button class="quiet" onClick={() => setHelp(true)} title="Keyboard (?)" aria-label="Keyboard">
            ?
          </button>
        </div>
      </header>
      <main class="main" id="main" ref={main} tabIndex={-1}>
        <Failure error={error} retry={() => location.reload()} />
        <Failure error={session ? undefined : sessionError} retry={ask} />
        {session && !mayRead(session) && <Login done={begin} />}
        {session && mayRead(session) && (Page ? <Page key={visit} /> : entry && !error && <Waiting active />)}
        {!entry && !alias && <Failure error={new Error(`There is no page ui/${path}`)} />}
      </main>
      {help && <KeyboardHelp close={() => setHelp(false)} />}
    </>
  );
}
