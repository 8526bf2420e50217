import createClient from "openapi-fetch";
import { Fault, faultOf } from "./fault";
import type { paths } from "./schema.gen";

/** The server's JSON API, typed by its OpenAPI document (openapi.json → schema.gen.ts). */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin", cache: "no-store" });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What the server answered, or a Fault that people can read. A network failure is one, too. */
export async function take<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Fault({ code: "unreachable", status: 0 }, { cause });
  }
  if (!answer.response.ok) throw faultOf(answer.error, answer.response);
  return answer.data as T;
}
