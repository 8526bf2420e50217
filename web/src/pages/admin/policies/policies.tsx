import { Button, Modal, Select, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useBlocker } from "react-router";
import { useMe } from "../../../api/me";
import { type Policy, policyQuery, useUpdatePolicy } from "../../../api/policy";
import { FaultBanner } from "../../../components/banner";
import { DialogButtons } from "../../../components/dialog-buttons";
import { RowsSkeleton } from "../../../components/rows-skeleton";
import { Section } from "../../../components/section";
import { AdminPage } from "../admin-page";
import { ElsewhereFault, useFieldFault } from "../agents/agent-fields";
import { limits, type NumberField, read, write } from "./numbers";
import classes from "./policies.module.css";

const ways = ["none", "tell", "ask"] as const satisfies readonly Policy["unattendedConsent"][];

/** Administration, Policies: what is true for everybody. */
export function PoliciesPage() {
  const { data: policy, error, refetch } = useQuery(policyQuery);
  return (
    <AdminPage title="policy.title">
      {error && !policy && (
        <div className={classes.page}>
          <FaultBanner error={error} retry={refetch} />
        </div>
      )}
      {!policy && !error && <RowsSkeleton rows={6} height={72} />}
      {policy && <Form policy={policy} />}
    </AdminPage>
  );
}

function Form({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdatePolicy();
  const fault = useFieldFault(update.error);
  // Only what was touched is kept here, so that another administrator's change shows meanwhile.
  const [touched, setTouched] = useState<Partial<Record<NumberField, string>>>({});
  const [factor, setFactor] = useState<boolean>();
  const [unattended, setUnattended] = useState<Policy["unattendedConsent"]>();
  const [wrong, setWrong] = useState<readonly NumberField[]>([]);
  const text = (name: NumberField) => touched[name] ?? write(policy[name]);
  const secondFactor = factor ?? policy.secondFactor;
  const unattendedConsent = unattended ?? policy.unattendedConsent;
  const changed =
    secondFactor !== policy.secondFactor ||
    unattendedConsent !== policy.unattendedConsent ||
    Object.keys(touched).some((name) => text(name as NumberField) !== write(policy[name as NumberField]));
  const discard = () => {
    setTouched({});
    setFactor(undefined);
    setUnattended(undefined);
    setWrong([]);
    update.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const names = Object.keys(touched) as NumberField[];
    const bad = names.filter((name) => read(name, text(name)) === undefined);
    setWrong(bad);
    if (bad.length > 0) {
      document.getElementById(`policy-${bad[0]}`)?.focus();
      return;
    }
    const numbers = Object.fromEntries(names.map((name) => [name, read(name, text(name))]));
    update.mutate(
      {
        ...numbers,
        ...(factor === undefined ? {} : { secondFactor: factor }),
        ...(unattended === undefined ? {} : { unattendedConsent: unattended }),
      },
      {
        onSuccess: () => {
          discard();
          notifications.show({ message: t("policy.saved") });
        },
      },
    );
  };
  const number = (name: NumberField) => (
    <TextInput
      id={`policy-${name}`}
      label={t(`policy.${name}`)}
      description={t(`policy.${name}Text`)}
      inputMode="numeric"
      autoComplete="off"
      className={classes.number}
      value={text(name)}
      onChange={(event) => setTouched({ ...touched, [name]: event.currentTarget.value })}
      error={
        wrong.includes(name)
          ? t("policy.range", { least: write(limits[name][0]), most: write(limits[name][1]) })
          : fault(name)
      }
    />
  );
  return (
    <form onSubmit={submit} noValidate className={classes.page}>
      <Section title={t("policy.login")} text={t("policy.loginText")}>
        <Switch
          label={t("policy.secondFactor")}
          description={t("policy.secondFactorText")}
          checked={secondFactor}
          onChange={(event) => setFactor(event.currentTarget.checked)}
        />
        {number("idleMinutes")}
        {number("absoluteHours")}
      </Section>
      <Section
        title={t("policy.session")}
        text={
          <>
            {t("policy.sessionText")}{" "}
            {me.permissions.includes("manage-agents") && <Link to="/admin/roles">{t("policy.toRoles")}</Link>}
          </>
        }
      >
        {number("consentSeconds")}
        <Select
          label={t("policy.unattendedConsent")}
          description={t("policy.unattendedConsentText")}
          data={ways.map((way) => ({ value: way, label: t(`policy.unattended.${way}`) }))}
          value={unattendedConsent}
          onChange={(way) => setUnattended(ways.find((one) => one === way))}
          allowDeselect={false}
          className={classes.choice}
        />
      </Section>
      <Section title={t("policy.waiting")} text={t("policy.waitingText")}>
        {number("waitingMinutes")}
        {number("waitingPerAgent")}
        {number("waitingPerAddress")}
      </Section>
      <Section title={t("policy.retention")} text={t("policy.retentionText")}>
        {number("keepLogDays")}
        {number("keepAuditDays")}
      </Section>
      <div className={classes.save} data-changed={changed || undefined}>
        <ElsewhereFault error={update.error} fields={Object.keys(limits)} />
        <div className={classes.buttons}>
          {changed && <span className={classes.unsaved}>{t("policy.unsaved")}</span>}
          {changed && <Button onClick={discard}>{t("policy.discard")}</Button>}
          <Button type="submit" variant="filled" disabled={!changed} loading={update.isPending}>
            {t("policy.save")}
          </Button>
        </div>
      </div>
      <Guard changed={changed} />
    </form>
  );
}

/** Asks before changes are lost: on the way to another page, or when the tab is closed. */
export function Guard({ changed }: { changed: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return changed && currentLocation.pathname !== nextLocation.pathname;
  });
  useEffect(() => {
    if (!changed) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [changed]);
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={() => blocker.reset?.()}
      size={420}
      title={t("policy.leaveTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p>{t("policy.leaveText")}</p>
      <DialogButtons>
        <Button onClick={() => blocker.proceed?.()}>{t("policy.leave")}</Button>
        <Button variant="filled" onClick={() => blocker.reset?.()} data-autofocus>
          {t("policy.stay")}
        </Button>
      </DialogButtons>
    </Modal>
  );
}
