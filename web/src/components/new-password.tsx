import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../api/fault";
import { useFaultText } from "./fault-text";
import classes from "./new-password.module.css";

/** The least length that the server takes. */
export const SHORTEST = 10;

const words = ["short", "weak", "fair", "good", "strong"] as const;

/**
 * How hard a password is to guess, from 0 (too short) to 4: by its length and how many different kinds and characters it has. The
 * server has the last word; it knows the commonest ones.
 */
export function strengthOf(password: string): number {
  const characters = [...password];
  if (characters.length < SHORTEST) return 0;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const different = new Set(characters).size;
  if (different < 5) return 1;
  const score = characters.length + different / 2 + 3 * (kinds - 1);
  return score < 19 ? 1 : score < 24 ? 2 : score < 31 ? 3 : 4;
}

export interface NewPassword {
  password: string;
  again: string;
}

/** What is wrong with the two fields before they are sent. */
export function mistakeOf({ password, again }: NewPassword): "short" | "differ" | undefined {
  if ([...password].length < SHORTEST) return "short";
  return password === again ? undefined : "differ";
}

/** A new password, twice, with its strength. */
export function NewPasswordFields(props: {
  value: NewPassword;
  onChange: (value: NewPassword) => void;
  /** What is wrong, once it was tried. */
  mistake?: ReturnType<typeof mistakeOf>;
  error: unknown;
}) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [visible, setVisible] = useState(false);
  const { value, onChange, mistake, error } = props;
  const strength = strengthOf(value.password);
  const refused =
    error instanceof Fault && error.field === "password" ? faultText(error, t("password.refused")).text : undefined;
  const shared = {
    maxLength: 1024,
    autoComplete: "new-password",
    visible,
    onVisibilityChange: setVisible,
    visibilityToggleButtonProps: { "aria-label": t("login.show") },
  };
  return (
    <>
      <div>
        <PasswordInput
          {...shared}
          label={t("password.new")}
          value={value.password}
          onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
          error={mistake === "short" ? t("password.tooShort") : refused}
        />
        {value.password && (
          <div className={classes.meter} data-strength={strength}>
            {words.slice(1).map((word, i) => (
              <span key={word} className={classes.bar} data-on={strength > i || undefined} />
            ))}
            <span className={classes.word} aria-live="polite">
              {t("password.strength", { word: t(`password.${words[strength]!}`) })}
            </span>
          </div>
        )}
      </div>
      <PasswordInput
        {...shared}
        label={t("password.again")}
        value={value.again}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
        error={mistake === "differ" ? t("password.differ") : undefined}
      />
    </>
  );
}
