import { Button } from "@mantine/core";
import { IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp } from "@tabler/icons-react";
import { type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Screen } from "../../terminal/desk";
import classes from "./touch-keys.module.css";

const icon = { size: 18, stroke: 1.75, "aria-hidden": true } as const;
/** The keyboard on the screen stays where it is. */
const stay = (event: PointerEvent) => event.preventDefault();

/** The keys that a keyboard on a touch screen lacks. */
export function TouchKeys({ screen }: { screen: () => Screen | undefined }) {
  const { t } = useTranslation();
  const [control, setControl] = useState(false);
  return (
    <div className={classes.row} role="group" aria-label={t("prompt.keys")} onPointerDown={stay}>
      <Button variant="subtle" onClick={() => screen()?.press("escape")}>
        {t("prompt.keyEscape")}
      </Button>
      <Button variant="subtle" onClick={() => screen()?.press("tab")}>
        {t("prompt.keyTab")}
      </Button>
      <Button
        variant={control ? "light" : "subtle"}
        aria-pressed={control}
        onClick={() => screen()?.holdControl(setControl)}
      >
        {t("prompt.keyControl")}
      </Button>
      <Button variant="subtle" aria-label={t("prompt.keyLeft")} onClick={() => screen()?.press("left")}>
        <IconArrowLeft {...icon} />
      </Button>
      <Button variant="subtle" aria-label={t("prompt.keyUp")} onClick={() => screen()?.press("up")}>
        <IconArrowUp {...icon} />
      </Button>
      <Button variant="subtle" aria-label={t("prompt.keyDown")} onClick={() => screen()?.press("down")}>
        <IconArrowDown {...icon} />
      </Button>
      <Button variant="subtle" aria-label={t("prompt.keyRight")} onClick={() => screen()?.press("right")}>
        <IconArrowRight {...icon} />
      </Button>
    </div>
  );
}
