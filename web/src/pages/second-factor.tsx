import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../api/fault";
import { type LoginStep, useFinishLogin } from "../api/me";
import { knowsPasskeys, showPasskey } from "../api/passkey";
import { Banner, FaultBanner } from "../components/banner";
import { useFaultText } from "../components/fault-text";
import classes from "./login.module.css";

type Way = "passkey" | "code" | "recovery";

/** The second step of the login: a passkey, a code or a recovery code. */
export function SecondFactor({ step, onAgain }: { step: LoginStep; onAgain: () => void }) {
  const { t } = useTranslation();
  const ways: Way[] = [];
  if (step.passkey && knowsPasskeys()) ways.push("passkey");
  if (step.code) ways.push("code");
  if (step.recoveryCode) ways.push("recovery");
  const [chosen, setWay] = useState<Way>();
  const way = chosen ?? ways[0] ?? "recovery";
  return (
    <>
      {way === "passkey" ? <ByPasskey step={step} /> : <ByCode key={way} way={way} step={step} onAgain={onAgain} />}
      <div className={classes.others}>
        {ways
          .filter((one) => one !== way)
          .map((one) => (
            <Button key={one} variant="subtle" onClick={() => setWay(one)}>
              {t(`loginWay.${one}`)}
            </Button>
          ))}
        <Button variant="subtle" onClick={onAgain}>
          {t("login.startAgain")}
        </Button>
      </div>
    </>
  );
}

function ByPasskey({ step }: { step: LoginStep }) {
  const { t } = useTranslation();
  const finish = useFinishLogin();
  const [failed, setFailed] = useState(false);
  const show = async () => {
    setFailed(false);
    try {
      finish.mutate({ token: step.token, passkey: await showPasskey(step.passkey ?? {}) });
    } catch {
      setFailed(true); // the browser does not tell why: cancelled, or no passkey of this site
    }
  };
  return (
    <div className={classes.form}>
      <p className={classes.lead}>{t("login.passkeyLead")}</p>
      {failed && <Banner tone="bad">{t("login.passkeyFailed")}</Banner>}
      {finish.error && <FaultBanner error={finish.error} />}
      <Button variant="filled" fullWidth loading={finish.isPending} onClick={show} data-autofocus>
        {t("loginWay.passkey")}
      </Button>
    </div>
  );
}

function ByCode({ way, step, onAgain }: { way: "code" | "recovery"; step: LoginStep; onAgain: () => void }) {
  const { t } = useTranslation();
  const finish = useFinishLogin();
  const faultText = useFaultText();
  const [missing, setMissing] = useState(false);
  const { error } = finish;
  const over = error instanceof Fault && error.field === "token";
  const wrong = error instanceof Fault && error.field === "code";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = String(new FormData(event.currentTarget).get("code")).trim();
    setMissing(!value);
    if (value) finish.mutate({ token: step.token, ...(way === "code" ? { code: value } : { recoveryCode: value }) });
  };
  if (over) {
    return (
      <div className={classes.form}>
        <Banner tone="bad">{t("login.stepOver")}</Banner>
        <Button variant="filled" fullWidth onClick={onAgain}>
          {t("login.logIn")}
        </Button>
      </div>
    );
  }
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <p className={classes.lead}>{way === "code" ? t("login.codeLead") : t("login.recoveryLead")}</p>
      {error && !wrong && <FaultBanner error={error} />}
      <TextInput
        name="code"
        label={way === "code" ? t("login.code") : t("login.recovery")}
        inputMode={way === "code" ? "numeric" : "text"}
        autoComplete={way === "code" ? "one-time-code" : "off"}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        maxLength={way === "code" ? 32 : 64}
        error={missing ? t("login.codeMissing") : wrong ? faultText(error, t("login.codeWrong")).text : undefined}
      />
      <Button type="submit" variant="filled" fullWidth loading={finish.isPending}>
        {t("login.continue")}
      </Button>
    </form>
  );
}
