import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { Fault } from "../api/fault";
import { leave, useBeginSignOn, useFinishSignOn } from "../api/sign-on";
import { welcomeQuery } from "../api/welcome";
import { Banner } from "../components/banner";
import { BrandMark } from "../components/brand-mark";
import { useFaultText } from "../components/fault-text";
import { useTitle } from "../components/use-title";
import { LoginPage, returnPath } from "./login";
import classes from "./login.module.css";

/** Leads on to the service by which one logs in. */
export function BeginSignOn() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const { data: welcome } = useQuery(welcomeQuery);
  const begin = useBeginSignOn();
  useOnce(() => begin.mutate(returnPath(params.get("return")), { onSuccess: ({ url }) => leave(url) }));
  if (begin.error) return <LoginPage notice={<SignOnFault error={begin.error} />} />;
  return <OnTheWay text={t("signOn.going", { label: welcome?.signOn ?? "" })} />;
}

/** Where the service sends browsers back to, with its answer. When that is no login, this is the login page and says why. */
export function FinishSignOn() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const finish = useFinishSignOn();
  useOnce(() => {
    const said = (name: string) => params.get(name) ?? "";
    if (!params.has("state")) {
      navigate("/login", { replace: true });
      return;
    }
    navigate(pathname, { replace: true }); // neither address bar nor history keep the answer
    finish.mutate(
      { state: said("state"), code: said("code"), iss: said("iss"), error: said("error") },
      { onSuccess: ({ me, return: back }) => me && navigate(returnPath(back), { replace: true }) },
    );
  });
  if (finish.error) return <LoginPage notice={<SignOnFault error={finish.error} />} />;
  if (finish.data?.step) return <LoginPage begun={finish.data.step} back={finish.data.return} />;
  return <OnTheWay text={t("signOn.coming")} />;
}

/** Runs once, when the page is there. */
function useOnce(act: () => void): void {
  const done = useRef(false);
  const latest = useRef(act);
  useEffect(() => {
    if (done.current) return;
    done.current = true;
    latest.current();
  }, []);
}

function OnTheWay({ text }: { text: string }) {
  const { t } = useTranslation();
  const { data: welcome } = useQuery(welcomeQuery);
  useTitle(t("login.logIn"));
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <BrandMark size={40} />
        <h1 className={classes.title}>{welcome?.company || "Deskhand"}</h1>
        <p role="status" className={classes.lead}>
          {text}
        </p>
      </div>
    </main>
  );
}

/** Why the service's word was no way in: the server's words of deskhand.SignOn…. */
const reasons = ["off", "state", "provider", "denied", "answer", "unknown", "disabled", "several", "taken"] as const;

function SignOnFault({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const why = error instanceof Fault ? reasons.find((one) => one === error.field) : undefined;
  const { text, quote } = faultText(error, why && t(`signOnWhy.${why}`));
  return (
    <Banner tone="bad">
      {text} {quote}
    </Banner>
  );
}
