import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Fault } from "../api/fault";
import { resetQuery, useForgot, useReset } from "../api/reset";
import { welcomeQuery } from "../api/welcome";
import { Banner, FaultBanner } from "../components/banner";
import { Mark } from "../components/mark";
import { mistakeOf, NewPasswordFields } from "../components/new-password";
import { useTitle } from "../components/use-title";
import classes from "./login.module.css";

/** A page for whoever is not logged in and does one thing. */
function Card({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Mark size={40} />
        <h1 className={classes.title}>{title}</h1>
        {children}
        <div className={classes.others}>
          <Link to="/login">{t("reset.back")}</Link>
        </div>
      </div>
    </main>
  );
}

/** "Forgot password?": asks for a link by mail. The answer is the same whoever asks. */
export function ForgotPage() {
  const { t } = useTranslation();
  const { data: welcome } = useQuery(welcomeQuery);
  const forgot = useForgot();
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const who = String(new FormData(event.currentTarget).get("who")).trim();
    setMissing(!who);
    if (who) forgot.mutate(who);
  };
  return (
    <Card title={t("login.forgot")}>
      {welcome && !welcome.resetByMail ? (
        <p className={classes.lead}>{t("reset.noMail")}</p>
      ) : forgot.isSuccess ? (
        <div className={classes.form}>
          <Banner>{t("reset.sent")}</Banner>
        </div>
      ) : (
        <>
          <p className={classes.lead}>{t("reset.forgotLead")}</p>
          <form onSubmit={submit} noValidate className={classes.form}>
            {forgot.error && <FaultBanner error={forgot.error} />}
            <TextInput
              name="who"
              label={t("reset.who")}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              maxLength={254}
              error={missing ? t("reset.whoMissing") : undefined}
            />
            <Button type="submit" variant="filled" fullWidth loading={forgot.isPending}>
              {t("reset.send")}
            </Button>
          </form>
        </>
      )}
    </Card>
  );
}

/** The page of a link for a new password. Its token stands after the #, so that no server's log has it; opening the page uses nothing up. */
export function ResetPage() {
  const { t } = useTranslation();
  const token = useLocation().hash.slice(1);
  const { data: agent, error, refetch } = useQuery({ ...resetQuery(token), enabled: token !== "" });
  const gone = !token || (error instanceof Fault && error.code === "not-found");
  return (
    <Card title={t("reset.title")}>
      {gone && (
        <div className={classes.form}>
          <Banner tone="bad">{t("reset.gone")}</Banner>
        </div>
      )}
      {error && !gone && <FaultBanner error={error} retry={refetch} />}
      {agent && <ResetForm token={token} name={agent.name} userName={agent.userName} />}
    </Card>
  );
}

function ResetForm({ token, name, userName }: { token: string; name: string; userName: string }) {
  const { t } = useTranslation();
  const reset = useReset();
  const [form, setForm] = useState({ password: "", again: "" });
  const [tried, setTried] = useState(false);
  const mistake = mistakeOf(form);
  if (reset.isSuccess) {
    return (
      <div className={classes.form}>
        <Banner>{t("reset.done")}</Banner>
      </div>
    );
  }
  const beside = reset.error instanceof Fault && reset.error.field === "password";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!mistake) reset.mutate({ token, password: form.password });
  };
  return (
    <>
      <p className={classes.lead}>{t("reset.lead", { name, user: userName })}</p>
      <form onSubmit={submit} noValidate className={classes.form}>
        {reset.error && !beside && <FaultBanner error={reset.error} />}
        <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
        <NewPasswordFields value={form} onChange={setForm} mistake={tried ? mistake : undefined} error={reset.error} />
        <Button type="submit" variant="filled" fullWidth loading={reset.isPending}>
          {t("reset.save")}
        </Button>
      </form>
    </>
  );
}
