import { Button, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Fault } from "../api/fault";
import { invitationQuery, useAcceptInvitation } from "../api/invitation";
import { FaultBanner } from "../components/banner";
import { Mark } from "../components/mark";
import { useTitle } from "../components/use-title";
import classes from "./login.module.css";

/** Where an invited agent chooses a password. The token stands in the fragment of the address. */
export function InvitationPage() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const token = hash.slice(1);
  const { data: invited, error, refetch } = useQuery({ ...invitationQuery(token), enabled: token !== "" });
  const [saved, setSaved] = useState(false);
  useTitle(t("invitation.page"));
  const over = token === "" || (error instanceof Fault && (error.code === "not-found" || error.code === "invalid"));
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Mark size={40} />
        {saved ? (
          <Words title={t("invitation.saved")} lead={t("invitation.savedText")}>
            <Button component={Link} to="/login" variant="filled" fullWidth>
              {t("login.logIn")}
            </Button>
          </Words>
        ) : over ? (
          <Words title={t("invitation.over")} lead={t("invitation.overText")} />
        ) : error ? (
          <FaultBanner error={error} retry={refetch} />
        ) : (
          invited && (
            <Words
              title={t("invitation.title", { company: invited.company || "Deskhand" })}
              lead={t("invitation.lead", { name: invited.name, user: invited.userName })}
            >
              <Choose token={token} userName={invited.userName} onSaved={() => setSaved(true)} />
            </Words>
          )
        )}
      </div>
    </main>
  );
}

function Words({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  return (
    <>
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.lead}>{lead}</p>
      {children && <div className={classes.form}>{children}</div>}
    </>
  );
}

function Choose(props: { token: string; userName: string; onSaved: () => void }) {
  const { token, userName, onSaved } = props;
  const { t } = useTranslation();
  const accept = useAcceptInvitation();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [different, setDifferent] = useState(false);
  const weak = accept.error instanceof Fault && accept.error.field === "password";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDifferent(password !== again);
    if (password !== again || password === "") return;
    accept.mutate({ token, password }, { onSuccess: onSaved });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.fields}>
      {accept.error && !weak && <FaultBanner error={accept.error} />}
      <input type="text" name="userName" value={userName} autoComplete="username" readOnly hidden />
      <PasswordInput
        label={t("invitation.password")}
        description={t("invitation.passwordText")}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
        autoFocus
        maxLength={1024}
        error={weak ? t("invitation.weak") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
      <PasswordInput
        label={t("invitation.again")}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={1024}
        error={different ? t("invitation.different") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
      <Button type="submit" variant="filled" fullWidth loading={accept.isPending} disabled={password === ""}>
        {t("invitation.save")}
      </Button>
    </form>
  );
}
