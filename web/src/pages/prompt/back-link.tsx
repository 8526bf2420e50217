import { Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "react-router";
import toolbar from "../viewer/toolbar.module.css";
import type { Back } from "../viewer/viewer-screen";

/** The way back, where a viewer's toolbar has it. */
export function BackLink({ back }: { back: Back }) {
  return (
    <Tooltip label={back.label}>
      <Link to={back.to} className={toolbar.back} aria-label={back.label}>
        <IconArrowLeft size={17} stroke={1.75} aria-hidden />
      </Link>
    </Tooltip>
  );
}
