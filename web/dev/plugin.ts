import { createHash } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Connect, Plugin, PreviewServer, ViteDevServer } from "vite";
import { type MockApi, mockApi } from "./api.ts";
import { makeSession, makeWorld, type Size } from "./seed.ts";

// DESKHAND_MOCK=1 npm run dev (or npx vite preview): the console over a made-up world, without a server. POST /__mock
// {sessions, computers, logs, me, loggedIn} makes another world; POST /__mock/session lets one more end-user arrive. The
// headers are those of the real server, so that what its Content-Security-Policy forbids shows here, too.

export const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
    "require-trusted-types-for 'script'; trusted-types default; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export function mockPlugin(): Plugin {
  const sockets = new Set<Duplex>();
  const changed = (topics: string[]) => {
    for (const socket of sockets) socket.write(textFrame(JSON.stringify({ type: "changed", topics })));
  };
  const world = (size: Size, me = {}) => makeWorld(size, Date.now(), me);
  const mock: MockApi = mockApi(world({ sessions: 3, computers: 3, logs: 3 }), changed);

  const control: Connect.NextHandleFunction = async (request, response, next) => {
    if (!request.url?.startsWith("/__mock")) return next();
    const { me, loggedIn = true, ...size } = JSON.parse((await bodyOf(request)) || "{}");
    if (request.url === "/__mock/session") {
      const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
      const made = makeSession(mock.world.sessions.length * 6, ago);
      mock.world.sessions.push({
        ...made,
        id: `new-${Date.now()}`,
        since: ago(0),
        createdAt: ago(0),
        mine: true,
        line: [],
      });
    } else {
      mock.world = { ...world({ sessions: 0, computers: 0, logs: 0, ...size }, me), loggedIn };
    }
    changed(["sessions", "computers", "logs", "invites", "settings"]);
    response.end();
  };
  const answer: Connect.NextHandleFunction = async (request, response, next) => {
    if (!request.url?.startsWith("/api/")) return next();
    await send(response, await mock.fetch(await requestOf(request)));
  };
  const install = (server: ViteDevServer | PreviewServer) => {
    server.middlewares.use(control);
    server.middlewares.use(answer);
    (server.httpServer as Server | null)?.on("upgrade", (request, socket: Duplex) => {
      if (request.url !== "/api/events") return;
      accept(request, socket);
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => sockets.delete(socket));
    });
  };
  return {
    name: "deskhand:mock",
    enforce: "pre",
    config: () => ({ preview: { headers: securityHeaders } }),
    configureServer: install,
    configurePreviewServer: install,
    // There is nobody to connect to, so the viewer shows a still picture, and a prompt
    // echoes.
    resolveId(id, importer) {
      if (id.endsWith("/viewer/viewer") && importer?.endsWith("use-viewer.ts")) {
        return fileURLToPath(new URL("./still-viewer.ts", import.meta.url));
      }
      if (id === "./prompts" && importer?.endsWith("terminal/desk.ts")) {
        return fileURLToPath(new URL("./still-prompts.ts", import.meta.url));
      }
      return undefined;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

async function requestOf(request: IncomingMessage): Promise<Request> {
  const method = request.method ?? "GET";
  const body = method === "GET" ? undefined : (await bodyOf(request)) || undefined;
  return new Request(`http://mock${request.url}`, { method, body });
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** The server's half of a WebSocket's handshake, RFC 6455. */
function accept(request: IncomingMessage, socket: Duplex): void {
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const hash = createHash("sha1").update(key).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${hash}\r\n\r\n`,
  );
}

/** One unmasked text frame of less than 64 KiB. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}
