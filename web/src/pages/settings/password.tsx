import { Button, PasswordInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useMe } from "../../api/me";
import { useChangePassword } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { useFaultText } from "../../components/fault-text";
import { mistakeOf, NewPasswordFields } from "../../components/new-password";
import { Section } from "../../components/section";
import { SettingsPage } from "./settings-page";

const empty = { current: "", password: "", again: "" };

/** Settings: another password. */
export function PasswordPage() {
  const { t } = useTranslation();
  const me = useMe();
  const change = useChangePassword();
  const faultText = useFaultText();
  const [form, setForm] = useState(empty);
  const [tried, setTried] = useState(false);
  const mistake = mistakeOf(form);
  const fault = change.error instanceof Fault ? change.error : undefined;
  const beside = fault?.field === "current" || fault?.field === "password";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (mistake || !form.current) return;
    change.mutate(
      { current: form.current, password: form.password },
      {
        onSuccess: () => {
          setForm(empty);
          setTried(false);
          notifications.show({ message: t("settings.passwordChanged") });
        },
      },
    );
  };
  const wrong = fault?.field === "current" ? faultText(fault, t("settings.currentWrong")).text : undefined;
  return (
    <SettingsPage>
      <Section id="password" title={t("settings.password")} text={t("settings.passwordText")}>
        <form onSubmit={submit} noValidate style={{ display: "contents" }}>
          {change.error && !beside && <FaultBanner error={change.error} />}
          <input type="text" name="username" autoComplete="username" value={me.userName} readOnly hidden />
          <PasswordInput
            label={t("settings.current")}
            value={form.current}
            onChange={(event) => setForm({ ...form, current: event.currentTarget.value })}
            autoComplete="current-password"
            maxLength={1024}
            error={tried && !form.current ? t("login.passwordMissing") : wrong}
            visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
          />
          <NewPasswordFields
            value={form}
            onChange={(value) => setForm({ ...form, ...value })}
            mistake={tried ? mistake : undefined}
            error={change.error}
          />
          <div>
            <Button type="submit" variant="filled" loading={change.isPending}>
              {t("settings.changePassword")}
            </Button>
          </div>
        </form>
      </Section>
    </SettingsPage>
  );
}
