import { Button, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../../api/fault";
import { FaultBanner } from "../../components/banner";
import { DialogButtons } from "../../components/dialog-buttons";
import { PasswordAgain, refusesPassword } from "./password-again";
import classes from "./settings.module.css";

interface Confirmed {
  password: string;
  name: string;
}

/** The body of a dialog that asks for the password before something that outlasts the login, and for a name where one is needed. */
export function ConfirmForm(props: {
  text: ReactNode;
  button: string;
  bad?: boolean;
  /** Asks for a name, too; this is what it begins with. */
  name?: string;
  act: Pick<UseMutationResult<unknown, unknown, never>, "error" | "isPending">;
  /** What else may have gone wrong, in words. */
  known?: string;
  onConfirm: (confirmed: Confirmed) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ password: "", name: props.name ?? "" });
  const [tried, setTried] = useState(false);
  const { error } = props.act;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.password && (props.name === undefined || form.name.trim())) {
      props.onConfirm({ password: form.password, name: form.name.trim() });
    }
  };
  return (
    <form onSubmit={submit} noValidate className={classes.dialog}>
      <p>{props.text}</p>
      {error != null &&
        !refusesPassword(error) &&
        (error instanceof Fault ? <FaultBanner error={error} /> : <Failed text={props.known} />)}
      {props.name !== undefined && (
        <TextInput
          label={t("security.passkeyName")}
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          maxLength={80}
          error={tried && !form.name.trim() ? t("security.nameMissing") : undefined}
        />
      )}
      <PasswordAgain
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
        tried={tried}
        error={error}
        focus
      />
      <DialogButtons>
        <Button onClick={props.onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" color={props.bad ? "bad" : undefined} loading={props.act.isPending}>
          {props.button}
        </Button>
      </DialogButtons>
    </form>
  );
}

function Failed({ text }: { text?: string }) {
  return (
    <p role="alert" className={classes.failed}>
      {text}
    </p>
  );
}
