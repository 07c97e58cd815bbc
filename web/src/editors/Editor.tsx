// A line or more of a query language. The text belongs to the page; CodeMirror draws and edits it.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";

import { Annotation, EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { editorTheme, highlighting } from "./appearance";
import { serverMarks, setMarks } from "./serverMarks";
import type { Mark } from "./positions";

export interface EditorProps {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  /** The language with its completion; fixed for the life of the editor. */
  readonly language: Extension;
  /** What the server said about places in the text that was run last. */
  readonly marks: readonly Mark[];
  /** Takes the focus when it appears. */
  readonly autoFocus?: boolean;
  onChange(value: string): void;
  onRun(): void;
}

/** A change that the page made: it is not told back. */
const fromPage = Annotation.define<boolean>();

/**
 * CodeMirror writes its rules into a <style> element, which the content security policy forbids; below a shadow root
 * it uses constructed style sheets, which are allowed. So every editor has a shadow root of its own.
 */
export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>();
  const latest = useRef(props);
  latest.current = props;

  useLayoutEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open", delegatesFocus: true });
    const created = new EditorView({
      root,
      parent: root as unknown as Element,
      state: EditorState.create({ doc: latest.current.value, extensions: extensionsOf(latest) }),
    });
    view.current = created;
    if (latest.current.autoFocus) created.focus();
    return () => created.destroy();
  }, []);

  // Before anything else can be typed: an effect that runs later would put back what is out of date by then.
  useLayoutEffect(() => {
    const current = view.current;
    const old = current?.state.doc.toString();
    if (!current || old === props.value) return;
    current.dispatch({
      changes: { from: 0, to: current.state.doc.length, insert: props.value },
      selection: { anchor: props.value.length },
      annotations: fromPage.of(true),
    });
  }, [props.value]);

  useEffect(() => {
    setMarks(view.current!, props.marks);
  }, [props.marks]);

  return <div class="editor" ref={host} data-editor={props.label} />;
}

function extensionsOf(latest: { readonly current: EditorProps }): Extension[] {
  const run = () => {
    latest.current.onRun();
    return true;
  };
  return [
    Prec.highest(
      keymap.of([
        { key: "Mod-Enter", run },
        { key: "Shift-Enter", run },
      ]),
    ),
    history(),
    closeBrackets(),
    bracketMatching(),
    latest.current.language,
    serverMarks,
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": latest.current.label, spellcheck: "false", autocapitalize: "off" }),
    placeholder(latest.current.placeholder),
    syntaxHighlighting(highlighting),
    editorTheme,
    EditorView.updateListener.of((update) => {
      const typed = !update.transactions.some((transaction) => transaction.annotation(fromPage));
      if (update.docChanged && typed) latest.current.onChange(update.state.doc.toString());
    }),
  ];
}
