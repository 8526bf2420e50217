import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { useMe } from "../../api/me";
import { useFaultText } from "../../components/fault-text";

/** Whether the server says that the password is wrong or missing. */
export const refusesPassword = (error: unknown): error is Fault => error instanceof Fault && error.field === "password";

/** The field for one’s password before something that outlasts the login; a password manager fills it. */
export function PasswordAgain(props: {
  value: string;
  onChange: (value: string) => void;
  /** Says so when the field is empty. */
  tried: boolean;
  error: unknown;
  focus?: boolean;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const faultText = useFaultText();
  const refused = refusesPassword(props.error) ? faultText(props.error, t("settings.currentWrong")).text : undefined;
  return (
    <>
      <input type="text" name="username" autoComplete="username" value={me.userName} readOnly hidden />
      <PasswordInput
        label={t("security.password")}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        autoComplete="current-password"
        maxLength={1024}
        data-autofocus={props.focus || undefined}
        error={props.tried && !props.value ? t("login.passwordMissing") : refused}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
    </>
  );
}
