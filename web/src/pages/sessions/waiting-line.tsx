import { Button } from "@mantine/core";
import { IconArrowBarRight, IconCornerDownRight, IconScreenShare } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Participant, type Session, useSeparate, useShare } from "../../api/sessions";
import { FaultBanner } from "../../components/banner";
import { RelativeTime } from "../../components/relative-time";
import classes from "./waiting-line.module.css";

/** Who else opened the link and waits, below the row of the one who shares; the agent picks. */
export function WaitingLine({ session }: { session: Session }) {
  const { t } = useTranslation();
  const share = useShare();
  const separate = useSeparate();
  const waiting = session.line.filter((one) => !one.sharing);
  if (waiting.length === 0) return null;
  return (
    <div role="cell" className={classes.line}>
      <div className={classes.title}>{t("line.title", { count: waiting.length })}</div>
      <ul>
        {waiting.map((one) => (
          <Waiting
            key={one.participantId}
            one={one}
            busy={share.isPending && share.variables.participantId === one.participantId}
            onShare={() => share.mutate({ id: session.id, participantId: one.participantId })}
            moving={separate.isPending && separate.variables.participantId === one.participantId}
            onOwn={() => separate.mutate({ id: session.id, participantId: one.participantId })}
          />
        ))}
      </ul>
      {share.error && <FaultBanner error={share.error} />}
      {separate.error && <FaultBanner error={separate.error} />}
    </div>
  );
}

interface WaitingProps {
  one: Participant;
  busy: boolean;
  onShare: () => void;
  moving: boolean;
  onOwn: () => void;
}

function Waiting({ one, busy, onShare, moving, onOwn }: WaitingProps) {
  const { t } = useTranslation();
  const name = one.userName || one.computer;
  return (
    <li className={classes.one}>
      <IconCornerDownRight size={15} stroke={1.75} aria-hidden className={classes.turn} />
      <span className={classes.place}>{one.place > 0 ? one.place : ""}</span>
      <span className={classes.who} id={`waiting-${one.participantId}`}>
        <span className={classes.name}>{name}</span>
        <span className={classes.detail}>{[one.computer, one.system, one.address].filter(Boolean).join(" · ")}</span>
      </span>
      <span className={classes.since}>{one.online ? <RelativeTime time={one.joinedAt} /> : t("line.offline")}</span>
      {one.online && (
        <span className={classes.acts}>
          <Button
            size="compact-sm"
            leftSection={<IconScreenShare size={15} stroke={1.75} aria-hidden />}
            aria-describedby={`waiting-${one.participantId}`}
            loading={busy}
            onClick={onShare}
          >
            {t("line.share")}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconArrowBarRight size={15} stroke={1.75} aria-hidden />}
            aria-describedby={`waiting-${one.participantId}`}
            loading={moving}
            onClick={onOwn}
          >
            {t("line.own")}
          </Button>
        </span>
      )}
    </li>
  );
}
