// What jsdom lacks, and the one seam through which a test's server answers.
import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { loadAllTexts, startI18n, switchLanguage } from "../i18n/setup";
import { FakeSocket } from "./fake-socket";

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal("ResizeObserver", Observer);
vi.stubGlobal("IntersectionObserver", Observer);
vi.stubGlobal("WebSocket", FakeSocket);
vi.stubGlobal("matchMedia", (media: string) => ({
  media,
  matches: false,
  addEventListener() {},
  removeEventListener() {},
}));
// What is fetched ahead is fetched when it is needed.
vi.stubGlobal("requestIdleCallback", () => 0);
Element.prototype.scrollIntoView = () => {};
window.scrollTo = () => {};

/** The API client keeps the fetch that it finds when it is loaded, so that one asks here which server is up. */
export const server = { fetch: (_request: Request): Promise<Response> => Promise.reject(new Error("no server")) };
vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) =>
  server.fetch(new Request(typeof input === "string" ? new URL(input, location.origin) : input, init)),
);

// The first page of a file fetches and compiles the console.
// Asking for each element whether it is hidden costs most of the time.
configure({ asyncUtilTimeout: 10_000, defaultHidden: true });

beforeAll(async () => {
  if (!i18next.isInitialized) await startI18n();
  await loadAllTexts();
});

beforeEach(async () => {
  localStorage.clear();
  FakeSocket.all.length = 0;
  await switchLanguage("en");
});

afterEach(() => {
  cleanup();
  notifications.clean();
});
