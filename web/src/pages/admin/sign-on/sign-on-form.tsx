import { Button, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { rolesQuery } from "../../../api/roles";
import { type SignOn, type SignOnRequest, useSaveSignOn } from "../../../api/sign-on";
import { CopyButton } from "../../../components/copy-button";
import { Section } from "../../../components/section";
import { ElsewhereFault, useFieldFault } from "../agents/agent-fields";
import { Guard } from "../policies/policies";
import policies from "../policies/policies.module.css";
import { useRoleName } from "../roles/role-name";
import classes from "./sign-on.module.css";
import { Trial } from "./trial";

type Text = "issuer" | "clientId" | "label";
type Choice = "enabled" | "findByEmail" | "create" | "secondFactor";

/** What is asked for at the provider, what it gives, and who comes in by it. */
export function SignOnForm({ settings }: { settings: SignOn }) {
  const { t } = useTranslation();
  const save = useSaveSignOn();
  const fault = useFieldFault(save.error);
  // Only what was touched is kept here, so that another administrator's change shows meanwhile.
  const [touched, setTouched] = useState<Partial<SignOnRequest>>({});
  const { hasSecret, redirectUrl, ...saved } = settings;
  const form: SignOnRequest = { ...saved, ...touched };
  const changed = Object.entries(touched).some(([name, value]) => value !== (saved[name as keyof typeof saved] ?? ""));
  const discard = () => {
    setTouched({});
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(form, {
      onSuccess: () => {
        discard();
        notifications.show({ message: t("signOn.saved") });
      },
    });
  };
  const text = (name: Text) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setTouched({ ...touched, [name]: event.currentTarget.value }),
    error: fault(name),
    autoComplete: "off",
    spellCheck: false,
  });
  const choice = (name: Choice) => ({
    checked: form[name],
    onChange: (event: { currentTarget: { checked: boolean } }) =>
      setTouched({ ...touched, [name]: event.currentTarget.checked }),
  });
  return (
    <form onSubmit={submit} noValidate className={policies.page}>
      <Section title={t("signOn.register")} text={t("signOn.registerText")}>
        <div className={classes.line}>
          <TextInput label={t("signOn.redirect")} value={redirectUrl} readOnly className={classes.grow} />
          <CopyButton text={redirectUrl} />
        </div>
      </Section>
      <Section title={t("signOn.provider")} text={t("signOn.providerText")}>
        <TextInput
          label={t("signOn.issuer")}
          description={t("signOn.issuerText")}
          placeholder="https://"
          maxLength={500}
          {...text("issuer")}
        />
        <TextInput label={t("signOn.clientId")} maxLength={200} {...text("clientId")} />
        <PasswordInput
          label={t("signOn.secret")}
          description={hasSecret ? t("signOn.secretKept") : t("signOn.secretNone")}
          maxLength={1000}
          autoComplete="off"
          value={form.clientSecret ?? ""}
          onChange={(event) => {
            const { clientSecret: _, ...others } = touched;
            const { value } = event.currentTarget;
            setTouched(value ? { ...others, clientSecret: value } : others);
          }}
          error={fault("clientSecret")}
          visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
        />
        <Trial form={form} />
      </Section>
      <Section title={t("signOn.agents")} text={t("signOn.agentsText")}>
        <TextInput label={t("signOn.label")} maxLength={40} {...text("label")} />
        <Switch label={t("signOn.findByEmail")} description={t("signOn.findByEmailText")} {...choice("findByEmail")} />
        <Switch label={t("signOn.create")} description={t("signOn.createText")} {...choice("create")} />
        {form.create && (
          <RoleField role={form.role} onChange={(role) => setTouched({ ...touched, role })} error={fault("role")} />
        )}
        <Switch
          label={t("signOn.secondFactor")}
          description={t("signOn.secondFactorText")}
          {...choice("secondFactor")}
        />
        <Switch label={t("signOn.on")} description={t("signOn.onText")} {...choice("enabled")} />
      </Section>
      <div className={policies.save} data-changed={changed || undefined}>
        <ElsewhereFault error={save.error} fields={["issuer", "clientId", "clientSecret", "label", "role"]} />
        <div className={policies.buttons}>
          {changed && <span className={policies.unsaved}>{t("policy.unsaved")}</span>}
          {changed && <Button onClick={discard}>{t("policy.discard")}</Button>}
          <Button type="submit" variant="filled" disabled={!changed} loading={save.isPending}>
            {t("action.save")}
          </Button>
        </div>
      </div>
      <Guard changed={changed} />
    </form>
  );
}

function RoleField(props: { role: string; onChange: (role: string) => void; error?: string }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { data: roles } = useQuery(rolesQuery);
  return (
    <Select
      label={t("signOn.role")}
      value={props.role}
      onChange={(role) => role && props.onChange(role)}
      error={props.error}
      data={(roles ?? [])
        .filter((role) => !role.mightier)
        .map((role) => ({ value: role.id, label: roleName(role.id, role.name) }))}
    />
  );
}
