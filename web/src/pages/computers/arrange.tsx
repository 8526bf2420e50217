import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import {
  type Computer,
  useMoveComputers,
  useRemoveComputers,
  useRemoveGroup,
  useUpdateComputers,
  useUpdateGroup,
  useWakeComputers,
} from "../../api/computers";
import { useMe } from "../../api/me";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { useFaultText } from "../../components/fault-text";
import { useFormat } from "../../i18n/format";
import type { Doing } from "./doing";
import { type Place, pathOf } from "./tree";

/** Moves at once what is moved among the same people; what others will see, or see no more, is asked first. */
export function useArrange(computers: readonly Computer[], ask: (doing: Doing) => void, onDone: () => void) {
  const { t } = useTranslation();
  const move = useMoveComputers();
  const update = useUpdateGroup();
  const wake = useWakeComputers();
  const faultText = useFaultText();
  const say = (message: string) => notifications.show({ message });
  const onError = (error: unknown) => say(faultText(error).text);
  return (doing: Doing) => {
    if (doing.what === "moveGroup")
      return update.mutate({ id: doing.id, change: { parentId: doing.to.groupId } }, { onError });
    if (doing.what === "wake")
      return wake.mutate(
        doing.computers.map((c) => c.id),
        {
          onError,
          onSuccess: (by) => {
            const [first] = doing.computers;
            say(t("computers.woken", { count: doing.computers.length, name: first?.name ?? "", by }));
            onDone();
          },
        },
      );
    if (doing.what !== "move") return ask(doing);
    const moved = computers.filter((c) => doing.ids.includes(c.id));
    if (moved.some((c) => c.visibility !== doing.to.visibility)) return ask(doing);
    move.mutate(placed(doing), {
      onError,
      onSuccess: () => {
        say(t("computers.moved", { count: moved.length, place: pathOf(doing.to).join(" › ") }));
        onDone();
      },
    });
  };
}

const placed = ({ ids, to }: { ids: string[]; to: Place }) => ({
  ids,
  groupId: to.groupId,
  visibility: to.visibility,
});

/** Asks before computers are shown to others or hidden from them, or computers or a group are removed. */
export function AskFirst(props: { doing: Doing | undefined; onClose: () => void; onDone: () => void }) {
  const { doing, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const move = useMoveComputers();
  const me = useMe();
  const remove = useRemoveComputers();
  const takeOver = useUpdateComputers();
  const removeGroup = useRemoveGroup();
  const shown = doing?.what === "move" && doing.to.visibility === "everyone";
  const then = (close: () => void) => ({
    onSuccess: () => {
      close();
      props.onDone();
    },
  });
  return (
    <>
      <ConfirmDialog
        about={doing?.what === "move" ? doing : undefined}
        title={({ ids, to }) =>
          t(to.visibility === "everyone" ? "computers.showTitle" : "computers.hideTitle", { count: ids.length })
        }
        text={({ to }) => t(to.visibility === "everyone" ? "computers.showText" : "computers.hideText")}
        button={t(shown ? "computers.showToEveryone" : "computers.showToMe")}
        harmless
        act={move}
        onConfirm={(one, close) => move.mutate(placed(one), then(close))}
        onClose={onClose}
      />
      <ConfirmDialog
        about={doing?.what === "remove" ? doing.computers : undefined}
        title={(all) => t("computers.removeTitle", { count: all.length, name: all[0]?.name ?? "" })}
        text={(all) => (
          <>
            {all.length > 1 && <strong>{format.list(all.map((c) => c.name))}. </strong>}
            {t("computers.removeText", { count: all.length })}
          </>
        )}
        button={t("computers.remove")}
        act={remove}
        onConfirm={(all, close) =>
          remove.mutate(
            all.map((c) => c.id),
            then(close),
          )
        }
        onClose={onClose}
      />
      <ConfirmDialog
        about={doing?.what === "takeOver" ? doing.computers : undefined}
        title={(all) => t("computers.takeOverTitle", { count: all.length, name: all[0]?.name ?? "" })}
        text={(all) => t("computers.takeOverText", { name: all[0]?.owner.name ?? "" })}
        button={t("computers.takeOver")}
        harmless
        act={takeOver}
        onConfirm={(all, close) =>
          takeOver.mutate(
            all.map((c) => ({ id: c.id, change: { ownerId: me.id } })),
            then(close),
          )
        }
        onClose={onClose}
      />
      <ConfirmDialog
        about={doing?.what === "removeGroup" ? doing.place : undefined}
        title={({ name }) => t("groups.removeTitle", { name })}
        text={({ parent }) => t("groups.removeText", { parent: parent?.name ?? "" })}
        button={t("groups.remove")}
        act={removeGroup}
        onConfirm={({ id }, close) => removeGroup.mutate(id, then(close))}
        onClose={onClose}
      />
    </>
  );
}
