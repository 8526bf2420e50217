// The pages of Administration as one chunk.
export { AgentsPage } from "./agents/agents";
