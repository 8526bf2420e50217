import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../../api/fault";
import { type SignOnRequest, useTestSignOn } from "../../../api/sign-on";
import { Banner, FaultBanner } from "../../../components/banner";
import { useFaultText } from "../../../components/fault-text";
import classes from "./sign-on.module.css";

/** Tries what stands in the form, saved or not, and says what the provider thinks of it. */
export function Trial({ form }: { form: SignOnRequest }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const test = useTestSignOn();
  const [tried, setTried] = useState("");
  const now = JSON.stringify([form.issuer, form.clientId, form.clientSecret]);
  const stale = tried !== now; // what was found is about something else
  const { error, data } = test;
  const unreachable = error instanceof Fault && error.code === "unavailable";
  return (
    <div className={classes.trial}>
      <Button
        loading={test.isPending}
        disabled={!form.issuer || !form.clientId}
        onClick={() => {
          setTried(now);
          test.mutate({ ...form, label: form.label || "?" });
        }}
      >
        {t("signOn.test")}
      </Button>
      {!stale && data && (
        <Banner tone={data.refused ? "bad" : "info"}>{data.refused ? t("signOn.refused") : t("signOn.found")}</Banner>
      )}
      {!stale &&
        error &&
        (unreachable ? (
          <Banner tone="bad">{faultText(error, t("signOn.notFound")).text}</Banner>
        ) : (
          <FaultBanner error={error} />
        ))}
    </div>
  );
}
