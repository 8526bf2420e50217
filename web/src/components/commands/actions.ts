import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { spaced, useCreateConnectionId } from "../../api/invites";
import { useLogOut, useMe, useUpdateMe } from "../../api/me";
import { useFaultText } from "../fault-text";

/** What an agent can do from anywhere in the console. */
export function useActions() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const faultText = useFaultText();
  const create = useCreateConnectionId();
  const update = useUpdateMe();
  const logOut = useLogOut();
  const say = (message: string) => notifications.show({ message });
  const onError = (error: unknown) => say(faultText(error).text);
  return {
    go: (to: string) => navigate(to),
    shareId: () => {
      navigate("/sessions");
      create.mutate(undefined, {
        onSuccess: ({ code }) => say(t("palette.idMade", { code: spaced(code) })),
        onError,
      });
    },
    copyLink: async () => {
      try {
        await navigator.clipboard.writeText(me.personalLink);
        say(t("palette.linkCopied"));
      } catch {
        say(t("action.copyFailed"));
      }
    },
    setTheme: (theme: "" | "light" | "dark") => update.mutate({ theme }, { onError }),
    setLanguage: (language: string) => update.mutate({ language }, { onError }),
    logOut: () => logOut.mutate(),
  };
}
export type Actions = ReturnType<typeof useActions>;
