import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useMe, useUpdateMe } from "../../api/me";
import { FaultBanner } from "../../components/banner";
import { useFaultText } from "../../components/fault-text";
import { Section } from "../../components/section";
import { languages } from "../../i18n/setup";
import { Alerts } from "./alerts";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";

const BROWSER = "browser";
const SYSTEM = "system";

/** Settings: the profile that end-users see, and how the console looks to this agent. */
export function ProfilePage() {
  return (
    <SettingsPage>
      <Profile />
      <Look />
      <Alerts />
    </SettingsPage>
  );
}

function Profile() {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdateMe();
  const faultText = useFaultText();
  const [form, setForm] = useState({ name: me.name, title: me.title, email: me.email });
  const [missing, setMissing] = useState(false);
  const changed = form.name !== me.name || form.title !== me.title || form.email !== me.email;
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    error: update.error instanceof Fault && update.error.field === name ? faultText(update.error).text : undefined,
  });
  const elsewhere = update.error instanceof Fault && !(update.error.field && update.error.field in form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(form.name.trim() === "");
    if (form.name.trim() === "") return;
    update.mutate(form, {
      onSuccess: (now) => {
        setForm({ name: now.name, title: now.title, email: now.email });
        notifications.show({ message: t("settings.saved") });
      },
    });
  };
  return (
    <Section id="profile" title={t("settings.profile")} text={t("settings.profileText")}>
      <form onSubmit={submit} noValidate className={classes.form}>
        {elsewhere && <FaultBanner error={update.error} />}
        <TextInput
          label={t("settings.name")}
          description={t("settings.nameText")}
          autoComplete="name"
          maxLength={100}
          {...field("name")}
          error={missing ? t("settings.nameMissing") : field("name").error}
        />
        <TextInput
          label={t("settings.jobTitle")}
          description={t("settings.jobTitleText")}
          autoComplete="organization-title"
          maxLength={100}
          {...field("title")}
        />
        <TextInput label={t("settings.email")} type="email" autoComplete="email" maxLength={254} {...field("email")} />
        <div>
          <Button type="submit" variant="filled" disabled={!changed} loading={update.isPending}>
            {t("action.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Look() {
  const { t } = useTranslation();
  const me = useMe();
  const update = useUpdateMe();
  return (
    <Section id="look" title={t("settings.look")} text={t("settings.lookText")}>
      {update.error && <FaultBanner error={update.error} />}
      <Select
        label={t("user.language")}
        value={me.language || BROWSER}
        onChange={(value) => update.mutate({ language: value === BROWSER || !value ? "" : value })}
        data={[
          { value: BROWSER, label: t("user.languageBrowser") },
          ...Object.entries(languages).map(([value, label]) => ({ value, label })),
        ]}
      />
      <div>
        <div className={classes.label} id="theme-label">
          {t("user.theme")}
        </div>
        <SegmentedControl
          aria-labelledby="theme-label"
          value={me.theme || SYSTEM}
          onChange={(value) => update.mutate({ theme: value === "light" || value === "dark" ? value : "" })}
          data={[
            { value: SYSTEM, label: t("user.themeSystem") },
            { value: "light", label: t("user.themeLight") },
            { value: "dark", label: t("user.themeDark") },
          ]}
        />
      </div>
    </Section>
  );
}
