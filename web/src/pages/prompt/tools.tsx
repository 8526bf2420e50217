import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconDots,
  IconEraser,
  IconMaximize,
  IconMinimize,
  IconSearch,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFullScreen } from "../viewer/use-full-screen";
import classes from "./tools.module.css";
import type { useFontSize } from "./use-settings";

const icon = { size: 16, stroke: 1.75, "aria-hidden": true } as const;

interface ToolsProps {
  /** There is a terminal. */
  on: boolean;
  text: ReturnType<typeof useFontSize>;
  reader: boolean;
  onReader: (on: boolean) => void;
  onSearch: () => void;
  onClear: () => void;
  onEnter: () => void;
}

/** What acts on the terminal in front. */
export function Tools({ on, text, reader, onReader, onSearch, onClear, onEnter }: ToolsProps) {
  const { t } = useTranslation();
  const full = useFullScreen(false);
  const FullIcon = full.on ? IconMinimize : IconMaximize;
  const fullName = full.on ? t("viewer.leaveFullScreen") : t("viewer.fullScreen");
  const key = (name: string) => <kbd className={classes.key}>{name}</kbd>;
  return (
    <div className={classes.tools}>
      <Tooltip
        label={
          <>
            {t("prompt.search")} {key("Ctrl+Shift+F")}
          </>
        }
      >
        <ActionIcon
          aria-label={t("prompt.search")}
          aria-keyshortcuts="Control+Shift+F"
          disabled={!on}
          onClick={onSearch}
        >
          <IconSearch size={17} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={fullName}>
        <ActionIcon
          aria-label={fullName}
          onClick={() => {
            full.toggle();
            onEnter();
          }}
        >
          <FullIcon size={17} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={280} returnFocus={false}>
        <Tooltip label={t("action.more")}>
          <Menu.Target>
            <ActionIcon aria-label={t("action.more")}>
              <IconDots size={17} stroke={1.75} aria-hidden />
            </ActionIcon>
          </Menu.Target>
        </Tooltip>
        <Menu.Dropdown>
          <Menu.Item
            closeMenuOnClick={false}
            leftSection={<IconZoomIn {...icon} />}
            rightSection={key("Ctrl +")}
            onClick={text.larger}
          >
            {t("prompt.larger")}
          </Menu.Item>
          <Menu.Item
            closeMenuOnClick={false}
            leftSection={<IconZoomOut {...icon} />}
            rightSection={key("Ctrl −")}
            onClick={text.smaller}
          >
            {t("prompt.smaller")}
          </Menu.Item>
          <Menu.Item leftSection={<IconZoomReset {...icon} />} rightSection={key("Ctrl 0")} onClick={text.normal}>
            {t("prompt.normal")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.CheckboxItem checked={reader} onChange={onReader}>
            {t("prompt.reader")}
          </Menu.CheckboxItem>
          <Menu.Item leftSection={<IconEraser {...icon} />} disabled={!on} onClick={onClear}>
            {t("prompt.clear")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label className={classes.keys}>
            {t("prompt.copyKey")} {key("Ctrl+Shift+C")}
          </Menu.Label>
          <Menu.Label className={classes.keys}>
            {t("prompt.pasteKey")} {key("Ctrl+Shift+V")}
          </Menu.Label>
          <Menu.Label className={classes.keys}>
            {t("prompt.leaveKey")} {key("Ctrl+Alt+Shift")}
          </Menu.Label>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
