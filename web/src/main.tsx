import { render } from "preact";
import "./shell/tokens.css";
import "./shell/shell.css";
import { Frame } from "./shell/Frame";
import { startRouter } from "./shell/router";
import { startShortcuts } from "./shell/shortcuts";
import { applyTheme } from "./shell/theme";

applyTheme();
startRouter();
startShortcuts();
render(<Frame />, document.getElementById("page")!);
