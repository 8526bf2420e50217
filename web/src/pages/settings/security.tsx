import { useQuery } from "@tanstack/react-query";
import { securityQuery } from "../../api/security";
import { FaultBanner } from "../../components/banner";
import { RowsSkeleton } from "../../components/rows-skeleton";
import { Authenticator } from "./authenticator";
import { Linked } from "./linked";
import { Passkeys } from "./passkeys";
import { Recovery } from "./recovery";
import { SettingsPage } from "./settings-page";

/** Settings: what one logs in with besides the password. */
export function SecurityPage() {
  const { data: security, error, refetch } = useQuery(securityQuery);
  return (
    <SettingsPage>
      {error && <FaultBanner error={error} retry={refetch} />}
      {!security && !error && <RowsSkeleton rows={3} height={96} />}
      {security && (
        <>
          <Authenticator security={security} />
          <Passkeys security={security} />
          <Recovery security={security} />
          {security.signOn && <Linked account={security.signOn} />}
        </>
      )}
    </SettingsPage>
  );
}
