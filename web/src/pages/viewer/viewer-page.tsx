import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, take } from "../../api/client";
import { computerQuery } from "../../api/computer";
import type { ViewerTicket } from "../../api/schema.gen";
import { sessionQuery } from "../../api/sessions";
import { useTitle } from "../../components/use-title";
import { useAlwaysDark } from "../../theme/always-dark";
import type { Level } from "../../viewer/state";
import { ViewerScreen } from "./viewer-screen";

type Ask = (commitment: string, level: Level) => Promise<ViewerTicket>;

/** /sessions/:id/viewer: a view of a session that an end-user has begun. */
export function SessionViewerPage() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const { data: session } = useQuery(sessionQuery(id));
  const name = session?.endUserName || session?.userName || session?.computer || "";
  const ask = useCallback<Ask>(
    (commitment, level) =>
      take(api.POST("/api/sessions/{id}/viewers", { params: { path: { id } }, body: { commitment, level } })),
    [id],
  );
  useAlwaysDark();
  useTitle(name || t("nav.sessions"));
  return (
    <ViewerScreen
      key={id}
      name={name}
      detail={session?.endUserName ? session.computer : undefined}
      sessionId={id}
      ask={ask}
      back={{ to: "/sessions", label: t("viewer.backToSessions") }}
    />
  );
}

/** /computers/:id/viewer: opens an unattended computer. */
export function ComputerViewerPage() {
  const { t } = useTranslation();
  const id = useParams().id!;
  const computer = useQuery(computerQuery(id)).data?.computer;
  const [sessionId, setSessionId] = useState<string>();
  const ask = useCallback<Ask>(
    async (commitment, level) => {
      const ticket = await take(
        api.POST("/api/computers/{id}/viewers", { params: { path: { id } }, body: { commitment, level } }),
      );
      setSessionId(ticket.sessionId);
      return ticket;
    },
    [id],
  );
  useAlwaysDark();
  useTitle(computer?.name || t("nav.computers"));
  return (
    <ViewerScreen
      key={id}
      name={computer?.name ?? ""}
      detail={computer?.userName}
      sessionId={sessionId}
      ask={ask}
      back={{ to: "/computers", label: t("viewer.backToComputers") }}
    />
  );
}
