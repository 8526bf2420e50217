import { Button, TextInput } from "@mantine/core";
import { IconChevronDown, IconUserShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type UnattendedLink,
  unattendedLinksQuery,
  useMakeUnattendedLink,
  useRevokeUnattendedLink,
} from "../../api/unattended";
import { Banner, FaultBanner } from "../../components/banner";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { useFormat } from "../../i18n/format";
import classes from "./add-computer.module.css";
import { Way } from "./add-way";
import { MadeLink } from "./made-link";

/** "Add an end-user's computer": a link to hand over, and those that nobody has used yet. */
export function EndUsersComputer({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <Way
      Icon={IconUserShare}
      title={t("add.linkTitle")}
      text={t("add.linkText")}
      act={
        <Button
          aria-expanded={open}
          rightSection={<IconChevronDown size={14} stroke={2} aria-hidden className={classes.chevron} />}
          onClick={onToggle}
        >
          {t("add.link")}
        </Button>
      }
    >
      {open && <Links />}
    </Way>
  );
}

function Links() {
  const { t } = useTranslation();
  const { data: links, error, refetch } = useQuery(unattendedLinksQuery);
  const make = useMakeUnattendedLink();
  const [name, setName] = useState("");
  const made = make.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ kind: "end-user", name: name.trim() }, { onSuccess: () => setName("") });
  };
  return (
    <>
      <form onSubmit={submit} className={classes.make}>
        <TextInput
          label={t("add.linkFor")}
          description={t("add.linkForText")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={128}
          autoComplete="off"
        />
        <Button type="submit" loading={make.isPending}>
          {t("add.linkMake")}
        </Button>
      </form>
      {make.error && <FaultBanner error={make.error} />}
      {made && (links?.some((one) => one.id === made.id) ?? true) && <MadeLink key={made.id} link={made} />}
      {made && links?.every((one) => one.id !== made.id) && <Banner>{t("add.linkGone")}</Banner>}
      {error && !links && <FaultBanner error={error} retry={refetch} />}
      {!links && !error && <RowsSkeleton rows={1} height={44} />}
      {links && links.length > 0 && <OpenLinks links={links} />}
    </>
  );
}

function OpenLinks({ links }: { links: readonly UnattendedLink[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const revoke = useRevokeUnattendedLink();
  return (
    <section aria-labelledby="open-links" className={classes.open}>
      <h4 id="open-links">{t("add.linksOpen")}</h4>
      {revoke.error && <FaultBanner error={revoke.error} />}
      <ul>
        {links.map((link) => (
          <li key={link.id}>
            <span id={`link-${link.id}`} className={classes.linkName} data-nameless={!link.name || undefined}>
              {link.name || t("add.linkNameless")}
            </span>
            <span className={classes.expires}>{t("link.expires", { time: format.stamp(link.expiresAt) })}</span>
            <Button
              size="compact-sm"
              aria-describedby={`link-${link.id}`}
              disabled={revoke.isPending && revoke.variables === link.id}
              onClick={() => revoke.mutate(link.id)}
            >
              {t("add.linkRevoke")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
