import { useState } from "react";
import { type ShortLink, useShorten } from "../../api/invites";
import { linkFor } from "../../api/link";
import { useMe } from "../../api/me";

/** The link that the agent is about to send: the personal one with what they typed, or a short one for exactly that. */
export interface Link {
  ticket: string;
  endUser: string;
  setTicket(text: string): void;
  setEndUser(text: string): void;
  /** What is copied and sent. */
  url: string;
  short?: ShortLink;
  shorten(): void;
  unshorten(): void;
  shortening: boolean;
  error: unknown;
}

export function useLink(): Link {
  const me = useMe();
  const [ticket, setTicket] = useState("");
  const [endUser, setEndUser] = useState("");
  const [short, setShort] = useState<{ of: string; link: ShortLink }>();
  const request = useShorten();
  const long = linkFor(me.personalLink, ticket, endUser);
  // What is typed afterwards is not in the short link, so that one no longer counts.
  const link = short?.of === long ? short.link : undefined;
  return {
    ticket,
    endUser,
    setTicket,
    setEndUser,
    url: link?.url ?? long,
    short: link,
    shorten: () =>
      request.mutate({ ticket, endUserName: endUser }, { onSuccess: (made) => setShort({ of: long, link: made }) }),
    unshorten: () => setShort(undefined),
    shortening: request.isPending,
    error: request.error,
  };
}
