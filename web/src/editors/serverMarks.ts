// What the server said about places in the text that was run last, beside what the editor finds by itself.
import { type Diagnostic, forceLinting, linter } from "@codemirror/lint";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Mark } from "./positions";

const replace = StateEffect.define<readonly Mark[]>();

// Marks are about a text: with the first change they are out of date and go.
const field = StateField.define<readonly Mark[]>({
  create: () => [],
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(replace)) return effect.value;
    }
    return transaction.docChanged ? [] : marks;
  },
});

export const serverMarks: Extension = [
  field,
  linter((view) => toDiagnostics(view.state.field(field), view.state.doc.length), {
    needsRefresh: (update) => update.startState.field(field) !== update.state.field(field),
  }),
];

export function setMarks(view: EditorView, marks: readonly Mark[]): void {
  if (marks.length === 0 && view.state.field(field).length === 0) return;
  view.dispatch({ effects: replace.of(marks) });
  forceLinting(view);
}

function toDiagnostics(marks: readonly Mark[], length: number): Diagnostic[] {
  return marks
    .filter(({ from }) => from <= length)
    .map(({ from, to, severity, message }) => ({ from, to: Math.min(to, length), severity, message }));
}
