import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { computerQuery } from "../../api/computer";
import { type ComputerInDetail, type Inventory, isOthers } from "../../api/computers";
import { Fault } from "../../api/fault";
import { useMay, useMe } from "../../api/me";
import { Banner } from "../../components/banner";
import { DetailsAside, Facts } from "../../components/details-aside";
import { RelativeTime } from "../../components/relative-time";
import { ComputerStatusBadge } from "../../components/state";
import { useOpenViewer } from "../../components/use-open-viewer";
import { useFormat } from "../../i18n/format";
import classes from "./details.module.css";
import type { Doing } from "./doing";

interface DetailsProps {
  id: string;
  /** The names of the groups in which it stands, the root first. */
  path: string;
  onDo: (doing: Doing) => void;
  onClose: () => void;
}

/** All that is known of one computer, beside the list. */
export function Details({ id, path, onDo, onClose }: DetailsProps) {
  const { t } = useTranslation();
  const { data: details, error, refetch } = useQuery(computerQuery(id));
  const gone = error instanceof Fault && error.code === "not-found";
  return (
    <DetailsAside
      id={id}
      title={gone ? t("details.gone") : (details?.computer.name ?? t("computers.details"))}
      close={t("details.close")}
      onClose={onClose}
      loading={!details && !error}
      error={gone ? undefined : error}
      retry={refetch}
    >
      {gone && <p role="alert">{t("details.goneText")}</p>}
      {details && !gone && (
        <>
          <Standing details={details} path={path} onDo={onDo} />
          {details.inventory ? <Made of={details.inventory} /> : <p className={classes.none}>{t("details.none")}</p>}
        </>
      )}
    </DetailsAside>
  );
}

/** How it is now, and what agents have set. */
function Standing({ details, path, onDo }: { details: ComputerInDetail; path: string; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation();
  const { computer } = details;
  const me = useMe();
  const format = useFormat();
  const offline = computer.status === "offline";
  const others = isOthers(computer, me);
  return (
    <>
      <div className={classes.acts}>
        <ComputerStatusBadge status={computer.status} />
        {!offline && !others && <Connect id={computer.id} />}
        {offline && details.waker && (
          <Button onClick={() => onDo({ what: "wake", computers: [computer] })}>{t("computers.wake")}</Button>
        )}
        {others && me.role === "administrator" && (
          <Button onClick={() => onDo({ what: "takeOver", computers: [computer] })}>{t("computers.takeOver")}</Button>
        )}
      </div>
      {computer.clonedAt && (
        <div className={classes.cloned}>
          <Banner tone="bad">
            <strong>{t("cloned.note")}</strong>
            <p>{t("cloned.text", { time: format.stamp(computer.clonedAt) })}</p>
          </Banner>
        </div>
      )}
      {offline && (
        <p className={classes.waking}>
          {details.waker ? t("details.wakeBy", { name: details.waker }) : t("details.wakeNobody")}
        </p>
      )}
      <Facts
        facts={[
          [t("column.lastSeen"), offline && <RelativeTime time={computer.lastSeenAt} />],
          [t("details.place"), path],
          [
            t("column.owner"),
            computer.owner.disabled ? t("details.ownerDisabled", { name: computer.owner.name }) : computer.owner.name,
          ],
          [t("column.user"), computer.userName],
          [t("column.address"), computer.address],
          [t("computers.tags"), computer.tags.join(" · ")],
          [t("computers.note"), computer.note && <span className={classes.text}>{computer.note}</span>],
        ]}
      />
    </>
  );
}

function Connect({ id }: { id: string }) {
  const { t } = useTranslation();
  const open = useOpenViewer(`/computers/${id}/viewer`);
  if (!useMay("view")) return null;
  return (
    <Button variant="filled" {...open}>
      {t("sessions.connect")}
    </Button>
  );
}

/** What the computer says that it is made of. */
function Made({ of: made }: { of: Inventory }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Part title={t("details.hardware")}>
        <Facts
          facts={[
            [t("column.system"), made.system],
            [t("details.kernel"), [made.kernel, made.arch].filter(Boolean).join(" · ")],
            [t("details.model"), made.model],
            [t("details.processor"), made.processor],
            [t("details.cores"), made.cores > 0 && format.number(made.cores)],
            [t("details.memory"), made.memory > 0 && format.bytes(made.memory)],
            [t("details.booted"), made.bootedAt && <RelativeTime time={made.bootedAt} />],
            [t("details.client"), made.clientVersion],
          ]}
        />
      </Part>
      {made.disks.length > 0 && (
        <Part title={t("details.disks")}>
          <ul className={classes.list}>
            {made.disks.map((disk) => (
              <Disk key={`${disk.device} ${disk.mount}`} disk={disk} />
            ))}
          </ul>
        </Part>
      )}
      {made.networks.length > 0 && (
        <Part title={t("details.networks")}>
          <ul className={classes.list}>
            {made.networks.map((one) => (
              <li key={one.name}>
                <strong>{one.name}</strong>
                {one.mac && <code>{one.mac}</code>}
                {one.addresses.map((address) => (
                  <code key={address}>{address}</code>
                ))}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("details.users")}>
        {made.users.length === 0 ? (
          <p className={classes.waking}>{t("details.nobody")}</p>
        ) : (
          <ul className={classes.list}>
            {made.users.map((user) => (
              <li key={`${user.name} ${user.place} ${user.since}`}>
                <strong>{user.name}</strong>
                <span>{user.place}</span>
                {user.since && <RelativeTime time={user.since} />}
              </li>
            ))}
          </ul>
        )}
      </Part>
      <p className={classes.asOf}>{t("details.asOf", { time: format.exact(made.at) })}</p>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Disk({ disk }: { disk: Inventory["disks"][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const used = disk.size > 0 ? (disk.size - disk.free) / disk.size : 0;
  const free = t("details.free", { free: format.bytes(disk.free), size: format.bytes(disk.size) });
  return (
    <li>
      <strong>{disk.mount}</strong>
      <meter
        className={classes.meter}
        aria-label={disk.mount}
        aria-valuetext={free}
        min={0}
        max={1}
        value={used}
        data-full={used > 0.9 || undefined}
      />
      <span>{free}</span>
      <span>{[disk.device, disk.format].filter(Boolean).join(" · ")}</span>
    </li>
  );
}
