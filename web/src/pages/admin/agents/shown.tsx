import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../../components/copy-button";
import { useFormat } from "../../../i18n/format";
import classes from "./agents.module.css";

/** A secret that is shown once, to be copied. */
export function Shown({ label, text }: { label: string; text: string }) {
  return (
    <div className={classes.shown}>
      <TextInput
        label={label}
        value={text}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
        classNames={{ root: classes.shownField, input: classes.secret }}
      />
      <CopyButton text={text} />
    </div>
  );
}

/** A link for an agent: whether it was mailed, and until when it works. */
export function LinkShown(props: {
  invitation: { url: string; expiresAt: string; mailed?: boolean };
  email: string;
  label: string;
}) {
  const { invitation, email, label } = props;
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p>{invitation.mailed ? t("agents.linkMailed", { email }) : t("agents.linkByHand")}</p>
      <Shown label={label} text={invitation.url} />
      <p className={classes.hint}>{t("agents.linkUntil", { time: format.stamp(invitation.expiresAt) })}</p>
    </>
  );
}
