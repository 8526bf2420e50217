import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useSearchParams } from "react-router";
import { Fault } from "../api/fault";
import { type LoginStep, meQuery, useBeginPasskey, useFinishLogin, useLogIn } from "../api/me";
import { knowsPasskeys, showPasskey } from "../api/passkey";
import { welcomeQuery } from "../api/welcome";
import { ahead } from "../components/ahead";
import { Banner, FaultBanner } from "../components/banner";
import { BrandMark } from "../components/brand-mark";
import { useTitle } from "../components/use-title";
import { clock } from "../i18n/format";
import { useNow } from "../i18n/use-now";
import classes from "./login.module.css";

const SecondFactor = lazy(ahead(async () => ({ default: (await import("./second-factor")).SecondFactor })));
// What one meets after the login is there when the password has been typed.
ahead(() => import("../components/shell/shell"));
ahead(() => import("./sessions/sessions"));

/** Where to go after the login: a page of this console, never another site. */
export function returnPath(wanted: string | null): string {
  if (!wanted || !/^\/(?![/\\])/.test(wanted)) return "/sessions";
  const url = new URL(wanted, "http://console.invalid");
  return url.host === "console.invalid" ? url.pathname + url.search : "/sessions";
}

/** A login by another service shows here what went wrong, or goes on with the second factor: notice, begun, and then back. */
export function LoginPage({ notice, begun, back }: { notice?: ReactNode; begun?: LoginStep; back?: string }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const { data: me } = useQuery(meQuery);
  const { data: welcome } = useQuery(welcomeQuery);
  const logIn = useLogIn();
  const [missing, setMissing] = useState<{ userName?: boolean; password?: boolean }>({});
  const [openAt, setOpenAt] = useState(0);
  const passwordField = useRef<HTMLInputElement>(null);
  const [step, setStep] = useState(begun);
  const again = () => {
    setStep(undefined);
    logIn.reset();
  };
  useTitle(t("login.logIn"));
  if (me) return <Navigate to={returnPath(back ?? params.get("return"))} replace />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { userName: String(form.get("userName")).trim(), password: String(form.get("password")) };
    setMissing({ userName: !body.userName, password: !body.password });
    if (!body.userName || !body.password) return;
    logIn.mutate(body, {
      onSuccess: (answer) => setStep(answer.step),
      onError: (error) => {
        if (!(error instanceof Fault)) return;
        if (error.retryAfter) setOpenAt(Date.now() + error.retryAfter * 1000);
        if (error.code === "unauthorized") passwordField.current?.select();
      },
    });
  };

  const wrong = logIn.error instanceof Fault && logIn.error.code === "unauthorized";
  const throttled = logIn.error instanceof Fault && logIn.error.code === "throttled" && logIn.error.retryAfter;
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <BrandMark size={40} />
        <h1 className={classes.title}>{welcome?.company || "Deskhand"}</h1>
        <p className={classes.lead}>{params.has("return") ? t("login.again") : t("login.lead")}</p>
        {step ? (
          <Suspense>
            <SecondFactor step={step} onAgain={again} />
          </Suspense>
        ) : (
          <>
            <form onSubmit={submit} noValidate className={classes.form}>
              {notice}
              {logIn.error && !wrong && !throttled && <FaultBanner error={logIn.error} />}
              {throttled && <Throttled until={openAt} longest={throttled} />}
              <TextInput
                name="userName"
                label={t("login.userName")}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                maxLength={128}
                error={missing.userName ? t("login.userNameMissing") : wrong || undefined}
              />
              <PasswordInput
                ref={passwordField}
                name="password"
                label={t("login.password")}
                autoComplete="current-password"
                maxLength={1024}
                error={missing.password ? t("login.passwordMissing") : wrong ? t("login.wrong") : undefined}
                visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
              />
              <SubmitButton until={openAt} busy={logIn.isPending} />
            </form>
            <div className={classes.others}>
              {welcome?.signOn && (
                <Button component={Link} to={{ pathname: "/login/oidc", search: `${params}` }} fullWidth>
                  {t("login.signOn", { label: welcome.signOn })}
                </Button>
              )}
              {welcome?.passkeys && knowsPasskeys() && <PasskeyButton />}
              <Link to="/forgot">{t("login.forgot")}</Link>
            </div>
          </>
        )}
      </div>
    </main>
  );
}

/** Logs in by a passkey alone. */
function PasskeyButton() {
  const { t } = useTranslation();
  const begin = useBeginPasskey();
  const finish = useFinishLogin();
  const [failed, setFailed] = useState(false);
  const fault = begin.error ?? finish.error;
  const show = async () => {
    setFailed(false);
    const step = await begin.mutateAsync().catch(() => undefined);
    if (!step?.passkey) return;
    try {
      finish.mutate({ token: step.token, passkey: await showPasskey(step.passkey) });
    } catch {
      setFailed(true); // the browser does not tell why: cancelled, or no passkey of this site
    }
  };
  return (
    <>
      <Button
        fullWidth
        leftSection={<IconFingerprint size={16} stroke={1.75} aria-hidden />}
        loading={begin.isPending || finish.isPending}
        onClick={show}
      >
        {t("login.passkey")}
      </Button>
      {failed && <Banner tone="bad">{t("login.passkeyFailed")}</Banner>}
      {fault && <FaultBanner error={fault} />}
    </>
  );
}

function Throttled({ until, longest }: { until: number; longest: number }) {
  const { t } = useTranslation();
  const left = Math.min(longest, Math.ceil((until - useNow()) / 1000));
  return (
    <Banner tone="bad">
      {left > 0 ? (
        <span aria-live="off">{t("fault.throttledFor", { time: clock(left) })}</span>
      ) : (
        t("login.throttleOver")
      )}
    </Banner>
  );
}

function SubmitButton({ until, busy }: { until: number; busy: boolean }) {
  const { t } = useTranslation();
  const waiting = until > useNow();
  return (
    <Button type="submit" variant="filled" fullWidth loading={busy} disabled={waiting}>
      {t("login.logIn")}
    </Button>
  );
}
