import { Button } from "@mantine/core";
import { IconDeviceDesktop, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMakeUnattendedLink } from "../../api/unattended";
import { FaultBanner } from "../../components/banner";
import { useFormat } from "../../i18n/format";
import classes from "./add-computer.module.css";
import { Way } from "./add-way";

/** "Add this computer": the client comes with a code of its own, and sets up the computer that the agent sits at. */
export function OwnComputer({ first }: { first: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const make = useMakeUnattendedLink();
  const start = () => make.mutate({ kind: "own" }, { onSuccess: (made) => download(`${made.url}/download`) });
  return (
    <Way
      Icon={IconDeviceDesktop}
      title={t("add.ownTitle")}
      text={t("add.ownText")}
      act={
        <Button
          variant={first ? "filled" : "default"}
          leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
          loading={make.isPending}
          onClick={start}
        >
          {t("add.own")}
        </Button>
      }
    >
      {make.error && <FaultBanner error={make.error} />}
      {make.data && (
        <p role="status" className={classes.done}>
          {t("add.ownStarted", { time: format.time(make.data.expiresAt) })}{" "}
          <a href={make.data.url} target="_blank" rel="noreferrer">
            {t("add.ownPage")}
          </a>
        </p>
      )}
    </Way>
  );
}

/** Has the browser fetch a file; what is no file does not take the console's place. */
function download(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}
