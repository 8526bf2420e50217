/** The personal link with what the agent typed, as a help desk's macro would build it. */
export function linkFor(personalLink: string, ticket: string, endUserName: string): string {
  const query = new URLSearchParams();
  const [t, n] = [ticket.normalize("NFC").trim(), endUserName.normalize("NFC").trim()];
  if (t) query.set("ticket", t);
  if (n) query.set("name", n);
  return query.size > 0 ? `${personalLink}?${query}` : personalLink;
}
