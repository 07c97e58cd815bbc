// What was asked before in this browser.
import { useState } from "preact/hooks";
import { Popover } from "../shell/Popover";
import type { QueryHistory } from "./history";

export interface HistoryMenuProps {
  readonly history: QueryHistory;
  onChoose(query: string): void;
}

export function HistoryMenu({ history, onChoose }: HistoryMenuProps) {
  return (
    <Popover label="Queries of before" button="History" class="quiet" side="right">
      {(close) => (
        <HistoryPanel
          history={history}
          onChoose={(query) => {
            onChoose(query);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function HistoryPanel({ history, onChoose }: HistoryMenuProps) {
  const [entries, setEntries] = useState(() => history.list());
  const [search, setSearch] = useState("");
  const words = search.toLowerCase().split(/\s+/);
  const found = entries.filter((entry) => words.every((word) => entry.toLowerCase().includes(word)));
  const clear = () => {
    history.clear();
    setEntries([]);
  };
  return (
    <div class="history-panel">
      <div class="row">
        <input
          class="grow"
          placeholder="Search"
          aria-label="Search the history"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <button class="quiet" disabled={entries.length === 0} onClick={clear}>
          Clear
        </button>
      </div>
      {found.length === 0 && (
        <p class="soft">
          {entries.length === 0
            ? "Queries that you run are kept here, in this browser alone."
            : "None of them has these words."}
        </p>
      )}
      <ul>
        {found.map((entry) => (
          <li key={entry}>
            <button class="quiet mono" onClick={() => onChoose(entry)}>
              {entry}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
