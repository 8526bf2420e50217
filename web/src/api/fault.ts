import type { Problem } from "./schema.gen";

/** What kind of fault it is: the server's codes (deskhand.Code), and "unreachable" when it did not answer. */
export const codes = [
  "invalid",
  "unauthorized",
  "forbidden",
  "not-found",
  "conflict",
  "throttled",
  "offline",
  "unavailable",
  "internal",
  "unreachable",
] as const;
export type Code = (typeof codes)[number];

/** A request that did not succeed. Words for people come from the catalogues by code; see useFaultText. */
export class Fault extends Error {
  readonly code: Code;
  readonly status: number;
  /** The input at fault, as the API names it. */
  readonly field?: string;
  /** The server's own sentences, in English. */
  readonly detail?: string;
  readonly hint?: string;
  /** What to quote to the administrator. */
  readonly instance?: string;
  /** Seconds until a new try makes sense. */
  readonly retryAfter?: number;

  constructor(problem: Partial<Problem> & { code: Code; status: number }, options?: ErrorOptions) {
    super(`${problem.status} ${problem.code}`, options);
    this.name = "Fault";
    this.code = problem.code;
    this.status = problem.status;
    this.field = problem.field;
    this.detail = problem.detail;
    this.hint = problem.hint;
    this.instance = problem.instance;
    this.retryAfter = problem.retryAfter;
  }
}

const byStatus: Record<number, Code> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  422: "invalid",
  429: "throttled",
  503: "unavailable",
};

/** The fault in an answer; a proxy's page in place of a problem document counts by its status. */
export function faultOf(body: unknown, response: Response): Fault {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  const known = codes.find((c) => c === problem.code);
  const code = known ?? byStatus[response.status] ?? (response.status >= 502 ? "unavailable" : "internal");
  const header = Number(response.headers.get("Retry-After"));
  const retryAfter = problem.retryAfter ?? (header > 0 ? header : undefined);
  return new Fault({ ...problem, code, status: response.status, retryAfter });
}
