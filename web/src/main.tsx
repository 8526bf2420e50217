import "./trusted-types";
import "./theme/styles";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startI18n } from "./i18n/setup";

await startI18n();
createRoot(document.getElementById("root")!).render(<App />);
