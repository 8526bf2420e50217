// The console's pages as one chunk.
export { Shell } from "../components/shell/shell";
export { Administration } from "./admin/admin";
export { ComputersPage } from "./computers";
export { LogsPage } from "./logs/logs";
export { NotFoundPage } from "./not-found";
export { SessionsPage } from "./sessions/sessions";
export { SettingsPage } from "./settings";
