import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TokenList, useCreateToken } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { CopyButton } from "../../components/copy-button";
import { DialogButtons } from "../../components/dialog-buttons";
import { PasswordAgain, refusesPassword } from "./password-again";
import classes from "./settings.module.css";

const DAY = 86_400_000;
const spans = [7, 30, 90, 365] as const;
const NEVER = "never";

/** What a new token is for and may do; then its secret, this once. */
export function NewTokenForm({ list, onClose }: { list: TokenList; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [days, setDays] = useState("90");
  const [tried, setTried] = useState(false);
  const [password, setPassword] = useState("");
  const wantsPassword = list.needsPassword || refusesPassword(create.error); // the login may have grown old meanwhile
  if (create.data) return <Secret secret={create.data.secret} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim() || (!all && chosen.length === 0) || (wantsPassword && !password)) return;
    create.mutate({
      name: name.trim(),
      scopes: all ? ["*"] : [...chosen],
      ...(password ? { password } : {}),
      ...(days === NEVER ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY).toISOString() }),
    });
  };
  const toggle = (scope: string) =>
    setChosen(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  return (
    <form onSubmit={submit} noValidate className={classes.dialog}>
      {create.error && !refusesPassword(create.error) && <FaultBanner error={create.error} />}
      <TextInput
        label={t("tokens.name")}
        description={t("tokens.nameText")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={80}
        data-autofocus
        error={tried && !name.trim() ? t("tokens.nameMissing") : undefined}
      />
      <fieldset className={classes.scopes}>
        <legend>{t("tokens.may")}</legend>
        <SegmentedControl
          aria-label={t("tokens.may")}
          value={all ? "all" : "chosen"}
          onChange={(value) => setAll(value === "all")}
          data={[
            { value: "chosen", label: t("tokens.chosen") },
            { value: "all", label: t("tokens.everything") },
          ]}
        />
        {!all && (
          <div className={classes.scopeGrid}>
            {list.scopes.map((scope) => (
              <label key={scope} className={classes.check}>
                <input type="checkbox" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
                <code>{scope}</code>
              </label>
            ))}
          </div>
        )}
        {tried && !all && chosen.length === 0 && (
          <p role="alert" className={classes.error}>
            {t("tokens.scopesMissing")}
          </p>
        )}
      </fieldset>
      <Select
        label={t("tokens.expires")}
        value={days}
        onChange={(value) => setDays(value ?? NEVER)}
        data={[
          ...spans.map((count) => ({ value: String(count), label: t("tokens.days", { count }) })),
          { value: NEVER, label: t("tokens.forever") },
        ]}
      />
      {wantsPassword && <PasswordAgain value={password} onChange={setPassword} tried={tried} error={create.error} />}
      <DialogButtons>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" variant="filled" loading={create.isPending}>
          {t("tokens.make")}
        </Button>
      </DialogButtons>
    </form>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.dialog}>
      <p>{t("tokens.secretText")}</p>
      <div className={classes.line}>
        <code className={classes.key} data-testid="token-secret">
          {secret}
        </code>
        <CopyButton text={secret} />
      </div>
      <DialogButtons>
        <Button variant="filled" onClick={onClose} data-autofocus>
          {t("security.done")}
        </Button>
      </DialogButtons>
    </div>
  );
}
