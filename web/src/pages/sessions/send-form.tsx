import { useMailLink } from "../../api/invites";
import { MailForm } from "./mail-form";
import type { Link } from "./use-link";

/** Sends a personal link. */
export default function SendForm({ link }: { link: Link }) {
  const { ticket, endUser, short } = link;
  const rest = { ticket, endUserName: endUser, short: short?.url.split("/").at(-1) };
  return <MailForm mail={useMailLink()} body={(to, language) => ({ to, language, ...rest })} />;
}
