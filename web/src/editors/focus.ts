/** Takes the keyboard to the first editor of the page. */
export function focusEditor(): void {
  document.querySelector(".editor")?.shadowRoot?.querySelector<HTMLElement>(".cm-content")?.focus();
}
