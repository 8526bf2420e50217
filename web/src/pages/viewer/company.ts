import type { ViewerState, Watcher } from "../../viewer/state";

/** Who is in the session beside oneself, and whose control it is. */
export interface Company {
  you?: Watcher;
  others: readonly Watcher[];
  /** Has the control; undefined: nobody. */
  owner?: Watcher;
  /** It is this agent's control, or the client takes everybody's input. */
  mine: boolean;
  /** One's own question for the control waits for an answer. */
  asked: boolean;
}

export function companyOf({ watchers = [], ownerId, question }: ViewerState): Company {
  const you = watchers.find((one) => one.you);
  return {
    you,
    others: watchers.filter((one) => !one.you),
    owner: watchers.find((one) => one.agentId === ownerId),
    mine: ownerId === undefined || you?.agentId === ownerId,
    asked: question?.state === "open" && question.agentId === you?.agentId,
  };
}
