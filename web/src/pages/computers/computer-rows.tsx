import { memo, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Computer } from "../../api/computers";
import type { Choosing } from "../../components/choice-column";
import { SortedGrid } from "../../components/grid/sorted-grid";
import { useMenuOfMany } from "../../components/menu-opener";
import { Tips } from "../../components/tips";
import { useColumns } from "./columns";
import { ComputerMenu } from "./computer-menu";
import type { Doing } from "./doing";
import { useDragRows } from "./drag";
import { wakeableOf } from "./wakeable";

const rowId = (computer: Computer) => computer.id;

interface ComputerRowsProps {
  all: Computer[];
  /** Those of them that are shown. */
  rows: Computer[];
  choosing: Choosing;
  onDo: (doing: Doing) => void;
}

/** The list of computers, of which there may be ten thousand: one menu, one tooltip and one dragging serve all rows. */
export const ComputerRows = memo(function ComputerRows({ all, rows, choosing, onDo }: ComputerRowsProps) {
  const { t } = useTranslation();
  const { menu, toggle, close } = useMenuOfMany();
  const columns = useColumns(choosing, toggle);
  const frame = useRef<HTMLDivElement>(null);
  useDragRows(frame, choosing.chosen);
  const about = useMemo(() => menu && rows.find((c) => c.id === menu.id), [menu, rows]);
  return (
    <Tips>
      <div ref={frame}>
        <SortedGrid label={t("nav.computers")} columns={columns} rows={rows} rowId={rowId} rowHeight={53} />
      </div>
      {menu && about && (
        <ComputerMenu
          computer={about}
          menu={menu}
          onClose={close}
          wakeable={wakeableOf(all).has(about.id)}
          onDo={onDo}
        />
      )}
    </Tips>
  );
});
